import { canonicalJson } from './canonical.ts';
import type { Capacity, CaseEvent, CaseState } from './case.ts';
import { sha256Hex } from './digest.ts';
import { chain, type Entry } from './journal.ts';
import { evolve } from './kernel/evolve.ts';
import { currentShape } from './kernel/upcast.ts';
import { type Task, tasksOf } from './tasks.ts';

/** What to replay: the stored history of a case, or one that is handed in to be held against what is recorded. */
export interface ReplayAsk {
  readonly caseId: string;
  /** Temporal's own JSON of a history; absent: the one that the server or the archive keeps. */
  readonly history?: string;
}

/**
 * `agrees`: the history, run through the workflow code again, decides exactly what is recorded, and the projection
 * shows it. `history-altered`: what the history's commands decide is not what the history says was recorded.
 * `record-differs`: history and record are each whole, but differ. `projection-differs`: the searchable rows show
 * something else. `not-replayable`: the workflow code cannot follow the history at all.
 */
export type ReplayVerdict =
  | 'agrees'
  | 'history-altered'
  | 'record-differs'
  | 'record-altered'
  | 'projection-differs'
  | 'not-replayable';

/** One decision as the replay made it again. */
export interface ReplayedDecision {
  readonly seq: number;
  readonly type: CaseEvent['type'];
  readonly at: string;
  readonly actor: string;
  readonly capacity: Capacity;
  readonly stage?: string;
  readonly verdict?: string;
  readonly reason?: string;
}

/** Where two accounts part: the sequence number of the event, and both values. */
export interface Difference {
  readonly seq?: number;
  readonly field: string;
  readonly replayed: string;
  readonly found: string;
}

export interface ReplayReport {
  readonly caseId: string;
  readonly verdict: ReplayVerdict;
  readonly events: number;
  readonly decisions: readonly ReplayedDecision[];
  readonly difference?: Difference;
  /** Where the record was altered, the first event that it has otherwise than the history: what was altered. */
  readonly altered?: Difference;
  /** Chained digest of the last event, as replayed. */
  readonly digest: string;
}

/** The accounts of a case that must agree. */
export interface Accounts {
  readonly caseId: string;
  /** What the workflow code decided when it ran the history again. */
  readonly replayed: readonly Entry<CaseEvent>[];
  /** What the history says was handed to the recorder. */
  readonly handedOver: readonly Entry<CaseEvent>[];
  /** What the database keeps, with the digests it keeps beside. */
  readonly recorded: readonly (Entry<CaseEvent> & { readonly digest: string })[];
  readonly projection: { readonly state: CaseState; readonly tasks: readonly Task[] } | undefined;
}

/** Holds the accounts against each other, the most telling difference first. `sha256` may be the platform's own, which is faster. */
export function compareAccounts(accounts: Accounts, sha256 = sha256Hex): ReplayReport {
  const { caseId, replayed, handedOver, recorded, projection } = accounts;
  const digests = chained(caseId, replayed, sha256);
  const report = (verdict: ReplayVerdict, difference?: Difference): ReplayReport => ({
    caseId,
    verdict,
    events: replayed.length,
    decisions: decisionsOf(replayed),
    ...(difference ? { difference } : {}),
    digest: digests.at(-1) ?? '',
  });
  const altered = firstDifference(replayed, handedOver);
  if (altered) return report('history-altered', altered);
  const broken = brokenLink(caseId, recorded, sha256);
  const differs = firstDifference(replayed, recorded);
  if (broken) return { ...report('record-altered', broken), ...(differs ? { altered: differs } : {}) };
  if (differs) return report('record-differs', differs);
  const shown = projectionDifference(replayed, projection);
  return shown ? report('projection-differs', shown) : report('agrees');
}

/** Whether a run went on from another state than the runs before it had come to; the state comes from outside a replay. */
export function resumedElsewhere(
  before: readonly Entry<CaseEvent>[],
  loaded: { readonly state: CaseState; readonly seq: number },
): Difference | undefined {
  return resumedApart(before, { ...loaded, state: currentShape(loaded.state) }, evolve);
}

/** The same for any machine; the state that was loaded is in the shape of now. */
export function resumedApart<S, E>(
  before: readonly Entry<E>[],
  loaded: { readonly state: S; readonly seq: number },
  evolves: (state: S | undefined, event: E) => S,
): Difference | undefined {
  let state: S | undefined;
  for (const { event } of before) state = evolves(state, event);
  const seq = before.at(-1)?.seq ?? 0;
  if (seq !== loaded.seq) return { seq, field: 'seq', replayed: String(seq), found: String(loaded.seq) };
  const [replayed, found] = [canonicalJson(state ?? null), canonicalJson(loaded.state)];
  return replayed === found ? undefined : { seq, field: 'state', replayed, found };
}

