import type { Knex } from 'knex';
import { dateIn } from '../../../domain/calendar.ts';
import { addDays, dayNumber } from '../../../domain/civil-date.ts';
import { findCase } from '../../../store/cases.ts';
import { findForm } from '../../../store/forms.ts';
import type { GrantRow } from '../../../store/grants.ts';
import { Problem } from '../../problem.ts';

/**
 * What was asked for, once more: a renewal for as long again from the day after the end, or from today if that has
 * passed; a change from today to the end that it has. Warranties are given anew by whoever files it.
 */
export async function successorOf(
  db: Knex,
  { caseId, body }: GrantRow,
  { as, at }: { readonly as: 'change' | 'renewal'; readonly at: string },
) {
  const row = await findCase(db, caseId, { all: true });
  const stored = row && (await findForm(db, row.formId, row.formVersion));
  if (!stored) throw new Problem('NotFound');
  const { entryVersion: _, attachments, ...rest } = stored.body;
  const { validFrom, validTo } = body;
  const today = dateIn(at);
  const length = dayNumber(validTo) - dayNumber(validFrom);
  const after = addDays(validTo, 1);
  const from = as === 'change' || after < today ? today : after;
  const to = as === 'change' && validTo >= today ? validTo : addDays(from, length);
  return {
    ...rest,
    period: { from, to },
    warranties: { true: false, lawful: false, necessary: false },
    attachments: attachments.map(({ id }) => id),
    follows: { caseId, as },
  };
}
