import type { Socket } from 'node:net';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Knex } from 'knex';
import { dateIn } from '../domain/calendar.ts';
import { type Entry, isOnTable, type TableEntry } from '../domain/catalogue.ts';
import { digestOf } from '../domain/digest.ts';
import type { Side } from '../domain/delivery-failure.ts';
import type { AnyManifest, Grant } from '../domain/grant.ts';
import { sharingAskOf, type SharingVerdict } from '../domain/sharing.ts';
import type { Attempted, WorkerMetrics } from '../metrics/worker.ts';
import type { Policies } from '../policies/policy.ts';
import { connectionOf, receivingSourceOf } from '../store/data-sources.ts';
import { pseudonymsOf } from '../sources/pseudonyms.ts';
import { linesFor } from '../store/sharing-lines.ts';
import { digestBefore } from '../store/manifests.ts';
import { grantWithEntry, noteDelivery } from '../store/transfers.ts';
import { openService } from './open-service.ts';
import { inTurn } from './source-turn.ts';
import type { DataSource } from './transfer/connector.ts';
import { databaseSource } from './transfer/databases.ts';
import { deliver as move } from './transfer/deliver.ts';
import type { SourceOrder } from './transfer/source-side.ts';
import { type Destinations, makeFile } from './transfer/file/make.ts';
import { TransferFailure } from './transfer/failures.ts';

/** Often enough for a person watching, seldom enough for the database. */
const PROGRESS_EVERY_MS = 500;
/**
 * How often a delivery that waits for others asks again, in milliseconds: for its turn, well within the time after which
 * its place would pass on; for people, so that they see soon that what they did was what it waited for.
 */
const ASKED_AGAIN_MS: Readonly<Record<string, number>> = {
  SourceBusy: 2_000,
  ServiceMissing: 5_000,
  KeyNotIssued: 5_000,
};

export interface DeliverDeps {
  readonly knex: Knex;
  readonly policies: Policies;
  readonly secretKey: Uint8Array;
  /** Connects to addresses that a department may name; absent: to any. */
  readonly guardedSocket?: () => Socket;
  /** Where files can go besides the platform itself. */
  readonly destinations?: Destinations;
  /** Absent: nothing is counted. */
  readonly metrics?: Pick<WorkerMetrics, 'attempt'>;
}

export interface DeliverInput {
  readonly grantId: string;
  readonly deliveryId: string;
  /** The whole set, also where an increment would do. */
  readonly isWhole?: true;
}

/**
 * Makes one delivery under a grant, after asking the policies whether exactly this may go now. Idempotent by the
 * delivery's id. Fails for good where a person has to act first; otherwise it is tried again.
 */
export function createDeliver(deps: DeliverDeps): (input: DeliverInput) => Promise<{ rows: number; sha256: string }> {
  return async (input) => {
    const { knex } = deps;
    const context = Context.current();
    const startedAt = new Date().toISOString();
    const running = { status: 'running', attempt: context.info.attempt, startedAt } as const;
    const count = counted(deps);
    let mode: Grant['mode'] | undefined;
    try {
      const { grant, entry } = await grantWithEntry(knex, input.grantId);
      mode = grant.mode;
      const { deliveryId, isWhole = false } = input;
      const begin = (): Promise<void> => noteDelivery(knex, deliveryId, running);
      const manifest =
        grant.mode === 'service'
          ? await openedService(deps, { grant, entry, deliveryId, startedAt })
          : await movedRows(deps, { grant, entry, deliveryId, isWhole, begin }, context);
      await noteDelivery(knex, deliveryId, {
        manifest,
        manifestDigest: digestOf(manifest),
        rowsDone: manifest.rows,
        rowsExpected: manifest.rows,
        reason: null,
      });
      count(mode, 'delivered', manifest);
      return { rows: manifest.rows, sha256: manifest.sha256 };
    } catch (error) {
      const failure = error instanceof TransferFailure ? error : new TransferFailure('Unknown', {}, error);
      count(mode, failure.code);
      throw await failed(knex, input.deliveryId, failure);
    }
  };
}

/** Counts one attempt, once it is over. */
function counted({ metrics }: Pick<DeliverDeps, 'metrics'>) {
  const start = performance.now();
  const end = metrics?.attempt();
  return (mode: string | undefined, outcome: string, manifest?: AnyManifest): void => {
    const moved: Attempted['moved'] = manifest && {
      isIncrement: manifest.changes !== undefined,
      rows: manifest.rows,
      bytes: manifest.bytes,
    };
    const attempt = { outcome, seconds: (performance.now() - start) / 1_000 };
    end?.({ ...attempt, ...(mode === undefined ? {} : { mode }), ...(moved ? { moved } : {}) });
  };
}

