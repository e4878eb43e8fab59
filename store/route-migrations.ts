import type { Knex } from 'knex';
import type { Actor } from '../domain/language.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

/** Moving running cases to another version of their route, or looking what that would do. */
export interface RouteMigration {
  readonly id: string;
  readonly routeId: string;
  readonly to: number;
  readonly isDryRun: boolean;
  readonly commandId: string;
  readonly actor: Actor;
  readonly receivedAt: Date;
  readonly endedAt: Date | null;
}

export const MOVE_OUTCOMES = ['waiting', 'would-move', 'moved', 'unchanged', 'refused'] as const;
export type MoveOutcome = (typeof MOVE_OUTCOMES)[number];

export interface MoveDetail {
  readonly number?: string;
  /** The version that the case was on. */
  readonly from?: number;
  /** Stages whose signatures lapse, and stages that the new version does not have. */
  readonly lapsed?: readonly string[];
  readonly dropped?: readonly string[];
  /** Why it was refused. */
  readonly code?: string;
}

export interface MigratingCase {
  readonly position: number;
  readonly caseId: string;
  readonly outcome: MoveOutcome;
  readonly detail: MoveDetail;
}

const COLUMNS = [
  'id',
  'route_id as routeId',
  'to_version as to',
  'is_dry_run as isDryRun',
  'command_id as commandId',
  'actor',
  'received_at as receivedAt',
  'ended_at as endedAt',
] as const;
const CASE_COLUMNS = ['position', 'case_id as caseId', 'outcome', 'detail'] as const;

/**
 * Keeps a migration with its cases: those named, or every running case of the route on another version, oldest first.
 */
export async function insertMigration(
  trx: Knex.Transaction,
  migration: Omit<RouteMigration, 'endedAt' | 'receivedAt'> & { readonly receivedAt: string },
  cases: readonly string[] | 'all',
): Promise<void> {
  const { id, routeId, to, isDryRun, commandId, actor, receivedAt } = migration;
  await trx('route_migrations').insert({
    id,
    route_id: routeId,
    to_version: to,
    is_dry_run: isDryRun,
    command_id: commandId,
    actor: JSON.stringify(actor),
    received_at: receivedAt,
  });
  if (cases === 'all') {
    await trx.raw(
      `insert into route_migration_cases (migration_id, position, case_id)
       select ?, row_number() over (order by opened_at, id), id from cases
        where ended_at is null and state -> 'route' ->> 'id' = ? and (state -> 'route' ->> 'version')::int <> ?`,
      [id, routeId, to],
    );
    return;
  }
  await trx.raw(
    `insert into route_migration_cases (migration_id, position, case_id)
     select ?, position, case_id from unnest(?::text[]) with ordinality as given (case_id, position)`,
    [id, cases as string[]] as never,
  );
}

export async function findMigration(db: Knex, routeId: string, id: string): Promise<RouteMigration | undefined> {
  return db('route_migrations')
    .where({ id, route_id: routeId })
    .first<RouteMigration | undefined>(...COLUMNS);
}

/** Migrations that are not done yet, oldest first. */
export async function openMigrations(db: Knex): Promise<RouteMigration[]> {
  return db('route_migrations')
    .whereNull('ended_at')
    .orderBy('received_at')
    .select<RouteMigration[]>(...COLUMNS);
}

/** Takes the one place at a migration among all processes for as long as the transaction lasts; false if it is taken. */
export async function takeMigration(trx: Knex.Transaction, id: string): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { taken: boolean }[] }>(
    'select pg_try_advisory_xact_lock(hashtextextended(?, 2)) as taken',
    [id],
  );
  return rows[0]?.taken === true;
}

/** The next cases of which nothing is known yet, after a position. */
export async function waitingCases(
  db: Knex,
  id: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<MigratingCase[]> {
  return db('route_migration_cases')
    .where({ migration_id: id, outcome: 'waiting' })
    .andWhere('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .select<MigratingCase[]>(...CASE_COLUMNS);
}

export async function settleMigratingCase(
  db: Knex,
  id: string,
  { position, outcome, detail }: Pick<MigratingCase, 'position' | 'outcome' | 'detail'>,
): Promise<void> {
  await db('route_migration_cases')
    .where({ migration_id: id, position, outcome: 'waiting' })
    .update({ outcome, detail: JSON.stringify(detail) });
}

/** Ends a migration of which every case is settled; false while one is not. */
export async function endMigration(db: Knex, id: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update route_migrations set ended_at = now() where id = ? and ended_at is null and not exists
       (select 1 from route_migration_cases where migration_id = ? and outcome = 'waiting') returning 1`,
    [id, id],
  );
  return rows.length > 0;
}

export async function countMigratingCases(db: Knex, id: string): Promise<Readonly<Record<MoveOutcome, number>>> {
  const rows = await db('route_migration_cases')
    .where({ migration_id: id })
    .groupBy('outcome')
    .select<{ outcome: MoveOutcome; count: number }[]>('outcome', db.raw('count(*)::int as count'));
  const counts = new Map(rows.map(({ outcome, count }) => [outcome, count]));
  return Object.fromEntries(MOVE_OUTCOMES.map((outcome) => [outcome, counts.get(outcome) ?? 0])) as Record<
    MoveOutcome,
    number
  >;
}

/** In the order in which they are moved. */
export async function listMigratingCases(
  db: Knex,
  id: string,
  { page, outcome }: { readonly page: PageRequest; readonly outcome?: MoveOutcome | undefined },
): Promise<Page<MigratingCase>> {
  const query = db('route_migration_cases')
    .where({ migration_id: id })
    .orderBy('position')
    .limit(page.limit + 1)
    .select<(MigratingCase & { key: string })[]>(...CASE_COLUMNS, db.raw('position::text as key'));
  if (outcome !== undefined) void query.where({ outcome });
  if (page.after) void query.whereRaw('position > ?::int', [page.after[0]]);
  return pageOf(await query, page.limit, { placeOf: (row) => [row.key, row.caseId], read: withoutKey });
}
