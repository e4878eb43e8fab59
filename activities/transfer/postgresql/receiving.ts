import pg from 'pg';
import type { Manifest } from '../../../domain/grant.ts';
import type { Filling, Session } from '../connector.ts';
import type { Delivered, Patience, Receiving, Staging } from '../dialect.ts';
import { TransferFailure } from '../failures.ts';
import { aboutTable, deliveredColumns, targetTableOf } from '../target-table.ts';
import { columnsOf } from '../../../sources/postgresql/columns.ts';
import { deleteKeys, fitsStaging, mergeIn } from './merge.ts';
import { qualified, RECEIVED, stagingOf } from './names.ts';

const LEDGER = `${RECEIVED}.deliveries`;

async function isThere(session: Session): Promise<boolean> {
  const [found] = await session.rows<{ there: boolean }>(`select to_regclass('${LEDGER}') is not null as there`);
  return found?.there === true;
}

/** Makes the platform's schema and its list of deliveries where they are missing. */
async function ensure(session: Session): Promise<void> {
  if (await isThere(session)) return;
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

/** Not waited for: what is under way may take minutes, and the caller retries. The lock ends with the transaction. */
async function claim(session: Session, table: string): Promise<void> {
  await session.run('begin');
  const [found] = await session.rows<{ got: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as got',
    [`santong/${RECEIVED}/${table}`],
  );
  if (found?.got !== true) throw new TransferFailure('TargetInUse', { side: 'target', detail: 'another delivery' });
}

async function manifestOf(session: Session, deliveryId: string): Promise<Manifest | undefined> {
  const rows = await session.rows<{ manifest: Manifest }>(`select manifest from ${LEDGER} where delivery_id = $1`, [
    deliveryId,
  ]);
  return rows[0]?.manifest;
}

async function latest(session: Session, table: string): Promise<Delivered | undefined> {
  const [found] = await session.rows<Delivered>(
    `select delivery_id as id, manifest from ${LEDGER} where target_table = $1 order by delivered_at desc, delivery_id desc limit 1`,
    [table],
  );
  return found;
}

/** Created in the transaction that fills it, so nothing of it outlives a crash, and with wal_level=minimal the rows need no WAL. */
async function createStaging(session: Session, staging: Staging): Promise<Filling> {
  const table = qualified(stagingOf(targetTableOf(staging.grant)));
  const columns = deliveredColumns(staging);
  const definitions = columns.map(({ name, type }) => `${pg.escapeIdentifier(name)} ${type}`).join(', ');
  await session.run(
    [
      `drop table if exists ${table}`,
      `create table ${table} (${definitions})`,
      `comment on table ${table} is ${pg.escapeLiteral(aboutTable(staging))}`,
      ...columns.map(
        ({ name, about }) => `comment on column ${table}.${pg.escapeIdentifier(name)} is ${pg.escapeLiteral(about)}`,
      ),
    ].join('; '),
  );
  return { table, columns: columns.map(({ name, baseType: type }) => ({ name, type })), isNew: true };
}

/** A savepoint is gone back to. */
async function attempt<T>(session: Session, work: () => Promise<T | undefined>): Promise<T | undefined> {
  await session.run('savepoint increment');
  const made = await work().catch((error: unknown) => {
    if (error instanceof TransferFailure && isAmbiguous(error.cause)) return undefined;
    throw error;
  });
  if (made === undefined) await session.run('rollback to savepoint increment');
  return made;
}

/** Unique violation; a row that would be merged twice. */
function isAmbiguous(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === '23505' || cause.code === '21000');
}

async function complete(session: Session, manifest: Manifest, patience: Patience): Promise<void> {
  await recordDelivery(session, manifest);
  if (manifest.changes === undefined) await switchIn(session, manifest.target.table, patience);
  await session.commit();
}

/**
 * Puts the staging table in the place of what was delivered before, within the transaction. Waits a little for readers
 * of the old one, several times, as everyone who comes while it waits queues behind it. Throws TargetInUse.
 */
async function switchIn(session: Session, table: string, { tries, timeoutMs }: Patience): Promise<void> {
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

async function recordDelivery(session: Session, manifest: Manifest): Promise<void> {
  const { deliveryId, grantId, target, rows, bytes, sha256, endedAt } = manifest;
  await session.rows(
    `insert into ${LEDGER} (delivery_id, grant_id, target_table, rows, bytes, sha256, manifest, delivered_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [deliveryId, grantId, target.table, rows, bytes, sha256, JSON.stringify(manifest), endedAt],
  );
}

export const receiving: Receiving = {
  schemaOf: async () => RECEIVED,
  tableOf: targetTableOf,
  qualified,
  ensure,
  isThere,
  claim,
  release: (session) => session.run('rollback'),
  manifestOf,
  latest,
  columnsOf,
  storedOrder: 's.ctid',
  createStaging,
  attempt,
  fitsStaging,
  mergeIn,
  deleteKeys,
  complete,
  leavesStaging: false,
};
