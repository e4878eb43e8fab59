import { type CaseState, type Command, SYSTEM } from '../case.ts';
import { addDays, epochMilliseconds } from '../civil-date.ts';
import type { Schedule } from '../schedule/schedule.ts';
import type { OpenAction } from './grant.ts';

/**
 * The command with which a grant begins. It follows from the case that gave it alone, so that recorder and workflow say the
 * same: it is given with the latest of the answers that it rests on.
 */
export function openingOf(given: CaseState, grantId: string): Command<OpenAction> {
  const { caseId, requester, form, grants } = given;
  const answers = Object.values(given.stages).flatMap(({ seats }) =>
    seats.flatMap(({ answer }) => (answer ? [answer.at] : [])),
  );
  const at = answers.toSorted((a, b) => epochMilliseconds(a) - epochMilliseconds(b)).at(-1);
  const grant = grants.find(({ id }) => id === grantId);
  if (!grant || at === undefined) throw new Error(`Case ${caseId} has not granted ${grantId}`);
  const subject = form.subjects?.find(({ id }) => id === grant.subject);
  const provider = subject?.provider ?? given.provider;
  if (!form.period) throw new Error(`Case ${caseId} grants something without a period`);
  const { from: validFrom, to: validTo } = form.period;
  return {
    id: `open:${grantId}`,
    at,
    actor: SYSTEM,
    do: {
      action: 'open',
      grantId,
      caseId,
      requester,
      provider,
      validFrom,
      validTo,
      ...offerOf(validFrom, validTo),
      ...scheduleOf(form.schedule, subject?.cycle),
    },
  };
}

/** Of several resources each has the cycle of its own entry. */
function scheduleOf(schedule: Schedule | undefined, cycle: string | undefined): { readonly schedule?: Schedule } {
  if (schedule === undefined) return {};
  return { schedule: schedule.kind === 'after-update' && cycle !== undefined ? { ...schedule, cycle } : schedule };
}

/** Days before the end of a period on which its renewal is offered: time enough for a request to pass its limits. */
const OFFERED_BEFORE = 30;

function offerOf(validFrom: string, validTo: string): { readonly renewalFrom?: string } {
  const renewalFrom = addDays(validTo, -OFFERED_BEFORE);
  return renewalFrom > validFrom ? { renewalFrom } : {};
}
