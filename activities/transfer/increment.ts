import pg from 'pg';
import type { TableEntry } from '../../domain/catalogue.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Changes, Grant, Manifest, Mark } from '../../domain/grant.ts';
import { quoted } from '../../sources/scope-sql.ts';
import { type Column, columnsOf } from '../../sources/columns.ts';
import type { Session } from './connector.ts';
import type { Moved } from './copy.ts';
import { TransferFailure } from './failures.ts';
import { differenceOf, sumOfKeys } from './keys.ts';
import { deleteKeys, fitsStaging, keysOf, mergeIn, rowsOf } from './merge.ts';
import { grantedRows, isKeyReadable, keyOrder, masksOf } from '../../sources/granted-sql.ts';
import { RECEIVED, targetTableOf } from './target-table.ts';

type Columns = ReadonlyMap<string, Column>;

/** How far before the mark a source is read again: a row may carry a time from before it was there for others to see. */
const OVERLAP: Readonly<Record<string, { readonly back: string; readonly now: string }>> = {
  timestamptz: { back: "interval '10 minutes'", now: 'pg_catalog.now()' },
  timestamp: { back: "interval '10 minutes'", now: "pg_catalog.now() at time zone 'Asia/Shanghai'" },
  date: { back: '1', now: "(pg_catalog.now() at time zone 'Asia/Shanghai')::pg_catalog.date" },
};

/**
 * Up to when the source's changes are in its snapshot; undefined where the entry names no column that says so. A time that
 * is still to come is not believed: what changes until then would be left out.
 */
export async function markOf(source: Session, entry: TableEntry, columns: Columns): Promise<Mark | undefined> {
  const { schema, table, updatedColumn: column } = entry.mount;
  if (column === undefined) return undefined;
  const { now } = spanOf(column, columns);
  const [found] = await source.rows<{ to: string }>(
    `select least(max(${quoted(column)}), ${now})::pg_catalog.text as to
       from ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)} as s`,
  );
  return found && { column, to: found.to };
}

/** Which rows of the source may have changed since a mark. */
export function changedSince({ column, to }: Mark, columns: Columns): string {
  const { back } = spanOf(column, columns);
  const type = columns.get(column)?.baseType ?? '';
  const since = `${pg.escapeLiteral(to)}::pg_catalog.${type} - ${back}`;
  return `${quoted(column)} >= ${since} or ${quoted(column)} is null`;
}

function spanOf(column: string, columns: Columns): (typeof OVERLAP)[string] {
  const found = columns.get(column);
  const span = found && OVERLAP[found.baseType];
  if (!span) {
    throw new TransferFailure('SourceChanged', { side: 'source', columns: `${column} (${found?.type ?? '—'})` });
  }
  return span;
}

/**
 * The delivery that an increment can go on from: the last one into the table, of the same columns, masks and rows, with a
 * mark in the same column of the same source. Rows are found by their key, so it has to be delivered as it is.
 */
export function baseOf(
  latest: Manifest | undefined,
  { grant, entry }: { readonly grant: Grant; readonly entry: TableEntry },
): Manifest | undefined {
  const { sourceId, schema, table, updatedColumn } = entry.mount;
  if (latest?.mark === undefined || latest.mark.column !== updatedColumn) return undefined;
  const masks = masksOf(grant, entry);
  if (!isKeyReadable({ items: grant.items, masks }, entry)) return undefined;
  const terms = ({
    items,
    masks: by,
    rowScope,
    source,
    entryVersion,
  }: Pick<Manifest, (typeof TERMS)[number]>): string => canonicalJson({ items, by, rowScope, source, entryVersion });
  const { items, rowScope, entryVersion } = grant;
  const now = terms({ items, masks, rowScope, entryVersion, source: { sourceId, schema, table } });
  return terms(latest) === now ? latest : undefined;
}

const TERMS = ['items', 'masks', 'rowScope', 'source', 'entryVersion'] as const;

export interface Increment {
  readonly grant: Grant;
  readonly entry: TableEntry;
  /** Of the source. */
  readonly columns: Columns;
  readonly base: Manifest;
}

/**
 * Brings the table from its last delivery to the source's snapshot, within the target's transaction: what changed is moved
 * into a staging table and merged, then the keys of both sides are held against each other, and what the source has no more
 * goes. Undefined where the table cannot be brought there in this way, as it was altered or lacks rows that say no change:
 * the caller takes everything back.
 */
export async function increment(
  sides: { readonly source: Session; readonly target: Session },
  { grant, entry, columns, base }: Increment,
  stage: () => Promise<Moved>,
): Promise<{ readonly moved: Moved; readonly changes: Changes } | undefined> {
  const { source, target } = sides;
  const table = targetTableOf(grant);
  const { key } = entry;
  const moved = await stage();
  if (!(await fitsStaging(target, table))) return undefined;
  if (key.some((id) => columns.get(id)?.builtIn !== true)) return undefined;
  const merged = await mergeIn(target, { table, items: grant.items, key });
  const rows = grantedRows(grant, entry, columns);
  const [wanted, there] = await Promise.all([sumOfKeys(source, key, rows), sumOfKeys(target, key, rowsOf(table))]);
  if (wanted.rows === there.rows && wanted.sum === there.sum) {
    return { moved, changes: { base: base.deliveryId, ...merged, deleted: 0, total: there.rows } };
  }
  const received = await columnsOf(target, { schema: RECEIVED, table });
  const difference = await differenceOf(
    source.copyOut(keysOf({ key }, rows, keyOrder(key, columns))),
    target.copyOut(keysOf({ key }, rowsOf(table), keyOrder(key, received))),
  );
  if (!difference || difference.onlySource.size > 0) return undefined;
  await deleteKeys(target, { table, key }, difference.onlyTarget);
  const deleted = difference.onlyTarget.size;
  return { moved, changes: { base: base.deliveryId, ...merged, deleted, total: there.rows - deleted } };
}
