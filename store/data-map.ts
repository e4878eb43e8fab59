import type { Knex } from 'knex';
import type { ShareMode } from '../domain/language.ts';
import { type Page, pageOf, type PageRequest } from './keyset.ts';

export const MAP_SIDES = ['department', 'theme'] as const;
export type MapSide = (typeof MAP_SIDES)[number];

/** Supply against demand of a department or a theme. */
export interface MapNode {
  /** A department's id or a theme; empty for entries and needs without a theme. */
  readonly id: string;
  /** Supply: current entries offered, and grants in force over them. */
  readonly entries: number;
  readonly grants: number;
  /** Demand: requests ever filed for its entries, and needs open (of a department: those that it has). */
  readonly requests: number;
  readonly openNeeds: number;
  /** Entries offered over which no grant was ever given. */
  readonly unused: number;
  /** Of a department: requests that it filed, and grants in force that it holds. */
  readonly requested: number;
  readonly received: number;
}

/** Who supplies what to whom: grants in force, and over how many entries. */
export interface MapEdge {
  /** The providing department, or the theme. */
  readonly from: string;
  /** The department that holds the grants. */
  readonly to: string;
  readonly grants: number;
  readonly entries: number;
}

export interface DataMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

/** Of one theme where one is named. */
const OF_THEME = `(:theme::text is null or theme = :theme)`;

/** Requests and grants by the entry that they ask for, in the words of the version that they point to. */
const ASKED = `select c.id as case_id, c.requester_id, c.provider_id, c.entry_id,
    coalesce(e.body->'classification'->>'theme', '') as theme
  from cases c join catalogue_entries e on e.id = c.entry_id and e.version = c.entry_version
 where c.kind = 'share-request'`;

const GIVEN = `select g.requester_id, g.provider_id, g.entry_id,
    coalesce(e.body->'classification'->>'theme', '') as theme
  from grants g join catalogue_entries e on e.id = g.entry_id and e.version = g.entry_version
 where g.status = 'active'`;

/** For each side, where an entry, a request, a grant and a need belong. */
const SIDES: Readonly<Record<MapSide, Readonly<Record<'all' | 'entry' | 'thing' | 'need' | 'holder', string>>>> = {
  department: {
    all: `select id from departments`,
    entry: 'provider_id',
    thing: 'provider_id',
    need: 'department_id',
    holder: 'requester_id',
  },
  theme: {
    all: `select distinct coalesce(theme, '') as id from (
            select theme from offered union select theme from lacking
            union select theme from asked union select theme from given) t`,
    entry: `coalesce(theme, '')`,
    thing: 'theme',
    need: `coalesce(theme, '')`,
    // A theme asks for nothing and receives nothing.
    holder: 'null::text',
  },
};

/** With `theme` only what belongs to it is counted. */
export interface MapView {
  readonly by: MapSide;
  readonly theme?: string;
}

const COUNTED = `asked as materialized (select * from (${ASKED}) a where ${OF_THEME}),
  given as materialized (select * from (${GIVEN}) g where ${OF_THEME}),
  offered as (select * from catalogue_search where ${OF_THEME}),
  lacking as (select * from needs where status = 'open' and ${OF_THEME})`;

/** The map by department or by theme: one statement for what stands in it, one for who supplies whom. */
export async function dataMap(db: Knex, { by, theme }: MapView): Promise<DataMap> {
  const { all, entry, thing, need, holder } = SIDES[by];
  const bindings = { theme: theme ?? null };
  const nodes = await db.raw<{ rows: MapNode[] }>(
    `with ${COUNTED},
          counted as (
            select ${entry} as id, 'entries' as what, count(*) as n from offered group by 1
            union all select ${entry}, 'unused', count(*) from offered o
              where not exists (select 1 from grants g where g.entry_id = o.entry_id) group by 1
            union all select ${thing}, 'requests', count(*) from asked group by 1
            union all select ${thing}, 'grants', count(*) from given group by 1
            union all select ${holder}, 'requested', count(*) from asked group by 1
            union all select ${holder}, 'received', count(*) from given group by 1
            union all select ${need}, 'openNeeds', count(*) from lacking group by 1)
     select a.id, ${WHATS.map((what) => `coalesce(sum(n) filter (where what = '${what}'), 0)::integer as "${what}"`).join(', ')}
       from (${all}) a left join counted c on c.id = a.id
      group by a.id order by a.id`,
    bindings,
  );
  const edges = await db.raw<{ rows: MapEdge[] }>(
    `select ${thing} as "from", requester_id as "to", count(*)::integer as grants,
            count(distinct entry_id)::integer as entries
       from (${GIVEN}) given where ${OF_THEME} group by 1, 2 order by grants desc, 1, 2`,
    bindings,
  );
  return { nodes: nodes.rows, edges: edges.rows };
}

const WHATS = ['entries', 'unused', 'grants', 'requests', 'openNeeds', 'requested', 'received'] as const;

/** A grant in force, as everybody may know of it: who supplies what to whom until when. */
export interface MapGrant {
  readonly id: string;
  readonly entryId: string;
  readonly entryName: string;
  readonly entryNameEn: string;
  readonly provider: string;
  readonly requester: string;
  readonly mode: ShareMode;
  readonly validTo: string;
}

export interface MapEdgeFilter {
  readonly by: MapSide;
  /** The providing department, or the theme (empty: without one). */
  readonly from: string;
  readonly to: string;
  readonly theme?: string;
}

/** The grants that make an edge, by the name of the entry. */
export async function grantsOfEdge(
  db: Knex,
  { by, from, to, theme }: MapEdgeFilter,
  page: PageRequest,
): Promise<Page<MapGrant>> {
  const { rows } = await db.raw<{ rows: MapGrant[] }>(
    `select * from (
       select g.id, g.entry_id as "entryId", e.name as "entryName", e.body->>'nameEn' as "entryNameEn",
              g.provider_id as provider, g.requester_id as requester, g.body->>'mode' as mode,
              g.valid_to::text as "validTo", g.provider_id, coalesce(e.body->'classification'->>'theme', '') as theme
         from grants g join catalogue_entries e on e.id = g.entry_id and e.version = g.entry_version
        where g.status = 'active' and g.requester_id = :to) g
      where ${SIDES[by].thing} = :from and ${OF_THEME}
        and (:key::text is null or ("entryName", id) > (:key, :id)) order by "entryName", id limit :limit`,
    {
      from,
      to,
      theme: theme ?? null,
      key: page.after?.[0] ?? null,
      id: page.after?.[1] ?? null,
      limit: page.limit + 1,
    },
  );
  return pageOf(rows, page.limit, {
    placeOf: (row) => [row.entryName, row.id],
    read: ({ id, entryId, entryName, entryNameEn, provider, requester, mode, validTo }) => ({
      id,
      entryId,
      entryName,
      entryNameEn,
      provider,
      requester,
      mode,
      validTo,
    }),
  });
}
