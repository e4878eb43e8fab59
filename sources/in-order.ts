import pg from 'pg';
import type { Item, TableMount } from '../domain/catalogue.ts';
import type { ComparedRow } from '../domain/reconciliation/merge.ts';
import { kindOf } from '../domain/reconciliation/spec.ts';
import type { RowScope } from '../domain/row-scope.ts';
import type { Reader } from './connect.ts';
import { conditionSql, quoted, type ScopeColumn } from './scope-sql.ts';

export type ReadFailureCode = 'SourceChanged' | 'SourceSlow';

/** A table does not hold what the catalogue says, or gives it too slowly. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  readonly code: ReadFailureCode;

  constructor(code: ReadFailureCode, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/** An item as it is compared. */
export interface ComparedItem {
  readonly item: Item;
  /** Of codes: filled with zeros at the end up to so many characters. */
  readonly width?: number;
  /** Only a digest of it leaves the database. */
  readonly isSecret?: boolean;
}

export interface OrderedRead {
  readonly mount: TableMount;
  readonly scope?: RowScope;
  readonly key: readonly ComparedItem[];
  readonly values: readonly ComparedItem[];
  /** Goes into the digests of what is secret, so that they tell nothing to whoever does not know it. */
  readonly salt: string;
}

/** Rows that come at a time, and characters of a value beyond which its digest stands for the rest. */
const BATCH = 2_000;
const LONGEST = 500;

const NO_SUCH = new Set(['42P01', '42703', '3F000']);
const CANCELLED = '57014';

/**
 * The rows that have a key, in the order of its text byte by byte, a batch at a time through a cursor of the reader's
 * transaction. What the database's types write differently (scale of a number, zone of a time) is written alike.
 */
export async function* rowsInOrder(reader: Reader, read: OrderedRead): AsyncGenerator<ComparedRow> {
  const { key, values, salt } = read;
  const keys = key.map(textOf);
  const cells = values.map((one) => (one.isSecret ? digestOf(textOf(one), salt) : cut(textOf(one))));
  const filter = [...(await scopeOf(reader, read)), ...keys.map((text) => `${text} is not null`)];
  const select = `select array[${keys.join(', ')}]::text[] as key, array[${cells.join(', ')}]::text[] as values
    from ${tableOf(read)} as s where ${filter.join(' and ')}
   order by ${keys.map((text) => `${text} collate "C"`).join(', ')}`;
  await guarded(reader.rows(`declare compared no scroll cursor for ${select}`));
  for (;;) {
    const rows = await guarded(reader.rows<FetchedRow>(`fetch ${BATCH} from compared`));
    yield* rows;
    if (rows.length < BATCH) return;
  }
}

interface FetchedRow {
  key: string[];
  values: (string | null)[];
}

/** How many rows are left out because a part of their key is missing. */
export async function rowsWithoutKey(reader: Reader, read: OrderedRead): Promise<number> {
  const filter = await scopeOf(reader, read);
  const missing = read.key.map(({ item }) => `${quoted(item.id)} is null`).join(' or ');
  const where = [...filter, `(${missing})`].join(' and ');
  const rows = await guarded(
    reader.rows<{ count: number }>(`select count(*)::int as count from ${tableOf(read)} as s where ${where}`),
  );
  return rows[0]?.count ?? 0;
}

/** What a history of codes says of some of them: code before and after, when, and what else is shown. */
export interface CodeChange {
  readonly before: string | null;
  readonly after: string | null;
  readonly on: string | null;
  readonly shown: readonly (string | null)[];
}

/** The changes in which any of the codes is the one before or after, the oldest first. */
export async function changesOf(
  reader: Reader,
  {
    mount,
    before,
    after,
    on,
    show,
  }: Record<'before' | 'after' | 'on', ComparedItem> & {
    readonly mount: TableMount;
    readonly show: readonly ComparedItem[];
  },
  codes: readonly string[],
): Promise<CodeChange[]> {
  const [from, to, when] = [textOf(before), textOf(after), textOf(on)];
  return guarded(
    reader.rows<{ before: string | null; after: string | null; on: string | null; shown: (string | null)[] }>(
      `select ${from} as before, ${to} as after, ${when} as "on",
              array[${show.map((one) => cut(textOf(one))).join(', ')}]::text[] as shown
         from ${tableOf({ mount })} as s where ${from} = any($1) or ${to} = any($1) order by ${when} collate "C", 1, 2`,
      [codes],
    ),
  );
}

function tableOf({ mount: { schema, table } }: { readonly mount: TableMount }): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
}

/** A value as the one text by which values of its kind are compared. */
function textOf({ item, width }: ComparedItem): string {
  const column = quoted(item.id);
  switch (kindOf(item.type)) {
    case 'number':
      return `trim_scale(${column}::numeric)::text`;
    case 'time':
      // A time without a zone is Shanghai's; the session's own zone makes one of it.
      return `(${column}::timestamptz)::text`;
    case 'text':
      return width === undefined
        ? `${column}::text`
        : `(case when length(${column}::text) < ${width} then rpad(${column}::text, ${width}, '0') else ${column}::text end)`;
    case 'date':
    case 'logical':
      return `${column}::text`;
    case 'bytes':
      throw new Error(`Item ${item.id} cannot be compared`);
  }
}

function cut(text: string): string {
  const rest = `left(${text}, ${LONGEST / 2}) || '…' || encode(sha256(convert_to(${text}, 'UTF8')), 'hex')`;
  return `case when length(${text}) > ${LONGEST} then ${rest} else ${text} end`;
}

function digestOf(text: string, salt: string): string {
  return `encode(sha256(convert_to(${pg.escapeLiteral(salt)} || ${text}, 'UTF8')), 'hex')`;
}

async function scopeOf(reader: Reader, { mount, scope }: Pick<OrderedRead, 'mount' | 'scope'>): Promise<string[]> {
  if (!scope || scope.all.length === 0) return ['true'];
  const columns = await guarded(
    reader.rows<{ name: string; baseType: string; category: string }>(
      `select a.attname as name, b.typname as "baseType", b.typcategory as category
         from pg_attribute a
         join pg_type t on t.oid = a.atttypid
         join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
        where a.attrelid = to_regclass(format('%I.%I', $1::text, $2::text)) and a.attnum > 0 and not a.attisdropped`,
      [mount.schema, mount.table],
    ),
  );
  const known = new Map<string, ScopeColumn>(
    columns.map(({ name, ...type }) => [name, { ...type, bytewise: type.category !== 'S' }]),
  );
  if (scope.all.some(({ item }) => !known.has(item))) throw new ReadFailure('SourceChanged');
  return scope.all.map((condition) => `(${conditionSql(condition, known)})`);
}

async function guarded<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const { code = '' } = error as { readonly code?: string };
    if (NO_SUCH.has(code)) throw new ReadFailure('SourceChanged', error);
    if (code === CANCELLED) throw new ReadFailure('SourceSlow', error);
    throw error;
  }
}
