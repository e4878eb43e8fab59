import type { Knex } from 'knex';
import type { Fault } from '../../domain/language.ts';
import { RECONCILIATION } from '../../domain/processes/reconciliation.ts';
import type { CaseRow } from '../../store/cases.ts';
import { findForm } from '../../store/forms.ts';
import { countStates } from '../../store/reconciliation-differences.ts';
import { findReconciliation } from '../../store/reconciliations.ts';
import { Problem } from '../problem.ts';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** What is wrong with a field that names a reconciliation of an entry, where it says something. */
export async function faultsOfNamed(
  db: Knex,
  {
    pointer,
    named,
    entryId,
  }: { readonly pointer: string; readonly named: unknown; readonly entryId: string | undefined },
): Promise<Fault[]> {
  if (typeof named !== 'string' || named === '') return [];
  const found = UUID.test(named) ? await findReconciliation(db, named, { all: true }) : undefined;
  const isOfEntry = found && [found.spec.left.entryId, found.spec.right.entryId].includes(entryId ?? '');
  return isOfEntry ? [] : [{ pointer, code: 'UnknownReconciliation' }];
}

/** Whether the answer of a case depends on how its reconciliation stands. */
export function isReconciliationCase({ kind }: Pick<CaseRow, 'kind'>): boolean {
  return kind === RECONCILIATION.id;
}

/** @throws {Problem} DifferencesOpen while the reconciliation that the case is about has differences that nobody has settled */
export async function requireSettled(db: Knex, row: CaseRow): Promise<void> {
  const form = await findForm<{ readonly reconciliation: string }>(db, row.formId, row.formVersion);
  if (!form) throw new Error(`Case ${row.id} has no form`);
  const { open } = await countStates(db, form.body.reconciliation);
  if (open > 0) throw new Problem('DifferencesOpen');
}
