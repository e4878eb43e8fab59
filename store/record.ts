import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { CaseEvent, CaseState } from '../domain/case.ts';
import { chain, type Entry, type Journal, type StreamKind } from '../domain/journal.ts';
import type { GrantEvent, GrantState } from '../domain/kernel/grant.ts';
import { projectCase } from './case-projection.ts';
import { projectGrant } from './grant-projection.ts';

/** Events of one stream, in order, as a workflow hands them over. */
export type Batch = BatchOf<'share-request', CaseEvent> | BatchOf<'grant', GrantEvent>;

interface BatchOf<K, E> {
  readonly kind: K;
  readonly streamId: string;
  readonly entries: readonly Entry<E>[];
}

/** A sequence number that holds another event, or one that leaves a gap: the stream and the database have parted. */
export class StreamConflict extends Error {
  override name = 'StreamConflict';
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Records events once and for good, with everything that follows from them, in one transaction. Events that are
 * recorded already are compared and passed over, so that a batch may be handed over any number of times.
 * Throws StreamConflict if what is recorded differs from what is handed over.
 */
export async function record(knex: Knex, batch: Batch): Promise<void> {
  await knex.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [batch.streamId]);
    const first = batch.entries[0];
    if (!first) return;
    const last = await lastBefore(trx, batch.streamId, first.seq);
    const recorded = await recordedFrom(trx, batch.streamId, first.seq);
    let digest = last;
    const fresh: { seq: number; digest: string }[] = [];
    for (const entry of batch.entries) {
      digest = chain<CaseEvent | GrantEvent>(digest, batch.streamId, entry, sha256);
      const known = recorded.get(entry.seq);
      if (known === undefined) fresh.push({ seq: entry.seq, digest });
      else if (known !== digest) {
        throw new StreamConflict(`${batch.streamId}: event ${entry.seq} is recorded as another one`);
      }
    }
    const from = fresh[0]?.seq;
    if (from === undefined) return;
    const digests = new Map(fresh.map((one) => [one.seq, one.digest]));
    await insertEvents(trx, batch, digests);
    if (batch.kind === 'share-request') {
      await projectCase(
        trx,
        batch.streamId,
        batch.entries.filter((entry) => entry.seq >= from),
      );
    } else {
      await projectGrant(
        trx,
        batch.streamId,
        batch.entries.filter((entry) => entry.seq >= from),
      );
    }
  });
}

async function lastBefore(trx: Knex, streamId: string, seq: number): Promise<string> {
  if (seq === 1) return '';
  const row = await trx('events')
    .where({ stream_id: streamId, seq: seq - 1 })
    .first<{ digest: string }>('digest');
  if (!row) throw new StreamConflict(`${streamId}: event ${seq} comes before event ${seq - 1} is recorded`);
  return row.digest;
}

async function recordedFrom(trx: Knex, streamId: string, seq: number): Promise<Map<number, string>> {
  const rows = await trx('events')
    .where({ stream_id: streamId })
    .andWhere('seq', '>=', seq)
    .select<{ seq: number; digest: string }[]>('seq', 'digest');
  return new Map(rows.map((row) => [row.seq, row.digest]));
}

async function insertEvents(trx: Knex, batch: Batch, digests: ReadonlyMap<number, string>): Promise<void> {
  const rows = batch.entries.flatMap((entry) => {
    const digest = digests.get(entry.seq);
    if (digest === undefined) return [];
    return [
      {
        stream_id: batch.streamId,
        stream_kind: batch.kind,
        seq: entry.seq,
        command_id: entry.commandId,
        event: JSON.stringify(entry.event),
        digest,
      },
    ];
  });
  await trx('events').insert(rows);
}

export interface RecordedEvent extends Entry<CaseEvent | GrantEvent> {
  readonly digest: string;
  readonly recordedAt: Date;
}

/** Every recorded event of a stream, in order. */
export async function eventsOf(knex: Knex, streamId: string): Promise<RecordedEvent[]> {
  return knex('events')
    .where({ stream_id: streamId })
    .orderBy('seq')
    .select({ seq: 'seq', commandId: 'command_id', event: 'event', digest: 'digest', recordedAt: 'recorded_at' });
}

/** How far a stream has gone, for a run that continues another. */
export async function loadJournal(
  knex: Knex,
  stream: { kind: StreamKind; streamId: string },
): Promise<Journal<CaseState | GrantState>> {
  const table = stream.kind === 'grant' ? 'grants' : 'cases';
  const row = await knex(table)
    .where({ id: stream.streamId })
    .first<{ state: CaseState | GrantState; seq: number } | undefined>('state', 'seq');
  if (!row) throw new StreamConflict(`${stream.streamId}: nothing is recorded to continue from`);
  const commands = await knex('events')
    .where({ stream_id: stream.streamId })
    .groupBy('command_id')
    .select<{ id: string; seq: number }[]>({ id: 'command_id' }, knex.raw('max(seq) as seq'));
  return { ...row, settled: Object.fromEntries(commands.map(({ id, seq }) => [id, seq])) };
}
