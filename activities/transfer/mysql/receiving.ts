import pg from 'pg';
import type { Entry } from '../../../domain/catalogue.ts';
import type { Grant, Manifest } from '../../../domain/grant.ts';
import { literal } from '../../../sources/mysql/scope-sql.ts';
import type { Filling, Session } from '../connector.ts';
import type { Patience, Receiving, Staging } from '../dialect.ts';
import { TransferFailure } from '../failures.ts';
import { masksOf, isKeyReadable } from '../../../sources/granted-sql.ts';
import { aboutTable, deliveredColumns } from '../target-table.ts';
import { columnsOf } from './delivered-columns.ts';
import { claim, ensure, isThere, latest, manifestOf, note, noteSwitched, release } from './ledger.ts';
import { attempt, deleteKeys, fitsStaging, mergeIn } from './merge.ts';
import { exists, oldOf, qualified, schemaOf, stagingOf, tableOf } from './names.ts';
import { targetTypes } from './target-types.ts';

/**
 * Creates the staging table beside the others, as no transaction of MySQL's holds one. Its remark names the delivery, and
 * goes with it when it takes the table's place: that is how the list knows which delivery a table holds.
 */
async function createStaging(session: Session, staging: Staging): Promise<Filling> {
  const { grant, entry } = staging;
  const table = qualified(stagingOf(tableOf(grant)));
  const columns = deliveredColumns(staging);
  const types = targetTypes(columns, keyIn(grant, entry));
  const definitions = columns.map(
    ({ name, about }, at) => `${pg.escapeIdentifier(name)} ${types[at]} null comment ${literal(about.slice(0, 1_000))}`,
  );
  await session.run(`drop table if exists ${table}`);
  await session.run(
    `create table ${table} (${definitions.join(', ')}) engine = InnoDB row_format = dynamic
     character set utf8mb4 collate ${await collationOf(session)} comment = ${literal(aboutTable(staging))}`,
  );
  const canonical = Object.fromEntries(columns.map(({ name, type, baseType }) => [name, { type, baseType }]));
  await note(session, { deliveryId: staging.deliveryId, grantId: grant.id, table: tableOf(grant), canonical });
  return { table, columns: columns.map(({ name, baseType: type }) => ({ name, type })), isNew: true };
}

/** What rows can be found by where they arrive. */
function keyIn(grant: Grant, entry: Entry): readonly string[] {
  return isKeyReadable({ items: grant.items, masks: masksOf(grant, entry) }, entry) ? entry.key : [];
}

/** One in which trailing spaces count; each server has its own name for it. */
async function collationOf(session: Session): Promise<string> {
  const [server] = await session.rows<{ version: string }>('select version() as "version"');
  return server?.version.includes('MariaDB') === true ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
}

/**
 * A whole set takes the table's place by one RENAME, which is done or not done whatever happens, and its remark tells that
 * it was: the note of it is made before and confirmed after. An increment and its note are one transaction.
 */
async function complete(session: Session, manifest: Manifest, patience: Patience): Promise<void> {
  const { table } = manifest.target;
  await note(session, { deliveryId: manifest.deliveryId, grantId: manifest.grantId, table, manifest });
  if (manifest.changes === undefined) {
    await switchIn(session, table, patience);
    await noteSwitched(session, manifest.deliveryId);
  } else {
    await noteSwitched(session, manifest.deliveryId);
    await session.commit();
  }
  // The delivery is there. What is left over is cleared before the next one, if it cannot be now.
  await clear(session, table).catch(() => undefined);
  await release(session, table).catch(() => undefined);
}

async function switchIn(session: Session, table: string, { tries, timeoutMs }: Patience): Promise<void> {
  await session.run(`set session lock_wait_timeout = ${Math.max(1, Math.round(timeoutMs / 1_000))}`);
  const names = [
    ...((await exists(session, table)) ? [`${qualified(table)} to ${qualified(oldOf(table))}`] : []),
    `${qualified(stagingOf(table))} to ${qualified(table)}`,
  ];
  for (let left = tries; ; left--) {
    try {
      return await session.commit(`rename table ${names.join(', ')}`);
    } catch (error) {
      if (!(error instanceof TransferFailure) || error.code !== 'TargetInUse' || left <= 1) throw error;
    }
  }
}

async function clear(session: Session, table: string): Promise<void> {
  await session.run(`drop table if exists ${qualified(stagingOf(table))}, ${qualified(oldOf(table))}`);
}

export const receiving: Receiving = {
  schemaOf,
  tableOf,
  qualified,
  ensure,
  isThere,
  claim,
  release,
  manifestOf,
  latest,
  columnsOf,
  storedOrder: undefined,
  createStaging,
  attempt,
  fitsStaging,
  mergeIn,
  deleteKeys,
  complete,
  leavesStaging: true,
};
