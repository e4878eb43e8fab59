import type { Knex } from 'knex';

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
            select theme from catalogue_search union select theme from needs where status = 'open'
            union select theme from asked union select theme from given) t`,
    entry: `coalesce(theme, '')`,
    thing: 'theme',
    need: `coalesce(theme, '')`,
    // A theme asks for nothing and receives nothing.
    holder: 'null::text',
  },
};

/** The map by department or by theme: one statement for what stands in it, one for who supplies whom. */
export async function dataMap(db: Knex, by: MapSide): Promise<DataMap> {
  const { all, entry, thing, need, holder } = SIDES[by];
  const nodes = await db.raw<{ rows: MapNode[] }>(
    `with asked as materialized (${ASKED}), given as materialized (${GIVEN}),
          counted as (
            select ${entry} as id, 'entries' as what, count(*) as n from catalogue_search group by 1
            union all select ${thing}, 'requests', count(*) from asked group by 1
            union all select ${thing}, 'grants', count(*) from given group by 1
            union all select ${holder}, 'requested', count(*) from asked group by 1
            union all select ${holder}, 'received', count(*) from given group by 1
            union all select ${need}, 'openNeeds', count(*) from needs where status = 'open' group by 1)
     select a.id, ${WHATS.map((what) => `coalesce(sum(n) filter (where what = '${what}'), 0)::integer as "${what}"`).join(', ')}
       from (${all}) a left join counted c on c.id = a.id
      group by a.id order by a.id`,
  );
  const edges = await db.raw<{ rows: MapEdge[] }>(
    `select ${thing} as "from", requester_id as "to", count(*)::integer as grants,
            count(distinct entry_id)::integer as entries
       from (${GIVEN}) given group by 1, 2 order by grants desc, 1, 2`,
  );
  return { nodes: nodes.rows, edges: edges.rows };
}

const WHATS = ['entries', 'grants', 'requests', 'openNeeds', 'requested', 'received'] as const;
