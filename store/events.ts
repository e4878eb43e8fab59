import type { Knex } from 'knex';
import type { CaseEvent } from '../domain/case.ts';

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

/** The events of a case in order: all of them, or what came of one command. */
export async function caseEvents(db: Knex, caseId: string, commandId?: string): Promise<CaseEvent[]> {
  const query = db('events').where({ stream_id: caseId }).orderBy('seq');
  if (commandId !== undefined) void query.where({ command_id: commandId });
  return query.pluck<CaseEvent[]>('event');
}

/** The events of a case before what came of a command. */
export async function caseEventsBefore(db: Knex, caseId: string, commandId: string): Promise<CaseEvent[]> {
  return db('events')
    .where({ stream_id: caseId })
    .where('seq', '<', db('events').min('seq').where({ stream_id: caseId, command_id: commandId }))
    .orderBy('seq')
    .pluck<CaseEvent[]>('event');
}
