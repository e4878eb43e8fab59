import type { Knex } from 'knex';
import type { Replayer } from './activities/replay.ts';
import { type Parting, reconcile, type StreamAccounts } from './domain/reconcile.ts';
import type { Difference } from './domain/replay.ts';
import type { HistoryStore } from './history-keeper.ts';
import { grantNumberOf, withoutNumber } from './store/numbers.ts';
import { isOfTheEvent } from './store/outage.ts';
import { eventsOf } from './store/record.ts';
import { type KnownStream, knownStreams, recoverStream, withoutForm } from './store/recovery.ts';
import { sha256, StreamConflict } from './store/stream.ts';
import { caseWorkflowId, grantWorkflowId } from './workflows/messages.ts';

/** A stream whose histories and record part, or whose rows cannot be built: `unfounded`, for want of what they rest on. */
export interface Parted extends Difference {
  readonly kind: string;
  readonly streamId: string;
  readonly verdict: Parting | 'unfounded';
}

export interface Recovered {
  /** Streams to look at; less are found where a workflow has not recorded anything. */
  readonly of: number;
  /** Streams whose every event is in a history that the server keeps. */
  readonly fromHistories: number;
  /** Streams of which some or all runs are not kept any more: what those brought is as it is recorded. */
  readonly fromRecords: number;
  /** Events that were missing and are recorded now. */
  readonly appended: number;
  /** Streams that were left as they are. */
  readonly differing: readonly Parted[];
}

export interface RecoveryDeps {
  readonly knex: Knex;
  readonly histories: Pick<HistoryStore, 'workflows' | 'keptRuns'>;
  readonly replayer: Replayer;
}

/** Streams read at once; what follows from them is written one after another, so that numbers are given in order. */
const AT_ONCE = 4;

/**
 * Takes the events of every stream from its workflow's histories, holds them against what is recorded, records what is
 * missing and builds again what follows. A stream where the two part is told of and left as it is. Each stream is done or
 * not begun, so that it may be stopped at any instant and begun again.
 */
export async function recover(deps: RecoveryDeps, onProgress?: (done: Recovered) => void): Promise<Recovered> {
  const streams = await streamsIn(deps);
  let done: Recovered = { of: streams.length, fromHistories: 0, fromRecords: 0, appended: 0, differing: [] };
  for (let at = 0; at < streams.length; at += AT_ONCE) {
    const accounts = await Promise.all(streams.slice(at, at + AT_ONCE).map((stream) => accountsOf(deps, stream)));
    for (const one of accounts) done = { ...done, ...(await settle(deps, one, done)) };
    onProgress?.(done);
  }
  return done;
}

type Stream = Pick<KnownStream, 'kind' | 'streamId'> & { readonly hasRow: boolean };

/** Of the server and of the database, cases before the grants that they give, each in the order in which they began. */
async function streamsIn({ knex, histories }: RecoveryDeps): Promise<Stream[]> {
  const [known, workflows] = [await knownStreams(knex), await histories.workflows()];
  const found = new Map<string, Stream & { readonly since: Date }>();
  for (const one of known) found.set(workflowIdOf(one), { ...one, hasRow: true });
  for (const { workflowId, startedAt } of workflows) {
    const slash = workflowId.indexOf('/');
    const [kind, streamId] = [workflowId.slice(0, slash), workflowId.slice(slash + 1)];
    const one = found.get(workflowId) ?? { kind, streamId, since: startedAt, hasRow: false };
    // Its first run may be gone by now.
    found.set(workflowId, one.since < startedAt ? one : { ...one, since: startedAt });
  }
  const inOrder = [...found.values()].toSorted((a, b) => a.since.getTime() - b.since.getTime());
  const grants = inOrder.filter(({ kind }) => kind === 'grant');
  await numberGrants(knex, grants);
  return [...inOrder.filter(({ kind }) => kind !== 'grant'), ...grants];
}

/** Their cases do not come in the order in which the grants were given. */
async function numberGrants(knex: Knex, grants: readonly (Stream & { readonly since: Date })[]): Promise<void> {
  const since = new Map(grants.map((one) => [one.streamId, one.since]));
  for (const id of await withoutNumber(knex, [...since.keys()])) {
    const at = since.get(id);
    if (at) await grantNumberOf(knex, id, at.toISOString());
  }
}

function workflowIdOf({ kind, streamId }: Pick<Stream, 'kind' | 'streamId'>): string {
  return kind === 'grant' ? grantWorkflowId(streamId) : caseWorkflowId(kind, streamId);
}

type Accounts = StreamAccounts & Stream;

async function accountsOf({ knex, histories, replayer }: RecoveryDeps, stream: Stream): Promise<Accounts> {
  // Before the histories: whatever is recorded was handed over by then.
  const recorded = (await eventsOf(knex, stream.streamId)).map(({ recordedAt: _, ...entry }) => entry);
  const { runs, isWhole } = await histories.keptRuns(workflowIdOf(stream));
  const replayed = [];
  for (const run of runs) replayed.push(await replayer.replay(run));
  return { ...stream, runs: replayed, isWhole, recorded };
}

async function settle(
  deps: RecoveryDeps,
  accounts: Accounts,
  done: Recovered,
  isAgain = false,
): Promise<Partial<Recovered>> {
  const { knex } = deps;
  const { kind, streamId, hasRow, recorded, isWhole } = accounts;
  const parted = (verdict: Parted['verdict'], difference: Difference): Partial<Recovered> => ({
    differing: [...done.differing, { kind, streamId, verdict, ...difference }],
  });
  const reconciled = reconcile(accounts, sha256);
  if ('verdict' in reconciled) return parted(reconciled.verdict, reconciled.difference);
  const { missing } = reconciled;
  const events = missing.flat();
  if (events.length + recorded.length === 0) {
    return hasRow ? parted('unfounded', { field: 'event', replayed: '–', found: '–' }) : {};
  }
  const lost = await withoutForm(knex, events);
  if (lost) return parted('unfounded', { seq: lost.seq, field: 'form', replayed: lost.form, found: '–' });
  try {
    await recoverStream(knex, { kind, streamId, missing });
  } catch (error) {
    const conflicts = error instanceof StreamConflict;
    if (!conflicts && !isOfTheEvent(error)) throw error;
    // Its workflow may have recorded the first of its events at this very moment.
    if (!isAgain) return settle(deps, await accountsOf(deps, accounts), done, true);
    const difference = { field: conflicts ? 'event' : 'row', replayed: (error as Error).message, found: '–' };
    return parted(conflicts ? 'record-differs' : 'unfounded', difference);
  }
  const from = isWhole ? 'fromHistories' : 'fromRecords';
  return { [from]: done[from] + 1, appended: done.appended + events.length };
}
