import type { CaseEvent, CaseState } from './case.ts';
import { sha256Hex } from './digest.ts';
import type { Entry, StreamKind } from './journal.ts';
import { type GrantEvent, grantMachine, type GrantState } from './kernel/grant.ts';
import { brokenLink, type Difference, firstDifference, resumedApart, resumedElsewhere } from './replay.ts';

export type StreamEvent = CaseEvent | GrantEvent;
type Batches = readonly (readonly Entry<StreamEvent>[])[];

/** What a run of a workflow says of its stream, replayed. */
export interface RunAccount {
  /** What the workflow code decided when it ran the history again. */
  readonly replayed: readonly Entry<StreamEvent>[];
  /** What the history says was handed to the recorder. */
  readonly batches: Batches;
  /** Where a run that continues another says that it went on from. */
  readonly loaded?: { readonly state: CaseState | GrantState; readonly seq: number };
  /** Where what the code tells again is not what the history says was told, besides the events. */
  readonly apart?: Difference;
  /** Why the workflow code could not follow the history. */
  readonly error?: string;
}

/** A stream as its workflow's histories tell it, and as it is recorded. */
export interface StreamAccounts {
  readonly kind: StreamKind;
  readonly streamId: string;
  /** The runs that are kept, in order. */
  readonly runs: readonly RunAccount[];
  /** Whether they begin with the first one. */
  readonly isWhole: boolean;
  /** Read before the histories, so that it is never ahead of them while the workflow goes on. */
  readonly recorded: readonly (Entry<StreamEvent> & { readonly digest: string })[];
}

/** As a replay says it; nothing here is about rows that follow from events. */
export type Parting = 'not-replayable' | 'history-altered' | 'record-altered' | 'record-differs';

export type Reconciled =
  /** What is handed over and not recorded, in the batches in which it was handed over. */
  { readonly missing: Batches } | { readonly verdict: Parting; readonly difference: Difference };

/**
 * Holds what is recorded of a stream against its histories. Events at the end that the record does not have are missing: a
 * database that was restored has fewer. Whatever else parts the two is a difference. Events of runs that are not kept are
 * taken as they are recorded, if the state that the next run went on from is what they come to.
 */
export function reconcile(accounts: StreamAccounts, sha256 = sha256Hex): Reconciled {
  const { kind, streamId, runs, isWhole, recorded } = accounts;
  const told: Entry<StreamEvent>[] = [];
  const batches: (readonly Entry<StreamEvent>[])[] = [];
  for (const [nth, run] of runs.entries()) {
    const { error, loaded, replayed, apart } = run;
    if (error !== undefined) return parting('not-replayable', { field: 'workflow', replayed: error, found: '–' });
    if (apart) return parting('history-altered', apart);
    const isBefore = nth === 0 && !isWhole;
    if (isBefore) told.push(...recorded.slice(0, loaded?.seq ?? recorded.length));
    const resumed = loaded && resumedIn(kind, told, loaded);
    if (resumed) return parting(isBefore ? 'record-differs' : 'history-altered', resumed);
    const handedOver = kind === 'grant' ? [...begunIn(run), ...run.batches] : run.batches;
    const entries = handedOver.flat();
    // What was decided last may still wait to be handed over.
    const altered = firstDifference(replayed.slice(0, entries.length), entries);
    if (altered) return parting('history-altered', altered);
    told.push(...entries);
    batches.push(...handedOver);
  }
  const broken = brokenLink(streamId, recorded, sha256);
  if (broken) return parting('record-altered', broken);
  if (runs.length === 0) return { missing: [] };
  const differs = firstDifference(told.slice(0, recorded.length), recorded);
  if (differs) return parting('record-differs', differs);
  const missing = batches.map((batch) => batch.filter(({ seq }) => seq > recorded.length));
  return { missing: missing.filter((batch) => batch.length > 0) };
}

function parting(verdict: Parting, difference: Difference): Reconciled {
  return { verdict, difference };
}

function resumedIn(
  kind: StreamKind,
  before: readonly Entry<StreamEvent>[],
  loaded: NonNullable<RunAccount['loaded']>,
): Difference | undefined {
  if (kind !== 'grant') {
    return resumedElsewhere(before as readonly Entry<CaseEvent>[], { ...loaded, state: loaded.state as CaseState });
  }
  const { evolve } = grantMachine;
  return resumedApart(before as readonly Entry<GrantEvent>[], { ...loaded, state: loaded.state as GrantState }, evolve);
}

/** What a grant begins with is recorded with the case that gave it, and so handed over by no run: the events of its first command. */
function begunIn({ replayed, batches, loaded }: RunAccount): Batches {
  const [first] = replayed;
  if (!first || loaded || batches[0]?.[0]?.seq === first.seq) return [];
  return [replayed.filter(({ commandId }) => commandId === first.commandId)];
}
