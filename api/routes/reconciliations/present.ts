import type { Entry } from '../../../domain/catalogue.ts';
import type { Actor } from '../../../domain/language.ts';
import { decisionsFor } from '../../../domain/reconciliation/settling.ts';
import type { Side } from '../../../domain/reconciliation/spec.ts';
import type { Department } from '../../../store/departments.ts';
import type { DifferenceRow, SettlementRow } from '../../../store/reconciliation-differences.ts';
import type { Reconciliation } from '../../../store/reconciliations.ts';
import { messageOf } from '../../fault-messages.ts';
import type { Locale } from '../../problem.ts';
import { type Policies, reachOf } from '../../reach.ts';
import { isSecret } from '../../reconciliation/compare.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentPerson } from '../cases/present.ts';
import { presentDepartment } from '../departments/present.ts';

export interface ReconciliationContext {
  readonly actor: Actor;
  readonly locale: Locale;
  readonly policies: Policies;
  readonly departments: readonly Department[];
  readonly names: ReadonlyMap<string, string>;
}

/** Whether the actor may have these two departments' data compared: the authority, or the provider of both. */
export function mayRun(policies: Policies, actor: Actor, providers: Readonly<Record<Side, string>>): boolean {
  return [providers.left, providers.right].every((one) => policies.may(actor, 'run', 'reconciliation', one));
}

export function maySettle(policies: Policies, actor: Actor, { left, right }: Readonly<Record<Side, string>>): boolean {
  const isProviders = actor.department === left || actor.department === right;
  return isProviders && reachOf(policies, actor, { action: 'settle', object: 'reconciliation' }) !== 'none';
}

export function presentReconciliation(
  one: Reconciliation,
  { open, settled }: { readonly open: number; readonly settled: number },
  { actor, locale, policies, departments, names }: ReconciliationContext,
) {
  const { id, name, spec, status, run, rowsDone, counts, failure } = one;
  const isIdle = status === 'done' || status === 'failed';
  const sideOf = (side: Side) => ({
    entryId: spec[side].entryId,
    href: `/api/catalogue/${spec[side].entryId}`,
    provider: presentDepartment(one[side], departments),
  });
  return {
    id,
    name,
    spec,
    left: sideOf('left'),
    right: sideOf('right'),
    status,
    run,
    rowsDone,
    counts,
    open,
    settled,
    failure: failure && {
      code: failure.code,
      side: failure.side ?? null,
      message: messageOf({ pointer: '', code: failure.code }, locale),
    },
    createdBy: presentPerson(one.createdBy, names),
    createdAt: timeOf(one.createdAt),
    startedAt: timeOrNull(one.startedAt),
    endedAt: timeOrNull(one.endedAt),
    actions: [
      ...(isIdle && mayRun(policies, actor, one) ? [{ action: 'run' as const }] : []),
      ...(run > 0 && maySettle(policies, actor, one) ? [{ action: 'settle' as const }] : []),
    ],
  };
}

/** The entries as they stand: what has become sensitive, or is not shared any more, is not shown from then on. */
export type CurrentEntries = Readonly<Record<Side, Entry | undefined>>;

/** What of a difference a caller may see: values of the own side, and of the other's where any department may have them. */
export function presentDifference(
  row: DifferenceRow,
  { one, entries }: { readonly one: Reconciliation; readonly entries: CurrentEntries },
  context: ReconciliationContext,
) {
  const { actor, policies } = context;
  const { id, kind, state, body, explanations, digest, firstRun, lastRun } = row;
  const sees = { left: seesSide(entries.left, actor), right: seesSide(entries.right, actor) };
  const holds = { left: isHeld(row, 'left'), right: isHeld(row, 'right') };
  const seesKey = (sees.left && holds.left) || (sees.right && holds.right);
  const decisions = decisionsFor({ kind, department: actor.department, providers: one });
  const isOthers = row.settlement !== null && row.settlement.department !== actor.department;
  const isOffered = state !== 'gone' && !isOthers && maySettle(policies, actor, one) && decisions.length > 0;
  return {
    id,
    kind,
    state,
    key: seesKey ? body.key : null,
    values:
      kind === 'repeated'
        ? []
        : one.spec.compare.map((pair, index) => {
            const secret = isSecret(pair, { left: itemsOf(entries.left), right: itemsOf(entries.right) });
            const hiddenOn = (side: Side) => {
              if (!holds[side]) return null;
              if (secret) return 'sensitive' as const;
              return sees[side] ? null : ('not-shared' as const);
            };
            const hidden = { left: hiddenOn('left'), right: hiddenOn('right') };
            const valueOn = (side: Side) => (hidden[side] === null ? (body[side]?.[index] ?? null) : null);
            const differs = body.differs?.includes(index) ?? false;
            return { left: valueOn('left'), right: valueOn('right'), differs, hidden };
          }),
    times: body.times ?? null,
    // The code that they are about is told by them.
    explanations: seesKey ? explanations : [],
    seen: seenOf(digest),
    firstRun,
    lastRun,
    settlement: row.settlement && presentSettlement(row.settlement, context),
    earlier: row.earlier.map((said) => presentSettlement({ ...said, at: new Date(said.at) }, context)),
    actions: isOffered ? [{ action: 'settle' as const, decisions }] : [],
  };
}

export function seenOf(digest: string): string {
  return digest.slice(0, 16);
}

/** R809 Art.12: unconditional is for any department; what a department may have by a grant it sees in what is delivered. */
function seesSide(entry: Entry | undefined, { department }: Actor): boolean {
  return entry !== undefined && (entry.provider === department || entry.shareType === 'unconditional');
}

function isHeld({ kind, body }: DifferenceRow, side: Side): boolean {
  if (kind === 'repeated') return (body.times?.[side] ?? 0) > 0;
  return kind === 'differs' || kind === `only-${side}`;
}

function itemsOf(entry: Entry | undefined): Pick<Entry, 'items'> {
  return entry ?? { items: [] };
}

function presentSettlement(
  { person, department, at, ...rest }: SettlementRow,
  { names, departments }: ReconciliationContext,
) {
  return {
    ...rest,
    by: presentPerson(person, names),
    department: presentDepartment(department, departments),
    at: timeOf(at),
  };
}
