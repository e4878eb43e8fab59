import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

/** What the facets are counted by. */
export const FACETS = ['provider', 'shareType', 'theme', 'base', 'format'] as const;
export type Facet = (typeof FACETS)[number];

const COLUMNS: Readonly<Record<Facet, keyof Kind>> = {
  provider: 'provider_id',
  shareType: 'share_type',
  theme: 'theme',
  base: 'base',
  format: 'format',
};

/** Values that facets are counted by, as they stand together in an entry. */
export interface Kind {
  readonly provider_id: string;
  readonly share_type: string;
  readonly theme: string | null;
  readonly base: string | null;
  readonly format: string;
}

type KindRow = Kind & { readonly id: number };

const HEX_DIGITS = 13;

/** The number of a kind: 52 bits made from its values, the same in every database and at all times. */
export function kindOf({ provider_id, share_type, theme, base, format }: Kind): number {
  const text = JSON.stringify([provider_id, share_type, theme, base, format]);
  return Number.parseInt(createHash('sha256').update(text).digest('hex').slice(0, HEX_DIGITS), 16);
}

/** Remembers what the numbers of kinds mean. Sorted, so that two who add the same wait in one order. */
export async function keepKinds(trx: Knex, kinds: readonly (Kind & { readonly kind: number })[]): Promise<void> {
  const rows = kinds.map(({ kind, provider_id, share_type, theme, base, format }) => ({
    id: kind,
    provider_id,
    share_type,
    theme,
    base,
    format,
  }));
  await trx.raw(
    `insert into catalogue_kinds
     select distinct k.* from jsonb_populate_recordset(null::catalogue_kinds, ?::jsonb) k order by k.id
         on conflict do nothing`,
    [JSON.stringify(rows)],
  );
}

/** The values of a kind as places among those of `valuesOf`, one for each facet; -1: it has none. */
export type Places = Int32Array;

/** Kinds read before. As their numbers are made from what they mean, none is ever another. */
const seen = new Map<number, Places>();

/** All values that a facet was ever seen to have, in the order in which they were met. */
const values = FACETS.map(() => new Map<string, number>());

export function valuesOf(facet: number): readonly string[] {
  return [...(values[facet]?.keys() ?? [])];
}

/** What the numbers mean, each in its place. */
export async function kindsOf(db: Knex, ids: readonly number[]): Promise<(Places | undefined)[]> {
  const known = ids.map((id) => seen.get(id));
  const unseen = ids.filter((_, at) => known[at] === undefined);
  if (unseen.length === 0) return known;
  // A number of 52 bits, which a double holds whole.
  const { rows } = await db.raw<{ rows: KindRow[] }>(
    `select id::float8 as id, provider_id, share_type, theme, base, format
       from catalogue_kinds where id = any(?::bigint[])`,
    [unseen],
  );
  for (const { id, ...kind } of rows) seen.set(id, placesOf(kind));
  return ids.map((id) => seen.get(id));
}

function placesOf(kind: Kind): Places {
  return Int32Array.from(FACETS, (facet, nth) => {
    const value = kind[COLUMNS[facet]];
    const known = values[nth];
    if (value === null || known === undefined) return -1;
    const place = known.get(value) ?? known.size;
    known.set(value, place);
    return place;
  });
}
