import type { Knex } from 'knex';
import type { Service, ServiceTerms } from '../domain/service.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

export interface ServiceRow extends Service {
  readonly changedBy: string;
  readonly changedAt: Date;
}

interface Stored {
  readonly id: string;
  readonly revision: number;
  readonly provider: string;
  readonly entryId: string;
  readonly body: ServiceTerms;
  readonly changedBy: string;
  readonly changedAt: Date;
}

const COLUMNS = `s.id, s.revision, s.provider_id as provider, s.entry_id as "entryId", s.body,
  s.changed_by as "changedBy", s.changed_at as "changedAt"`;

function rowOf({ body, ...row }: Stored): ServiceRow {
  return { ...body, ...row };
}

export interface ServiceFilterBy {
  readonly provider?: string;
  readonly entryId?: string;
}

/** In the order of their ids. */
export async function listServices(db: Knex, filter: ServiceFilterBy, page: PageRequest): Promise<Page<ServiceRow>> {
  const query = db('services as s').select<(Stored & { key: string })[]>(db.raw(`${COLUMNS}, s.id as key`));
  void query
    .where('s.current', true)
    .orderBy('s.id')
    .limit(page.limit + 1);
  if (filter.provider !== undefined) void query.where('s.provider_id', filter.provider);
  if (filter.entryId !== undefined) void query.where('s.entry_id', filter.entryId);
  if (page.after) void query.where('s.id', '>', page.after[1]);
  return pageOf(await query, page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: (row) => rowOf(withoutKey(row)),
  });
}

export async function findService(db: Knex, id: string): Promise<ServiceRow | undefined> {
  const row = await db('services as s')
    .first<Stored | undefined>(db.raw(COLUMNS))
    .where({ 's.id': id, 's.current': true });
  return row && rowOf(row);
}

/** A service that an entry can be called by: of several that are open, the first by id. */
export async function openServiceOf(db: Knex, entryId: string): Promise<ServiceRow | undefined> {
  const row = await db('services as s')
    .first<Stored | undefined>(db.raw(COLUMNS))
    .where({ 's.entry_id': entryId, 's.current': true })
    .whereRaw(`s.body->>'status' = 'open'`)
    .orderBy('s.id');
  return row && rowOf(row);
}

interface Change extends Pick<Service, 'id' | 'provider' | 'entryId'> {
  readonly terms: ServiceTerms;
  readonly changedBy: string;
}

/** Registers a service. False where its id is taken. */
export async function insertService(trx: Knex, change: Change): Promise<boolean> {
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `insert into services (id, revision, provider_id, entry_id, body, changed_by)
     values (?, 1, ?, ?, ?, ?) on conflict do nothing`,
    [change.id, change.provider, change.entryId, JSON.stringify(change.terms), change.changedBy],
  );
  return rowCount === 1;
}

/** Puts the next revision in the place of the one given, which stays on record. False where that is not the current one. */
export async function changeService(trx: Knex, revision: number, change: Change): Promise<boolean> {
  const old = await trx('services').where({ id: change.id, revision, current: true }).update({ current: false });
  if (old !== 1) return false;
  await trx('services').insert({
    id: change.id,
    revision: revision + 1,
    provider_id: change.provider,
    entry_id: change.entryId,
    body: JSON.stringify(change.terms),
    changed_by: change.changedBy,
  });
  return true;
}
