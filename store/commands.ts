import type { Knex } from 'knex';
import type { Command } from '../domain/case.ts';

/** What a command is addressed to; all but `case` and `grant` are carried out by the API itself. */
export type TargetKind =
  | 'case'
  | 'grant'
  | 'attachment'
  | 'replay'
  | 'delivery'
  | 'webhook'
  | 'calendar'
  | 'catalogue-compilation'
  | 'data-source'
  | 'catalogue-import'
  | 'absence'
  | 'route-draft'
  | 'catalogue-draft'
  | 'route-migration'
  | 'task-batch'
  | 'subscription'
  | 'synonym'
  | 'need'
  | 'reconciliation'
  | 'delivery-link'
  | 'alert'
  | 'service'
  | 'grant-key'
  | 'person'
  | 'department'
  | 'article';

/** What became of a command, as it is told again to whoever repeats it. */
export type StoredOutcome =
  | { readonly streamId: string; readonly seq: number; readonly status: string }
  | { readonly code: string; readonly pointer?: string }
  | { readonly id: string }
  /** What became of each of a batch, in its order. */
  | { readonly results: readonly unknown[] };

export interface StoredCommand {
  readonly id: string;
  readonly personId: string;
  readonly targetKind: TargetKind;
  readonly targetId: string;
  readonly bodyDigest: string;
  readonly command: Command<{ readonly action: string }>;
  readonly status: 'pending' | 'done' | 'refused';
  readonly outcome: StoredOutcome | null;
  readonly receivedAt: Date;
  readonly settledAt: Date | null;
}

const COLUMNS = [
  'id',
  'person_id as personId',
  'target_kind as targetKind',
  'target_id as targetId',
  'body_digest as bodyDigest',
  'command',
  'status',
  'outcome',
  'received_at as receivedAt',
  'settled_at as settledAt',
] as const;

export type NewCommand = Omit<StoredCommand, 'status' | 'outcome' | 'receivedAt' | 'settledAt'>;

/** Keeps a command before it is sent. False when its id is taken: look at what is there. */
export async function insertCommand(db: Knex, command: NewCommand): Promise<boolean> {
  const asked = db.raw<{ rows: unknown[] }>(
    `insert into commands (id, person_id, target_kind, target_id, body_digest, command, received_at)
     values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do nothing returning 1`,
    [
      command.id,
      command.personId,
      command.targetKind,
      command.targetId,
      command.bodyDigest,
      JSON.stringify(command.command),
      command.command.at,
    ],
  );
  const { rows } = await asked.options({ name: 'keep-command' });
  return rows.length > 0;
}

export async function findCommand(db: Knex, id: string): Promise<StoredCommand | undefined> {
  return db('commands')
    .first<StoredCommand | undefined>(...COLUMNS)
    .where({ id });
}

/** Writes down what became of a command; what is settled stays as it is. */
export async function settleCommand(
  db: Knex,
  id: string,
  settled: { readonly status: 'done' | 'refused'; readonly outcome: StoredOutcome },
): Promise<void> {
  await db('commands')
    .where({ id, status: 'pending' })
    .update({ status: settled.status, outcome: JSON.stringify(settled.outcome), settled_at: db.fn.now() });
}

/** Commands received more than so many seconds ago of which nobody knows yet what became, oldest first. */
export async function pendingCommands(
  db: Knex,
  { olderThan, limit }: { readonly olderThan: number; readonly limit: number },
): Promise<StoredCommand[]> {
  return db('commands')
    .select<StoredCommand[]>(...COLUMNS)
    .where({ status: 'pending' })
    .whereIn('target_kind', ['case', 'grant'])
    .whereRaw('received_at < now() - make_interval(secs => ?)', [olderThan])
    .orderBy(['received_at', 'id'])
    .limit(limit);
}

/** How far a stream had come when a command had been carried out; undefined if no event came of it. */
export async function recordedOutcome(
  db: Knex,
  streamId: string,
  commandId: string,
): Promise<{ readonly seq: number } | undefined> {
  const row = await db('events')
    .max<{ seq: number | null }>('seq as seq')
    .where({ stream_id: streamId, command_id: commandId })
    .first();
  return typeof row?.seq === 'number' ? { seq: row.seq } : undefined;
}

/** Any number that nothing else locks. */
const COURIER_LOCK = 7_265_747;

/** Takes the one place of the courier among all processes for as long as the transaction lasts; false if it is taken. */
export async function takeCourierPlace(transaction: Knex.Transaction): Promise<boolean> {
  const { rows } = await transaction.raw<{ rows: { taken: boolean }[] }>(
    'select pg_try_advisory_xact_lock(?) as taken',
    [COURIER_LOCK],
  );
  return rows[0]?.taken === true;
}
