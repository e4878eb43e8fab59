import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { chain, type Entry, type StreamKind } from '../domain/journal.ts';

/** Events of one stream, in order. */
export interface BatchOf<K extends StreamKind, E> {
  readonly kind: K;
  readonly streamId: string;
  readonly entries: readonly Entry<E>[];
}

/** An event as it is stored. */
export interface EventRow {
  readonly seq: number;
  readonly command_id: string;
  readonly event: unknown;
  readonly digest: string;
}

/** A sequence number that holds another event, or one that leaves a gap: the stream and the database have parted. */
export class StreamConflict extends Error {
  override name = 'StreamConflict';
}

/** Node's own, faster than the one that also runs in the workflow sandbox. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The rows of the events that are not recorded yet, chained to those before; `recorded` has the digests from the event
 * before the first of the batch on. Those that are recorded are compared.
 * @throws {StreamConflict} if one differs or is missing in between
 */
export function unrecorded<E>(
  { streamId, entries }: BatchOf<StreamKind, E>,
  recorded: ReadonlyMap<number, string>,
): EventRow[] {
  const first = entries[0];
  if (!first) return [];
  let digest = first.seq === 1 ? '' : recorded.get(first.seq - 1);
  if (digest === undefined) {
    throw new StreamConflict(`${streamId}: event ${first.seq} comes before event ${first.seq - 1} is recorded`);
  }
  const rows: EventRow[] = [];
  for (const entry of entries) {
    digest = chain(digest, streamId, entry, sha256);
    const known = recorded.get(entry.seq);
    if (known === undefined) rows.push({ seq: entry.seq, command_id: entry.commandId, event: entry.event, digest });
    else if (known !== digest) throw new StreamConflict(`${streamId}: event ${entry.seq} is recorded as another one`);
  }
  return rows;
}

/** Those of the entries that are among the rows. */
export function newAmong<E>(entries: readonly Entry<E>[], rows: readonly EventRow[]): readonly Entry<E>[] {
  const fresh = new Set(rows.map(({ seq }) => seq));
  return entries.filter(({ seq }) => fresh.has(seq));
}

/**
 * Adds to a stream the events that it does not hold yet, and returns them.
 * @throws {StreamConflict} if one that it holds differs or one is missing in between
 */
export async function append<E>(trx: Knex, batch: BatchOf<StreamKind, E>): Promise<readonly Entry<E>[]> {
  const first = batch.entries[0];
  if (!first) return [];
  const rows = unrecorded(batch, await recordedFrom(trx, batch.streamId, first.seq - 1));
  if (rows.length > 0) await insertEvents(trx, batch, rows);
  return newAmong(batch.entries, rows);
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
  { streamId: id, kind }: Pick<BatchOf<StreamKind, unknown>, 'streamId' | 'kind'>,
  rows: readonly EventRow[],
): Promise<void> {
  await trx.raw(
    `with recorded as (
       insert into events (stream_id, stream_kind, seq, command_id, event, digest)
       select :id, :kind, v.seq, v.command_id, v.event, v.digest
         from jsonb_to_recordset(:rows::jsonb) as v(seq integer, command_id text, event jsonb, digest text)
       returning seq)
     insert into outbox (stream_kind, stream_id, seq) select :kind, :id, seq from recorded order by seq`,
    { id, kind, rows: JSON.stringify(rows) },
  );
}
