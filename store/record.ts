import type { Knex } from 'knex';
import type { CaseEvent, CaseState } from '../domain/case.ts';
import type { Entry, Journal, StreamKind } from '../domain/journal.ts';
import type { GrantEvent, GrantState } from '../domain/kernel/grant.ts';
import { recordCase } from './case-projection.ts';
import { projectGrant } from './grant-projection.ts';
import { announce, CHANNELS } from './outbox.ts';
import { append, type BatchOf, StreamConflict } from './stream.ts';

/** Events of one stream, in order, as a workflow hands them over. */
export type Batch = BatchOf<'grant', GrantEvent> | BatchOf<string, CaseEvent>;

/**
 * Records events once and for good, with everything that follows from them, in one transaction. Events that are
 * recorded already are compared and passed over, so that a batch may be handed over any number of times.
 * Throws StreamConflict if what is recorded differs from what is handed over.
 */
export async function record(knex: Knex, batch: Batch): Promise<void> {
  await knex.transaction(async (trx) => {
    if (!isGrant(batch)) return recordCase(trx, batch);
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [batch.streamId]);
    await projectGrant(trx, batch.streamId, await append(trx, batch));
  });
  // Nobody waits for it: whoever does not hear looks by itself.
  void announce(knex, CHANNELS.outbox);
}

function isGrant(batch: Batch): batch is BatchOf<'grant', GrantEvent> {
  return batch.kind === 'grant';
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
