import type { Knex } from 'knex';
import type { DriftCode } from '../domain/drift.ts';
import type { Viewer } from './cases.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

export interface DriftRow {
  readonly id: string;
  readonly entryId: string;
  readonly version: number;
  readonly entryName: string;
  readonly provider: string;
  readonly item: string;
  readonly code: DriftCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly foundAt: Date;
  readonly seenAt: Date;
  readonly settledAt: Date | null;
  readonly caseId: string | null;
}

const COLUMNS = {
  id: 'd.id',
  entryId: 'd.entry_id',
  version: 'd.version',
  entryName: 'e.name',
  provider: 'd.provider_id',
  item: 'd.item',
  code: 'd.code',
  params: 'd.params',
  foundAt: 'd.found_at',
  seenAt: 'd.seen_at',
  settledAt: 'd.settled_at',
  caseId: 'd.case_id',
} as const;

export interface DriftFilter {
  readonly status?: 'open' | 'settled';
  readonly provider?: string;
  readonly entry?: string;
}

function drifts(db: Knex): Knex.QueryBuilder {
  return db('catalogue_drifts as d').join('catalogue_entries as e', (on) =>
    on.on('e.id', 'd.entry_id').andOn('e.version', 'd.version'),
  );
}

/** Drifts that a viewer may see, the latest found first. */
export async function listDrifts(
  db: Knex,
  { status, provider, entry }: DriftFilter,
  { viewer, page }: { readonly viewer: Viewer; readonly page: PageRequest },
): Promise<Page<DriftRow>> {
  const query = drifts(db)
    .select({ ...COLUMNS, key: db.raw('d.found_at::text') })
    .orderByRaw('d.found_at desc, d.id desc')
    .limit(page.limit + 1);
  if (!viewer.all) void query.where('d.provider_id', viewer.department);
  if (provider !== undefined) void query.where('d.provider_id', provider);
  if (entry !== undefined) void query.where('d.entry_id', entry);
  if (status === 'open') void query.whereNull('d.settled_at');
  if (status === 'settled') void query.whereNotNull('d.settled_at');
  if (page.after) void query.whereRaw('(d.found_at, d.id) < (?::timestamptz, ?::uuid)', [...page.after]);
  return pageOf((await query) as (DriftRow & { key: string })[], page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: withoutKey,
  });
}

/** What an entry has drifted by now, item by item. */
export async function openDriftsOf(db: Knex, entryId: string): Promise<DriftRow[]> {
  return drifts(db)
    .where('d.entry_id', entryId)
    .whereNull('d.settled_at')
    .orderBy(['d.item', 'd.code'])
    .select<DriftRow[]>(COLUMNS);
}
