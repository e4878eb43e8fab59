import type { Knex } from 'knex';
import type { FilePart } from '../domain/file-delivery.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

export interface DeliveryLink {
  readonly id: string;
  readonly deliveryId: string;
  readonly part: FilePart;
  readonly madeBy: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

const COLUMNS = {
  id: 'id',
  deliveryId: 'delivery_id',
  part: 'part',
  madeBy: 'made_by',
  expiresAt: 'expires_at',
  usedAt: 'used_at',
} as const;

export async function insertLink(
  db: Knex,
  { id, deliveryId, part, madeBy, expiresAt }: Omit<DeliveryLink, 'usedAt'>,
): Promise<void> {
  await db('delivery_links').insert({
    id,
    delivery_id: deliveryId,
    part,
    made_by: madeBy,
    expires_at: expiresAt,
  });
}

export async function findLink(db: Knex, id: string): Promise<DeliveryLink | undefined> {
  return db('delivery_links').first<DeliveryLink | undefined>(COLUMNS).where({ id });
}

/** Uses a link up. False where somebody has already, or its time is over: of several who try at once one succeeds. */
export async function useLink(db: Knex, id: string): Promise<boolean> {
  const used = await db('delivery_links')
    .where({ id })
    .whereNull('used_at')
    .where('expires_at', '>', db.fn.now())
    .update({ used_at: db.fn.now() });
  return used === 1;
}

/** Who fetched a part of a delivery: a person who was logged in, or whoever had a link. */
export interface Download {
  readonly deliveryId: string;
  readonly part: FilePart;
  readonly personId: string | null;
  readonly linkId: string | null;
  /** The network address that asked. */
  readonly address: string;
}

export interface DownloadRow extends Download {
  readonly id: string;
  readonly at: Date;
  /** Of a link, who made it. */
  readonly linkMadeBy: string | null;
}

/** Noted before the first byte leaves. Usage records are kept for at least 3 years (R809). */
export async function insertDownload(db: Knex, download: Download): Promise<void> {
  const { deliveryId, part, personId, linkId, address } = download;
  await db('delivery_downloads').insert({
    delivery_id: deliveryId,
    part,
    person_id: personId,
    link_id: linkId,
    address,
  });
}

/** Newest first. */
export async function listDownloads(db: Knex, deliveryId: string, page: PageRequest): Promise<Page<DownloadRow>> {
  const query = db('delivery_downloads as d')
    .leftJoin('delivery_links as l', 'l.id', 'd.link_id')
    .select<(DownloadRow & { key: string })[]>(
      db.raw(`d.id::text as id, d.id::text as key, d.delivery_id as "deliveryId", d.part, d.person_id as "personId",
        d.link_id as "linkId", l.made_by as "linkMadeBy", d.address, d.at`),
    )
    .where('d.delivery_id', deliveryId)
    .orderBy('d.id', 'desc')
    .limit(page.limit + 1);
  if (page.after) void query.whereRaw('d.id < ?::bigint', [page.after[1]]);
  return pageOf(await query, page.limit, { placeOf: (row) => [row.key, row.id], read: withoutKey });
}
