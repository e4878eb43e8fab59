import type { Knex } from 'knex';
import type { Grant } from '../domain/grant.ts';
import type { GrantState } from '../domain/kernel/grant.ts';
import type { Viewer } from './cases.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

export interface GrantRow {
  readonly id: string;
  readonly number: string;
  readonly caseId: string;
  readonly status: string;
  readonly body: Grant;
  /** Of the entry, in the version that the grant is for. */
  readonly entryName: string;
  readonly entryNameEn: string;
  /** Null until the grant's own workflow has begun. */
  readonly state: GrantState | null;
  readonly seq: number;
  /** The case in which the requester confirmed what became of the data. */
  readonly disposalCaseId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The name of the entry that a grant `g` is for, in its version. */
export const ENTRY_NAMES = `(select e.name from catalogue_entries e
    where e.id = g.entry_id and e.version = g.entry_version) as "entryName",
  (select e.body->>'nameEn' from catalogue_entries e
    where e.id = g.entry_id and e.version = g.entry_version) as "entryNameEn"`;

const COLUMNS = `${ENTRY_NAMES}, g.id, g.number, g.case_id as "caseId", g.status, g.body, g.state, g.seq,
  g.disposal_case_id as "disposalCaseId", g.created_at as "createdAt",
  g.updated_at as "updatedAt"`;

export interface GrantFilter {
  readonly status?: string;
  readonly requester?: string;
  readonly provider?: string;
  readonly caseId?: string;
  readonly entry?: string;
}

/** The items that a department was last given of each of these entries, whether or not that still runs. */
export async function lastGiven(
  db: Knex,
  department: string,
  entryIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { rows } = await db.raw<{ rows: { entryId: string; items: string[] }[] }>(
    `select distinct on (entry_id) entry_id as "entryId", body->'items' as items from grants
      where requester_id = ? and entry_id = any(?::text[]) order by entry_id, created_at desc`,
    [department, [...entryIds]],
  );
  return new Map(rows.map(({ entryId, items }) => [entryId, items]));
}

/** Newest first. */
export async function listGrants(
  db: Knex,
  { viewer, filter, page }: { readonly viewer: Viewer; readonly filter: GrantFilter; readonly page: PageRequest },
): Promise<Page<GrantRow>> {
  const query = db('grants as g').select<(GrantRow & { key: string })[]>(
    db.raw(`${COLUMNS}, g.created_at::text as key`),
  );
  void query.orderByRaw('g.created_at desc, g.id desc').limit(page.limit + 1);
  if (!viewer.all) void query.whereRaw('? in (g.requester_id, g.provider_id)', [viewer.department]);
  if (filter.status !== undefined) void query.where('g.status', filter.status);
  if (filter.requester !== undefined) void query.where('g.requester_id', filter.requester);
  if (filter.provider !== undefined) void query.where('g.provider_id', filter.provider);
  if (filter.entry !== undefined) void query.where('g.entry_id', filter.entry);
  if (filter.caseId !== undefined) void query.where('g.case_id', filter.caseId);
  if (page.after) void query.whereRaw('(g.created_at, g.id) < (?::timestamptz, ?)', [...page.after]);
  return pageOf(await query, page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: withoutKey,
  });
}

/** A grant by its id; undefined also where the viewer may not know of it. */
export async function findGrant(db: Knex, id: string, viewer: Viewer): Promise<GrantRow | undefined> {
  const query = db('grants as g').first<GrantRow | undefined>(db.raw(COLUMNS)).where('g.id', id);
  return viewer.all ? query : query.whereRaw('? in (g.requester_id, g.provider_id)', [viewer.department]);
}
