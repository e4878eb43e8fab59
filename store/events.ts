import type { Knex } from 'knex';

export interface RecordedEvent {
  readonly seq: number;
  readonly commandId: string;
  readonly event: { readonly type: string };
  readonly digest: string;
  readonly recordedAt: Date;
}

/** The recorded events of a case or grant after a sequence number, in order. */
export async function listEvents(
  db: Knex,
  streamId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<RecordedEvent[]> {
  return db('events')
    .select<RecordedEvent[]>('seq', 'command_id as commandId', 'event', 'digest', 'recorded_at as recordedAt')
    .where({ stream_id: streamId })
    .andWhere('seq', '>', after)
    .orderBy('seq')
    .limit(limit);
}

/** What came of a command, in order. */
export async function listEventsOfCommand(
  db: Knex,
  streamId: string,
  commandId: string,
): Promise<{ readonly type: string }[]> {
  const rows = await db('events')
    .select<{ event: { type: string } }[]>('event')
    .where({ stream_id: streamId, command_id: commandId })
    .orderBy('seq');
  return rows.map(({ event }) => event);
}

/** Every event of a case or grant, in order. */
export async function everyEvent(db: Knex, streamId: string): Promise<{ readonly type: string }[]> {
  return db('events').where({ stream_id: streamId }).orderBy('seq').pluck<{ readonly type: string }[]>('event');
}