/** An event of any stream. */
type Told = Entry<{ readonly type: string }>;

/** The chained digest after each entry. */
function chained(streamId: string, entries: readonly Told[], sha256: typeof sha256Hex): string[] {
  let previous = '';
  return entries.map((entry) => {
    previous = chain(previous, streamId, bare(entry), sha256);
    return previous;
  });
}

function bare({ seq, commandId, event }: Told): Told {
  return { seq, commandId, event };
}

/** The first recorded event whose digest is not that of itself and the digest before it. */
export function brokenLink(
  streamId: string,
  recorded: readonly (Told & { readonly digest: string })[],
  sha256 = sha256Hex,
): Difference | undefined {
  const digests = chained(streamId, recorded, sha256);
  const index = recorded.findIndex((entry, at) => entry.digest !== digests[at]);
  const found = recorded[index];
  if (!found) return undefined;
  return { seq: found.seq, field: 'digest', replayed: digests[index] ?? '', found: found.digest };
}

/** Where two lists of events part, in whatever an event says or in their lengths. */
export function firstDifference(replayed: readonly Told[], found: readonly Told[]): Difference | undefined {
  for (let index = 0; index < Math.max(replayed.length, found.length); index += 1) {
    const [one, other] = [replayed[index], found[index]];
    const [left, right] = [one ? canonicalJson(bare(one)) : '', other ? canonicalJson(bare(other)) : ''];
    if (left === right) continue;
    return { seq: (one ?? other)?.seq ?? index + 1, ...fieldOf(one, other) };
  }
  return undefined;
}

/** The first member of the two events that differs, so that a person sees both values rather than two long texts. */
function fieldOf(one?: Told, other?: Told): Omit<Difference, 'seq'> {
  if (!one || !other) return { field: 'event', replayed: one?.event.type ?? '–', found: other?.event.type ?? '–' };
  const left: Record<string, unknown> = { commandId: one.commandId, ...one.event };
  const right: Record<string, unknown> = { commandId: other.commandId, ...other.event };
  for (const field of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const [replayed, found] = [left[field], right[field]].map((value) => canonicalJson(value ?? null));
    if (replayed !== undefined && found !== undefined && replayed !== found) return { field, replayed, found };
  }
  return { field: 'seq', replayed: String(one.seq), found: String(other.seq) };
}

/** Where the rows that people search show something else than events make of the case. */
export function projectionDifference(
  replayed: readonly Entry<CaseEvent>[],
  projection: Accounts['projection'],
): Difference | undefined {
  let state: CaseState | undefined;
  for (const { event } of replayed) state = evolve(state, event);
  if (!state || !projection) {
    return { field: 'case', replayed: state?.status ?? '–', found: projection?.state.status ?? '–' };
  }
  const parts: [string, unknown, unknown][] = [
    ['state', state, projection.state],
    ['tasks', byId(tasksOf(state)), byId(projection.tasks)],
  ];
  for (const [field, left, right] of parts) {
    const [one, other] = [canonicalJson(left), canonicalJson(right)];
    if (one !== other) return { field, replayed: one, found: other };
  }
  return undefined;
}

function byId(tasks: readonly Task[]): Record<string, Task> {
  return Object.fromEntries(tasks.map((task) => [task.id, task]));
}

/** What people decided, in order: who, in what capacity, when and why. */
export function decisionsOf(entries: readonly Entry<CaseEvent>[]): ReplayedDecision[] {
  return entries.flatMap(({ seq, event }): ReplayedDecision[] => {
    if (!('actor' in event)) return [];
    const { type, at, actor, capacity } = event;
    const reason = reasonOf(event);
    return [
      {
        seq,
        type,
        at,
        actor,
        capacity,
        ...('stage' in event ? { stage: event.stage } : {}),
        ...('verdict' in event ? { verdict: event.verdict } : {}),
        ...(reason === undefined ? {} : { reason }),
      },
    ];
  });
}

/** What somebody said with what they did. */
function reasonOf(event: Extract<CaseEvent, { actor: string }>): string | undefined {
  if (event.type === 'answered' && event.reason) return `${event.reason.code}: ${event.reason.text}`;
  if (event.type === 'answered' && event.refused) {
    const refused = event.refused.map(({ itemId, reason }) => `${itemId}: ${reason}`);
    return [...(event.opinion === undefined ? [] : [event.opinion]), ...refused].join('; ');
  }
  if (event.type === 'supplementAsked') return event.missing.map(({ part, text }) => `${part}: ${text}`).join('; ');
  if ('opinion' in event) return event.opinion;
  if (event.type === 'commented') return event.text;
  if ('reason' in event) return typeof event.reason === 'string' ? event.reason : undefined;
  return 'note' in event ? event.note : undefined;
}
