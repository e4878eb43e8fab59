import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { chain, type Entry, type StreamKind } from '../domain/journal.ts';

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
  const recorded = await recordedFrom(trx, streamId, first.seq - 1);
  const digests = new Map<number, string>();
  let digest = first.seq === 1 ? '' : recorded.get(first.seq - 1);
  if (digest === undefined) {
    throw new StreamConflict(`${streamId}: event ${first.seq} comes before event ${first.seq - 1} is recorded`);
  }
  for (const entry of entries) {
    digest = chain(digest, streamId, entry, sha256);
    const known = recorded.get(entry.seq);
    if (known === undefined) digests.set(entry.seq, digest);
    else if (known !== digest) throw new StreamConflict(`${streamId}: event ${entry.seq} is recorded as another one`);
  }
  if (digests.size > 0) await insertEvents(trx, batch, digests);
  return entries.filter(({ seq }) => digests.has(seq));
}

/** From the event before the first of a batch on: that one has the digest which the batch is chained to. */
async function recordedFrom(trx: Knex, streamId: string, seq: number): Promise<Map<number, string>> {
  const rows = await trx('events')
    .where({ stream_id: streamId })
    .andWhere('seq', '>=', seq)
    .select<{ seq: number; digest: string }[]>('seq', 'digest');
  return new Map(rows.map((row) => [row.seq, row.digest]));
}

/** Into the outbox as well, in the same statement: no event is recorded without being told. */
async function insertEvents(
  trx: Knex,
  batch: BatchOf<StreamKind, unknown>,
  digests: ReadonlyMap<number, string>,
): Promise<void> {
  const rows = batch.entries.flatMap(({ seq, commandId, event }) => {
    const digest = digests.get(seq);
    return digest === undefined ? [] : [{ seq, command_id: commandId, event, digest }];
  });
  await trx.raw(
    `with recorded as (
       insert into events (stream_id, stream_kind, seq, command_id, event, digest)
       select :id, :kind, v.seq, v.command_id, v.event, v.digest
         from jsonb_to_recordset(:rows::jsonb) as v(seq integer, command_id text, event jsonb, digest text)
       returning seq)
     insert into outbox (stream_kind, stream_id, seq) select :kind, :id, seq from recorded order by seq`,
    { id: batch.streamId, kind: batch.kind, rows: JSON.stringify(rows) },
  );
}
