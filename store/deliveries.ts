import type { Knex } from 'knex';
import type { AnyManifest } from '../domain/grant.ts';
import type { Viewer } from './cases.ts';
import { ENTRY_NAMES } from './grants.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

export interface DeliveryRow {
  readonly id: string;
  readonly grantId: string;
  readonly requestedBy: string;
  readonly status: string;
  readonly attempt: number;
  readonly rowsDone: number;
  readonly rowsTotal: number | null;
  /** What stands or stood in the way; null once it is delivered. */
  readonly reason: { readonly code: string; readonly params: Readonly<Record<string, string | number>> } | null;
  readonly manifest: AnyManifest | null;
  readonly manifestDigest: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

// Row counts stay below 2^53, so a double carries them exactly and JSON can show them as numbers.
const COLUMNS = `d.id, d.grant_id as "grantId", d.requested_by as "requestedBy", d.status, d.attempt,
  d.rows_done::float8 as "rowsDone", d.rows_total::float8 as "rowsTotal", d.reason, d.manifest,
  d.manifest_digest as "manifestDigest", d.created_at as "createdAt", d.started_at as "startedAt",
  d.ended_at as "endedAt"`;

export interface DeliveryFilter {
  readonly status?: string;
  readonly requester?: string;
  readonly provider?: string;
}

/** A delivery with the grant that it is made under. */
export interface ListedDelivery extends DeliveryRow {
  readonly number: string;
  readonly requester: string;
  readonly provider: string;
  readonly entryId: string;
  readonly entryVersion: number;
  readonly entryName: string;
  readonly entryNameEn: string;
}

/** Deliveries under every grant that the viewer may see, newest first. */
export async function listAllDeliveries(
  db: Knex,
  { viewer, filter, page }: { readonly viewer: Viewer; readonly filter: DeliveryFilter; readonly page: PageRequest },
): Promise<Page<ListedDelivery>> {
  const query = db('deliveries as d')
    .join('grants as g', 'g.id', 'd.grant_id')
    .select<(ListedDelivery & { key: string })[]>(
      db.raw(`${COLUMNS}, g.number, g.requester_id as requester, g.provider_id as provider, g.entry_id as "entryId",
        g.entry_version as "entryVersion", ${ENTRY_NAMES}, d.created_at::text as key`),
    )
    .orderByRaw('d.created_at desc, d.id desc')
    .limit(page.limit + 1);
  if (!viewer.all) void query.whereRaw('? in (g.requester_id, g.provider_id)', [viewer.department]);
  if (filter.status !== undefined) void query.where('d.status', filter.status);
  if (filter.requester !== undefined) void query.where('g.requester_id', filter.requester);
  if (filter.provider !== undefined) void query.where('g.provider_id', filter.provider);
  if (page.after) void query.whereRaw('(d.created_at, d.id) < (?::timestamptz, ?)', [...page.after]);
  return pageOf(await query, page.limit, { placeOf: (row) => [row.key, row.id], read: withoutKey });
}

/** Newest first. */
export async function listDeliveries(db: Knex, grantId: string, page: PageRequest): Promise<Page<DeliveryRow>> {
  const query = db('deliveries as d').select<(DeliveryRow & { key: string })[]>(
    db.raw(`${COLUMNS}, d.created_at::text as key`),
  );
  void query
    .where('d.grant_id', grantId)
    .orderByRaw('d.created_at desc, d.id desc')
    .limit(page.limit + 1);
  if (page.after) void query.whereRaw('(d.created_at, d.id) < (?::timestamptz, ?)', [...page.after]);
  return pageOf(await query, page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: withoutKey,
  });
}

/** The delivery that was asked for last under a grant. */
export async function latestDelivery(db: Knex, grantId: string): Promise<DeliveryRow | undefined> {
  return (await listDeliveries(db, grantId, { limit: 1 })).items[0];
}

/** A delivery by its id; undefined also where the viewer may not know of its grant. */
export async function findDelivery(db: Knex, id: string, viewer: Viewer): Promise<DeliveryRow | undefined> {
  const query = db('deliveries as d')
    .join('grants as g', 'g.id', 'd.grant_id')
    .first<DeliveryRow | undefined>(db.raw(COLUMNS))
    .where('d.id', id);
  return viewer.all ? query : query.whereRaw('? in (g.requester_id, g.provider_id)', [viewer.department]);
}