interface Asked {
  readonly grant: Grant;
  readonly entry: Entry;
  readonly deliveryId: string;
}

/** Throws SharingRefused unless exactly this may go now. */
async function allowed(
  { knex, policies }: DeliverDeps,
  { grant, entry }: Asked,
): Promise<SharingVerdict & { line: string }> {
  const lines = await linesFor(knex, grant.requester, grant.entryId);
  const verdict = policies.mayShare(lines, sharingAskOf(grant, entry, dateIn(new Date().toISOString())));
  const { line } = verdict;
  if (!verdict.allowed || line === undefined) throw new TransferFailure('SharingRefused', { why: verdict.why });
  return { ...verdict, line };
}

async function openedService(deps: DeliverDeps, asked: Asked & { readonly startedAt: string }): Promise<AnyManifest> {
  const { version: policyVersion, line: policyLine } = await allowed(deps, asked);
  const previous = (): Promise<string> => previousOf(deps.knex, asked.grant, asked.deliveryId);
  return openService(deps.knex, { ...asked, policyVersion, policyLine, previous });
}

async function movedRows(
  deps: DeliverDeps,
  { begin, ...asked }: Asked & { readonly isWhole: boolean; begin(): Promise<void> },
  context: Context,
): Promise<AnyManifest> {
  const { entry, deliveryId } = asked;
  if (!isOnTable(entry)) throw new TransferFailure('SharingRefused', { why: 'NotMounted' });
  const { sourceId } = entry.mount;
  return inTurn(deps.knex, { deliveryId, sourceId }, async () => {
    await begin();
    return attempt(deps, { ...asked, entry }, context);
  });
}

interface Attempt extends Asked {
  readonly entry: TableEntry;
  readonly isWhole: boolean;
}

async function attempt(
  deps: DeliverDeps,
  { grant, entry, deliveryId, isWhole }: Attempt,
  context: Context,
): Promise<AnyManifest> {
  const { knex, secretKey, guardedSocket, destinations = {} } = deps;
  const verdict = await allowed(deps, { grant, entry, deliveryId });
  const database = async (side: Side, id: string): Promise<DataSource> => {
    const { url, isTrusted } = await connectionOf(knex, id, secretKey);
    return databaseSource(side, id, url, isTrusted ? undefined : guardedSocket);
  };
  const progress = progressNotes(knex, deliveryId, context);
  try {
    const order: SourceOrder = {
      deliveryId,
      grant,
      entry,
      source: await database('source', entry.mount.sourceId),
      policyVersion: verdict.version,
      policyLine: verdict.line,
      pseudonyms: pseudonymsOf(secretKey, grant.id),
      previous: () => previousOf(knex, grant, deliveryId),
      now: () => new Date(),
      onProgress: progress.note,
      signal: context.cancellationSignal,
    };
    if (grant.mode === 'file') return await makeFile(knex, order, destinations);
    const targetId = await receivingSourceOf(knex, grant.requester);
    return await move({ ...order, isWhole, target: await database('target', targetId) });
  } finally {
    progress.stop();
  }
}

/** One that its grant has given up, asked for long ago by a worker that was away, would come between others. */
async function previousOf(knex: Knex, grant: Grant, deliveryId: string): Promise<string> {
  const digest = await digestBefore(knex, grant, deliveryId);
  if (digest === undefined) throw new TransferFailure('Cancelled');
  return digest;
}

/** Heartbeats as long as the delivery is alive, waiting for a lock included, and notes how far it is. */
function progressNotes(
  knex: Knex,
  deliveryId: string,
  context: Context,
): { note(at: { rows: number; rowsExpected: number }): void; stop(): void } {
  let latest: { rows: number; rowsExpected: number } | undefined;
  let written: typeof latest;
  const timer = setInterval(() => {
    context.heartbeat(latest?.rows ?? 0);
    if (latest === undefined || latest === written) return;
    written = latest;
    const { rows: rowsDone, rowsExpected } = latest;
    // Progress is worth nothing that a failing write would be worth stopping for: the delivery itself will tell.
    noteDelivery(knex, deliveryId, { rowsDone, rowsExpected }).catch(() => {});
  }, PROGRESS_EVERY_MS);
  return { note: (at) => (latest = at), stop: () => clearInterval(timer) };
}

/** The reason is kept where people look for it; the code travels in the history, the details do not. */
async function failed(knex: Knex, deliveryId: string, failure: TransferFailure): Promise<Error> {
  await noteDelivery(knex, deliveryId, {
    status: 'waiting',
    reason: { code: failure.code, params: failure.params },
  }).catch(() => {});
  const nextRetryDelay = ASKED_AGAIN_MS[failure.code];
  return ApplicationFailure.create({
    message: failure.code,
    type: failure.code,
    nonRetryable: !failure.retryable,
    ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }),
  });
}
