import pg from 'pg';
import type { Entry } from '../../domain/catalogue.ts';
import { digestOf } from '../../domain/digest.ts';
import type { Grant, Manifest } from '../../domain/grant.ts';
import { maskOf } from '../../domain/sharing.ts';
import type { Column } from '../../sources/columns.ts';
import type { Session } from './connector.ts';
import { TransferFailure } from './failures.ts';

/** The schema in a requester's database that belongs to the platform. */
export const RECEIVED = 'received';

const LEDGER = `${RECEIVED}.deliveries`;

/**
 * The table that holds what is delivered under a grant: the entry's id, readable, and a short digest of the grant's, so
 * that two grants of one entry never share a table. Within PostgreSQL's 63 bytes also with the ending of its staging.
 */
export function targetTableOf(grant: Grant): string {
  const entry = grant.entryId
    .toLowerCase()
    .replace(/[^a-z0-9_]/g, '_')
    .slice(0, 42);
  return `${entry}_${digestOf(grant.id).slice(0, 10)}`;
}

/** Whether anything has been delivered into the database. */
export async function isReceivedThere(session: Session): Promise<boolean> {
  const [found] = await session.rows<{ there: boolean }>(`select to_regclass('${LEDGER}') is not null as there`);
  return found?.there === true;
}

/** Makes the platform's schema and its list of deliveries where they are missing. Safe for several at once. */
export async function ensureReceived(session: Session): Promise<void> {
  if (await isReceivedThere(session)) return;
  await session.run(`
    begin;
    select pg_advisory_xact_lock(hashtextextended('santong/${RECEIVED}', 0));
    create schema if not exists ${RECEIVED};
    comment on schema ${RECEIVED} is '三通平台交付的共享数据 · data delivered by Santong';
    create table if not exists ${LEDGER} (
      delivery_id text primary key,
      grant_id text not null,
      target_table text not null,
      rows bigint not null,
      bytes bigint not null,
      sha256 text not null,
      manifest jsonb not null,
      delivered_at timestamptz not null
    );
    commit`);
}

/**
 * Keeps every other delivery into the table out until the transaction ends. Not waited for: what is under way may take
 * minutes, and the caller retries. Throws TargetInUse.
 */
export async function claimTable(session: Session, table: string): Promise<void> {
  const [claim] = await session.rows<{ got: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as got',
    [`santong/${RECEIVED}/${table}`],
  );
  if (claim?.got !== true) throw new TransferFailure('TargetInUse', { side: 'target', detail: 'another delivery' });
}

/** The manifest of a delivery that is already there. */
export async function storedManifest(session: Session, deliveryId: string): Promise<Manifest | undefined> {
  const rows = await session.rows<{ manifest: Manifest }>(`select manifest from ${LEDGER} where delivery_id = $1`, [
    deliveryId,
  ]);
  return rows[0]?.manifest;
}

/** The delivery that the table holds now, the last one into it, by the id under which it is listed. */
export async function latestDelivery(
  session: Session,
  table: string,
): Promise<{ readonly id: string; readonly manifest: Manifest } | undefined> {
  const [latest] = await session.rows<{ id: string; manifest: Manifest }>(
    `select delivery_id as id, manifest from ${LEDGER} where target_table = $1 order by delivered_at desc, delivery_id desc limit 1`,
    [table],
  );
  return latest;
}

export interface Staging {
  readonly grant: Grant;
  readonly entry: Entry;
  readonly deliveryId: string;
  readonly columns: ReadonlyMap<string, Column>;
}

/**
 * Creates the staging table: columns typed as in the source, text where they are masked or where the type exists in the
 * source's database only. Created in the transaction that fills it, so nothing of it outlives a crash, and with
 * wal_level=minimal the rows need no WAL.
 */
export async function createStaging(session: Session, { grant, entry, deliveryId, columns }: Staging): Promise<void> {
  const table = qualified(stagingOf(targetTableOf(grant)));
  const items = grant.items.map((id) => {
    const column = columns.get(id);
    const kept = maskOf(grant, entry, id) === 'none' && column?.builtIn === true;
    return { id, type: kept ? column.type : 'text', item: entry.items.find((item) => item.id === id) };
  });
  const definitions = items.map(({ id, type }) => `${pg.escapeIdentifier(id)} ${type}`).join(', ');
  const about = `${entry.name} · ${entry.nameEn} · ${grant.id} · ${deliveryId}`;
  await session.run(
    [
      `drop table if exists ${table}`,
      `create table ${table} (${definitions})`,
      `comment on table ${table} is ${pg.escapeLiteral(about)}`,
      ...items.map(
        ({ id, item }) =>
          `comment on column ${table}.${pg.escapeIdentifier(id)} is ${pg.escapeLiteral(`${item?.name} · ${item?.nameEn}`)}`,
      ),
    ].join('; '),
  );
}

/** How COPY fills the staging table. FREEZE is allowed as the table was created in this transaction, and spares a vacuum. */
export function stagingCopy(grant: Grant): string {
  const items = grant.items.map((id) => pg.escapeIdentifier(id)).join(', ');
  return `copy ${qualified(stagingOf(targetTableOf(grant)))} (${items}) from stdin with (format text, freeze)`;
}

export interface Patience {
  readonly tries: number;
  readonly timeoutMs: number;
}

/**
 * Puts the staging table in the place of what was delivered before, within the transaction. Waits a little for readers
 * of the old one, several times, as everyone who comes while it waits queues behind it. Throws TargetInUse.
 */
export async function switchIn(session: Session, table: string, { tries, timeoutMs }: Patience): Promise<void> {
  await session.run(`set local lock_timeout = ${Math.round(timeoutMs)}`);
  for (let left = tries; ; left--) {
    try {
      await session.run(`savepoint switching; drop table if exists ${qualified(table)}`);
      break;
    } catch (error) {
      if (!(error instanceof TransferFailure) || error.code !== 'TargetInUse' || left <= 1) throw error;
      await session.run('rollback to savepoint switching');
    }
  }
  await session.run(`alter table ${qualified(stagingOf(table))} rename to ${pg.escapeIdentifier(table)}`);
}

export async function recordDelivery(session: Session, manifest: Manifest): Promise<void> {
  const { deliveryId, grantId, target, rows, bytes, sha256, endedAt } = manifest;
  await session.rows(
    `insert into ${LEDGER} (delivery_id, grant_id, target_table, rows, bytes, sha256, manifest, delivered_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [deliveryId, grantId, target.table, rows, bytes, sha256, JSON.stringify(manifest), endedAt],
  );
}

export function qualified(table: string): string {
  return `${RECEIVED}.${pg.escapeIdentifier(table)}`;
}

export function stagingOf(table: string): string {
  return `${table}__staging`;
}
