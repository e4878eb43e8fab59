import type { Socket } from 'node:net';
import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Knex } from 'knex';
import { dateIn } from '../domain/calendar.ts';
import { isOnTable } from '../domain/catalogue.ts';
import { digestOf } from '../domain/digest.ts';
import type { Side } from '../domain/delivery-failure.ts';
import type { FileManifest, Manifest } from '../domain/grant.ts';
import { sharingAskOf } from '../domain/sharing.ts';
import type { Policies } from '../policies/policy.ts';
import { connectionOf, receivingSourceOf } from '../store/data-sources.ts';
import { linesFor } from '../store/sharing-lines.ts';
import { grantWithEntry, noteDelivery } from '../store/transfers.ts';
import { type DataSource, postgresSource } from './transfer/connector.ts';
import { deliver as move, type SourceOrder } from './transfer/deliver.ts';
import { type Destinations, makeFile } from './transfer/file/make.ts';
import { TransferFailure } from './transfer/failures.ts';

/** Often enough for a person watching, seldom enough for the database. */
const PROGRESS_EVERY_MS = 500;

export interface DeliverDeps {
  readonly knex: Knex;
  readonly policies: Policies;
  readonly secretKey: Uint8Array;
  /** Connects to addresses that a department may name; absent: to any. */
  readonly guardedSocket?: () => Socket;
  /** Where files can go besides the platform itself. */
  readonly destinations?: Destinations;
}

export interface DeliverInput {
  readonly grantId: string;
  readonly deliveryId: string;
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
    await noteDelivery(knex, input.deliveryId, { status: 'running', attempt: context.info.attempt, startedAt });
    try {
      const manifest = await attempt(deps, input, context);
      await noteDelivery(knex, input.deliveryId, {
        manifest,
        manifestDigest: digestOf(manifest),
        rowsDone: manifest.rows,
        rowsExpected: manifest.rows,
        reason: null,
      });
      return { rows: manifest.rows, sha256: manifest.sha256 };
    } catch (error) {
      throw await failed(knex, input.deliveryId, error);
    }
  };
}

async function attempt(
  deps: DeliverDeps,
  { grantId, deliveryId }: DeliverInput,
  context: Context,
): Promise<Manifest | FileManifest> {
  const { knex, policies, secretKey, guardedSocket, destinations = {} } = deps;
  const { grant, entry } = await grantWithEntry(knex, grantId);
  if (!isOnTable(entry)) throw new TransferFailure('SharingRefused', { why: 'NotMounted' });
  const lines = await linesFor(knex, grant.requester, grant.entryId);
  const verdict = policies.mayShare(lines, sharingAskOf(grant, entry, dateIn(new Date().toISOString())));
  if (!verdict.allowed || verdict.line === undefined) throw new TransferFailure('SharingRefused', { why: verdict.why });
  const database = async (side: Side, id: string): Promise<DataSource> => {
    const { url, isTrusted } = await connectionOf(knex, id, secretKey);
    return postgresSource(side, id, url, isTrusted ? undefined : guardedSocket);
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
      now: () => new Date(),
      onProgress: progress.note,
      signal: context.cancellationSignal,
    };
    if (grant.mode === 'file') return await makeFile(knex, order, destinations);
    return await move({ ...order, target: await database('target', await receivingSourceOf(knex, grant.requester)) });
  } finally {
    progress.stop();
  }
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
async function failed(knex: Knex, deliveryId: string, error: unknown): Promise<Error> {
  const failure = error instanceof TransferFailure ? error : new TransferFailure('Unknown', {}, error);
  await noteDelivery(knex, deliveryId, {
    status: 'waiting',
    reason: { code: failure.code, params: failure.params },
  }).catch(() => {});
  return ApplicationFailure.create({
    message: failure.code,
    type: failure.code,
    nonRetryable: !failure.retryable,
  });
}
