import pg from 'pg';
import { canonicalJson } from '../../domain/canonical.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import type { Changes, Grant, Manifest, Mark } from '../../domain/grant.ts';
import { type Column, shownType, type Columns } from '../../sources/columns.ts';
import { grantedRows, isKeyReadable, masksOf } from '../../sources/granted-sql.ts';
import { quoted } from '../../sources/scope-sql.ts';
import type { Session } from './connector.ts';
import type { Moved } from './copy.ts';
import type { Span } from './dialect.ts';
import { TransferFailure } from './failures.ts';
import { differenceOf, keysOf, partsApart, sumsOfKeys } from './keys.ts';

/**
 * Up to when the source's changes are in its snapshot; undefined where the entry names no column that says so. A time that
 * is still to come is not believed: what changes until then would be left out.
 */
export async function markOf(source: Session, entry: TableEntry, columns: Columns): Promise<Mark | undefined> {
  const { schema, table, updatedColumn: name } = entry.mount;
  if (name === undefined) return undefined;
  const { column, span } = spanOf(source, name, columns);
  const latest = source.dialect.words.text(span.upTo(`max(${quoted(name)})`), column);
  const [found] = await source.rows<{ to: string }>(
    `select ${latest} as "to" from ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)} as s`,
  );
  return found && { column: name, to: found.to };
}

/** Which rows of the source may have changed since a mark. */
export function changedSince(source: Session, { column, to }: Mark, columns: Columns): string {
  const { span } = spanOf(source, column, columns);
  return `${quoted(column)} >= ${span.from(to)} or ${quoted(column)} is null`;
}

function spanOf(
  { dialect }: Session,
  name: string,
  columns: Columns,
): { readonly column: Column; readonly span: Span } {
  const column = columns.get(name);
  const span = column && dialect.reading.spanOf(column);
  if (span) return { column, span };
  throw new TransferFailure('SourceChanged', { side: 'source', columns: `${name} (${shownType(column)})` });
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
  const { receiving } = target.dialect;
  const table = receiving.tableOf(grant);
  const { key } = entry;
  const moved = await stage();
  if (!(await receiving.fitsStaging(target, table))) return undefined;
  if (key.some((id) => columns.get(id)?.builtIn !== true)) return undefined;
  const merged = await receiving.mergeIn(target, { table, items: grant.items, key });
  const granted = { key, columns, rows: grantedRows(source.dialect.words, { grant, entry, columns }) };
  const received = {
    key,
    columns: await receiving.columnsOf(target, { schema: await receiving.schemaOf(target), table }),
    rows: `from ${receiving.qualified(table)} as s`,
  };
  const own = source.dialect.name === target.dialect.name;
  const [wanted, there] = await Promise.all([sumsOfKeys(source, granted, own), sumsOfKeys(target, received, own)]);
  const parts = partsApart(wanted, there);
  if (parts.length === 0) {
    return { moved, changes: { base: base.deliveryId, ...merged, deleted: 0, total: there.rows } };
  }
  const difference = await differenceOf(
    source.copyOut(keysOf(source, granted, own, parts)),
    target.copyOut(keysOf(target, received, own, parts)),
  );
  if (!difference || difference.onlySource.size > 0) return undefined;
  await receiving.deleteKeys(target, { table, key }, difference.onlyTarget);
  const deleted = difference.onlyTarget.size;
  return { moved, changes: { base: base.deliveryId, ...merged, deleted, total: there.rows - deleted } };
}
