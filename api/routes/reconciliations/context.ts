import { findEntry } from '../../../store/catalogue.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { countStates, type DifferenceRow } from '../../../store/reconciliation-differences.ts';
import { findReconciliation, type Reconciliation } from '../../../store/reconciliations.ts';
import type { CallerCall } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import type { RouteDeps } from '../deps.ts';
import {
  type CurrentEntries,
  presentDifference,
  presentReconciliation,
  type ReconciliationContext,
} from './present.ts';

export type ReconciliationDeps = Pick<RouteDeps, 'db' | 'policies' | 'departments'>;
type Call = Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'locale'>;

/** @throws {Problem} NotFound, also for one that is not the caller’s to see */
export async function existing(
  { db, policies }: ReconciliationDeps,
  id: string,
  { actor }: Call,
): Promise<Reconciliation> {
  const found = await findReconciliation(db, id, viewerOf(policies, actor, 'reconciliation'));
  if (!found) throw new Problem('NotFound');
  return found;
}

async function contextOf(
  { db, policies, departments }: ReconciliationDeps,
  { actor, locale }: Call,
  people: readonly string[],
): Promise<ReconciliationContext> {
  const [names, known] = await Promise.all([namesOfPeople(db, [...people]), departments()]);
  return { actor, locale, policies, names, departments: known };
}

export async function shown(deps: ReconciliationDeps, one: Reconciliation, call: Call) {
  const [counts, context] = await Promise.all([countStates(deps.db, one.id), contextOf(deps, call, [one.createdBy])]);
  return presentReconciliation(one, counts, context);
}

/** Differences as the caller may see them, by the entries as they stand now. */
export async function differencesShown(
  deps: ReconciliationDeps,
  { one, rows }: { readonly one: Reconciliation; readonly rows: readonly DifferenceRow[] },
  call: Call,
) {
  const people = rows.flatMap(({ settlement, earlier }) => [
    ...(settlement ? [settlement.person] : []),
    ...earlier.map(({ person }) => person),
  ]);
  const [left, right, context] = await Promise.all([
    findEntry(deps.db, one.spec.left.entryId),
    findEntry(deps.db, one.spec.right.entryId),
    contextOf(deps, call, people),
  ]);
  const entries: CurrentEntries = { left, right };
  return rows.map((row) => presentDifference(row, { one, entries }, context));
}
