import pg from 'pg';
import type { TableEntry } from '../domain/catalogue.ts';
import type { Grant } from '../domain/grant.ts';
import type { ServiceQuery } from '../domain/service-query.ts';
import { type Columns, unfitColumns } from './columns.ts';
import { grantedRows, itemsRead, keyOrder, masksOf, orderingItems, outputsOf } from './granted-sql.ts';
import type { SourcePool } from './pool.ts';
import { words } from './postgresql/words.ts';
import { quoted } from './scope-sql.ts';

/** Where a page ended: the place of its last row in the order, and how many rows at that very place were given. */
export interface PagePlace {
  readonly at: readonly string[];
  readonly given: number;
}

export interface PageAsk {
  readonly grant: Grant;
  readonly entry: TableEntry;
  readonly query: ServiceQuery;
  readonly columns: Columns;
  readonly after?: PagePlace;
}

export interface PageOfRows {
  /** JSON objects as texts, made by the database. */
  readonly rows: readonly string[];
  /** Absent on the last page. */
  readonly next?: PagePlace;
}

/** The source does not hold what the catalogue says. */
export class SourceChanged extends Error {
  override readonly name = 'SourceChanged';
}

/** Throws SourceChanged unless an entry's table holds what the catalogue says of what is read of it. */
export function requireFit(columns: PageAsk['columns'], { grant, entry }: Pick<PageAsk, 'grant' | 'entry'>): void {
  const unfit = unfitColumns(columns, itemsRead(grant, entry), entry);
  if (unfit !== undefined) throw new SourceChanged(unfit);
}

/**
 * The one query of a call: granted items that are asked for, masked, of granted rows that are asked for, a page of them in
 * order and one row more. Row scope, masks and order are those of deliveries: where a pseudonym stands for a key that does
 * not leave as it is, the rows go by what is given, as the key's order would tell which of two grants are of one person.
 * A row as JSON comes first, texts that say where it stands after it.
 */
export function pageSelect(ask: PageAsk): string {
  const { grant, entry } = ask;
  const ordering = orderingItems({ items: grant.items, masks: masksOf(grant, entry) }, entry);
  return ordering.length === 0 ? pageByKey(ask) : pageByGiven(ask, ordering);
}

function pageByKey({ grant, entry, query, columns, after }: PageAsk): string {
  const order = keyOrder(words, entry.key, columns);
  const beyond = after ? [`(${order}) > (${after.at.map((text) => pg.escapeLiteral(text)).join(', ')})`] : [];
  const only = [...query.conditions.map((condition) => words.condition(condition, columns)), ...beyond];
  const places = entry.key.map((id, n) => `(${quoted(id)})::pg_catalog.text as "place ${n}"`);
  const outputs = [...outputsOf(words, { grant, entry, columns }), ...places].join(', ');
  const told = entry.key.map((_, n) => `d."place ${n}"`).join(', ');
  return `select ${rowOf(query)}, ${told} from (select ${outputs} ${grantedRows(words, { grant, entry, columns }, only)}
    order by ${order} limit ${query.limit + 1}) as d`;
}

/** Rows that are the same in all that orders them are the same to whoever gets them: those that were given are passed over. */
function pageByGiven({ grant, entry, query, columns, after }: PageAsk, ordering: readonly string[]): string {
  const only = query.conditions.map((condition) => words.condition(condition, columns));
  const given = ordering.map((id) => `d.${pg.escapeIdentifier(id)}`).join(', ');
  const place = `(pg_catalog.json_build_array(${given})::pg_catalog.text collate "C")`;
  const [at = ''] = after?.at ?? [];
  const from = after ? ` where ${place} >= ${pg.escapeLiteral(at)}` : '';
  // With its own offset the inner query is not merged into the outer one, which would make each pseudonym twice.
  return `select ${rowOf(query)}, ${place}
    from (select ${outputsOf(words, { grant, entry, columns }).join(', ')} ${grantedRows(words, { grant, entry, columns }, only)} offset 0) as d${from}
    order by ${place} limit ${query.limit + 1} offset ${after?.given ?? 0}`;
}

function rowOf({ items }: ServiceQuery): string {
  const shown = items.map((id) => `d.${pg.escapeIdentifier(id)}`).join(', ');
  return `(select pg_catalog.row_to_json(r) from (select ${shown}) as r)::pg_catalog.text as row`;
}

/** Asks for one page. @throws {SourceFailure} */
export async function pageOfRows(pool: SourcePool, ask: PageAsk): Promise<PageOfRows> {
  const found = await pool.texts(pageSelect(ask));
  const page = found.slice(0, ask.query.limit);
  const rows = page.map(([row]) => row ?? '{}');
  if (found.length <= ask.query.limit) return { rows };
  const at = placeOf(page.at(-1));
  const same = page.filter((row) => placeOf(row).every((text, n) => text === at[n])).length;
  const isGoingOn = ask.after?.at.every((text, n) => text === at[n]) === true;
  return { rows, next: { at, given: same + (isGoingOn ? (ask.after?.given ?? 0) : 0) } };
}

function placeOf(row: readonly (string | null)[] | undefined): string[] {
  return (row ?? []).slice(1).map((text) => text ?? '');
}
