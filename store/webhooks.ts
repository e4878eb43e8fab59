import type { Knex } from 'knex';
import type { Viewer } from './cases.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';
import type { Attempt } from './webhook-queue.ts';

export interface Webhook {
  readonly id: string;
  readonly department: string;
  readonly createdBy: string;
  readonly url: string;
  readonly description: string;
  /** What it is told of: `*`, `case.*`, `case.ended`. */
  readonly types: readonly string[];
  readonly active: boolean;
  readonly version: number;
  /** Until when what is sent is signed with the secret before as well. */
  readonly secretBeforeUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly pending: number;
  readonly dead: number;
}

const COLUMNS = `w.id, w.department_id as department, w.created_by as "createdBy", w.url, w.description, w.types, w.active,
  w.version, case when w.secret_before_until > now() then w.secret_before_until end as "secretBeforeUntil",
  w.created_at as "createdAt", w.updated_at as "updatedAt",
  (select count(*)::int from webhook_deliveries d where d.webhook_id = w.id and d.status = 'pending') as pending,
  (select count(*)::int from webhook_deliveries d where d.webhook_id = w.id and d.status = 'dead') as dead`;

export interface NewWebhook extends Pick<Webhook, 'id' | 'department' | 'createdBy' | 'url' | 'description' | 'types'> {
  readonly sealedSecret: Buffer;
}

export async function insertWebhook(db: Knex, { sealedSecret, ...webhook }: NewWebhook): Promise<void> {
  await db('webhooks').insert({
    id: webhook.id,
    department_id: webhook.department,
    created_by: webhook.createdBy,
    url: webhook.url,
    description: webhook.description,
    types: webhook.types,
    sealed_secret: sealedSecret,
  });
}

/** Newest first. */
export async function listWebhooks(db: Knex, viewer: Viewer, page: PageRequest): Promise<Page<Webhook>> {
  const query = db('webhooks as w')
    .select<(Webhook & { key: string })[]>(db.raw(`${COLUMNS}, w.created_at::text as key`))
    .whereNull('w.deleted_at');
  void query.orderByRaw('w.created_at desc, w.id desc').limit(page.limit + 1);
  if (!viewer.all) void query.where('w.department_id', viewer.department);
  if (page.after) void query.whereRaw('(w.created_at, w.id::text) < (?::timestamptz, ?)', [...page.after]);
  return pageOf(await query, page.limit, { placeOf: (row) => [row.key, row.id], read: withoutKey });
}

/** Undefined also where the viewer may not know of it. `id` must be a UUID. */
export async function findWebhook(db: Knex, id: string, viewer: Viewer): Promise<Webhook | undefined> {
  const query = db('webhooks as w')
    .first<Webhook | undefined>(db.raw(COLUMNS))
    .where('w.id', id)
    .whereNull('w.deleted_at');
  return viewer.all ? query : query.where('w.department_id', viewer.department);
}

export type WebhookChange = Partial<Pick<Webhook, 'url' | 'description' | 'types' | 'active'>>;

/** False where it has another version by now. */
export async function changeWebhook(
  db: Knex,
  { id, version }: Pick<Webhook, 'id' | 'version'>,
  change: WebhookChange,
): Promise<boolean> {
  const rows = await db('webhooks')
    .where({ id, version })
    .whereNull('deleted_at')
    .update({ ...change, version: version + 1, updated_at: db.fn.now() });
  return rows > 0;
}

export async function removeWebhook(db: Knex, id: string): Promise<void> {
  await db('webhooks').where({ id }).update({ active: false, deleted_at: db.fn.now() });
}

/** The new secret signs from now on; the one before does so too, for so many hours, until receivers know the new one. */
export async function rotateSecret(db: Knex, id: string, sealed: Buffer, hours: number): Promise<void> {
  await db('webhooks')
    .where({ id })
    .update({
      sealed_secret_before: db.ref('sealed_secret'),
      secret_before_until: db.raw('now() + make_interval(hours => ?)', [hours]),
      sealed_secret: sealed,
      version: db.raw('version + 1'),
      updated_at: db.fn.now(),
    });
}

export async function sealedSecretOf(db: Knex, id: string): Promise<Buffer | undefined> {
  const row = await db('webhooks').where({ id }).first<{ sealed: Buffer } | undefined>('sealed_secret as sealed');
  return row?.sealed;
}

export interface WebhookDelivery {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly log: readonly Attempt[];
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

const DELIVERY = `d.id, d.type, d.status, d.attempts, d.due_at as "dueAt", d.log, d.created_at as "createdAt",
  d.ended_at as "endedAt"`;

/** Newest first. */
export async function listWebhookDeliveries(
  db: Knex,
  webhookId: string,
  { status, page }: { readonly status: string | undefined; readonly page: PageRequest },
): Promise<Page<WebhookDelivery>> {
  const query = db('webhook_deliveries as d')
    .select<(WebhookDelivery & { key: string })[]>(db.raw(`${DELIVERY}, d.created_at::text as key`))
    .where('d.webhook_id', webhookId);
  void query.orderByRaw('d.created_at desc, d.id desc').limit(page.limit + 1);
  if (status !== undefined) void query.where('d.status', status);
  if (page.after) void query.whereRaw('(d.created_at, d.id::text) < (?::timestamptz, ?)', [...page.after]);
  return pageOf(await query, page.limit, { placeOf: (row) => [row.key, row.id], read: withoutKey });
}

/** `id` must be a UUID. */
export async function findWebhookDelivery(
  db: Knex,
  webhookId: string,
  id: string,
): Promise<WebhookDelivery | undefined> {
  return db('webhook_deliveries as d')
    .first<WebhookDelivery | undefined>(db.raw(DELIVERY))
    .where({ 'd.id': id, 'd.webhook_id': webhookId });
}

/** A delivery of its own that follows from no event: orders with nothing. */
export async function insertPing(
  db: Knex,
  { id, webhookId, body }: { readonly id: string; readonly webhookId: string; readonly body: string },
): Promise<void> {
  await db('webhook_deliveries').insert({
    id,
    webhook_id: webhookId,
    order_key: `ping:${id}`,
    position: 0,
    type: 'ping',
    body,
  });
}

/** Has one go again at once, or every dead one where none is named; one that is pending is left as it is. Says how many. */
export async function sendAgain(db: Knex, webhookId: string, id?: string): Promise<number> {
  const query = db('webhook_deliveries').where({ webhook_id: webhookId });
  if (id === undefined) void query.andWhere({ status: 'dead' });
  else void query.andWhere({ id }).whereNot({ status: 'pending' });
  return query.update({ status: 'pending', attempts: 0, due_at: db.fn.now(), ended_at: null });
}
