import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { chain, type Entry, type StreamKind } from '../domain/journal.ts';
import { enqueue } from './outbox.ts';

/** Events of one stream, in order. */
export interface BatchOf<K extends StreamKind, E> {
  readonly kind: K;
  readonly streamId: string;
  readonly entries: readonly Entry<E>[];
}

/** A sequence number that holds another event, or one that leaves a gap: the stream and the database have parted. */
export class StreamConflict extends Error {
  override name = 'StreamConflict';
}

/** Node's own, faster than the one that also runs in the workflow sandbox. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Adds to a stream the events that it does not hold yet, chained to those before, and returns them. Those that it holds
 * are compared. Throws StreamConflict if one differs or is missing in between.
 */
export async function append<E>(trx: Knex, batch: BatchOf<StreamKind, E>): Promise<readonly Entry<E>[]> {
  const { streamId, entries } = batch;
  const first = entries[0];
  if (!first) return [];
  const recorded = await recordedFrom(trx, streamId, first.seq);
  const digests = new Map<number, string>();
  let digest = await lastBefore(trx, streamId, first.seq);
  for (const entry of entries) {
    digest = chain(digest, streamId, entry, sha256);
    const known = recorded.get(entry.seq);
    if (known === undefined) digests.set(entry.seq, digest);
    else if (known !== digest) throw new StreamConflict(`${streamId}: event ${entry.seq} is recorded as another one`);
  }
  if (digests.size > 0) await insertEvents(trx, batch, digests);
  const fresh = entries.filter(({ seq }) => digests.has(seq));
  await enqueue(trx, batch, fresh);
  return fresh;
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

async function insertEvents(
  trx: Knex,
  batch: BatchOf<StreamKind, unknown>,
  digests: ReadonlyMap<number, string>,
): Promise<void> {
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
