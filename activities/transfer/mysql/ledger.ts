import { digestOf } from '../../../domain/digest.ts';
import type { Manifest } from '../../../domain/grant.ts';
import { bytesOf } from '../../../sources/mysql/scope-sql.ts';
import type { Session } from '../connector.ts';
import type { Delivered } from '../dialect.ts';
import { TransferFailure } from '../failures.ts';
import { exists, LEDGER, oldOf, qualified, schemaOf, stagingOf } from './names.ts';

/**
 * The list of deliveries. `is_switched`: the delivery is there. One that is not marked so is there nonetheless if the remark of
 * its table names it: it was ended between the switch and the mark, which the next one makes good.
 */
export async function ensure(session: Session): Promise<void> {
  if (await isThere(session)) return;
  await session.run(
    `create table if not exists ${LEDGER} (
       delivery_id varchar(255) not null primary key,
       grant_id varchar(255) not null,
       target_table varchar(64) not null,
       row_count bigint,
       byte_count bigint,
       sha256 char(64),
       manifest longtext,
       canonical longtext not null,
       is_switched boolean not null default false,
       delivered_at datetime(3)
     ) engine = InnoDB character set utf8mb4 collate utf8mb4_bin
     comment = '三通平台交付的共享数据 · data delivered by Santong'`,
  );
}

export async function isThere(session: Session): Promise<boolean> {
  return exists(session, LEDGER.replaceAll('"', ''));
}

/** The lock is the session's: it ends with it. Then what an earlier delivery has left unfinished is made good. */
export async function claim(session: Session, table: string): Promise<void> {
  const [found] = await session.rows<{ got: string }>('select get_lock(?, 0) as got', [await lockOf(session, table)]);
  if (found?.got !== '1') throw new TransferFailure('TargetInUse', { side: 'target', detail: 'another delivery' });
  await session.run('set session lock_wait_timeout = 2');
  // Only a server that does not rename several tables as one (before MariaDB 10.6, MySQL 8.0) leaves this behind.
  if (!(await exists(session, table)) && (await exists(session, oldOf(table)))) {
    await session.run(`rename table ${qualified(oldOf(table))} to ${qualified(table)}`);
  }
  await session.rows(`update ${LEDGER} set is_switched = true where target_table = ? and ${IS_THERE}`, [table]);
  await session.rows(`delete from ${LEDGER} where target_table = ? and not is_switched`, [table]);
  await session.run(`drop table if exists ${qualified(stagingOf(table))}, ${qualified(oldOf(table))}`);
}

export async function release(session: Session, table: string): Promise<void> {
  await session.rows('select release_lock(?) as released', [await lockOf(session, table)]);
}

/** At most 64 characters, and the server's own: two databases on it may have tables of one name. */
async function lockOf(session: Session, table: string): Promise<string> {
  return `santong/${digestOf([await schemaOf(session), table]).slice(0, 40)}`;
}

const IS_THERE = `(is_switched or ${bytesOf('delivery_id')} = (
  select ${bytesOf("substring_index(t.table_comment, ' · ', -1)")} from information_schema.tables as t
   where t.table_schema = database() and t.table_name = target_table))`;

export async function manifestOf(session: Session, deliveryId: string): Promise<Manifest | undefined> {
  const [found] = await session.rows<{ manifest: string }>(
    `select manifest from ${LEDGER} where delivery_id = ? and manifest is not null and ${IS_THERE}`,
    [deliveryId],
  );
  return found && (JSON.parse(found.manifest) as Manifest);
}

export async function latest(session: Session, table: string): Promise<Delivered | undefined> {
  const [found] = await session.rows<{ id: string; manifest: string }>(
    `select delivery_id as id, manifest from ${LEDGER}
      where target_table = ? and manifest is not null and ${IS_THERE}
      order by delivered_at desc, delivery_id desc limit 1`,
    [table],
  );
  return found && { id: found.id, manifest: JSON.parse(found.manifest) as Manifest };
}

export type CanonicalTypes = Readonly<Record<string, { readonly type: string; readonly baseType: string }>>;

/** By the name of each column of a table, the type that it had in the source. */
export async function canonicalTypes(session: Session, table: string): Promise<CanonicalTypes> {
  if (!(await isThere(session))) return {};
  const [found] = await session.rows<{ canonical: string }>(
    `select canonical from ${LEDGER} where target_table = ? and ${IS_THERE}
      order by delivered_at desc, delivery_id desc limit 1`,
    [table],
  );
  return found === undefined ? {} : (JSON.parse(found.canonical) as CanonicalTypes);
}

export interface Note {
  readonly deliveryId: string;
  readonly grantId: string;
  readonly table: string;
  readonly canonical?: CanonicalTypes;
  readonly manifest?: Manifest;
}

/** Notes a delivery that is not there yet: first what its columns are, then its manifest. */
export async function note(session: Session, { deliveryId, grantId, table, canonical, manifest }: Note): Promise<void> {
  if (manifest === undefined) {
    await session.rows(`replace into ${LEDGER} (delivery_id, grant_id, target_table, canonical) values (?, ?, ?, ?)`, [
      deliveryId,
      grantId,
      table,
      JSON.stringify(canonical),
    ]);
    return;
  }
  const { rows, bytes, sha256, endedAt } = manifest;
  await session.rows(
    `update ${LEDGER} set row_count = ?, byte_count = ?, sha256 = ?, manifest = ?, delivered_at = ? where delivery_id = ?`,
    [rows, bytes, sha256, JSON.stringify(manifest), endedAt.replace('T', ' ').replace('Z', ''), deliveryId],
  );
}

export async function noteSwitched(session: Session, deliveryId: string): Promise<void> {
  await session.rows(`update ${LEDGER} set is_switched = true where delivery_id = ?`, [deliveryId]);
}
