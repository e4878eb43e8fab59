import type { Knex } from 'knex';
import type { Viewer } from '../cases.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from '../keyset.ts';

/** An alert of which people were told, open or over. */
export interface AlertRow {
  readonly id: string;
  readonly rule: string;
  readonly watches: string;
  readonly subject: string;
  readonly title: string;
  readonly provider: string | null;
  readonly requester: string | null;
  readonly threshold: number;
  readonly value: number;
  readonly worst: number;
  readonly since: Date;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly note: string | null;
}

const COLUMNS = `a.id, a.rule_id as rule, a.watches, a.subject, a.title, a.provider_id as provider,
  a.requester_id as requester, a.threshold, a.value, a.worst, a.since, a.opened_at as "openedAt",
  a.closed_at as "closedAt", a.acknowledged_by as "acknowledgedBy", a.acknowledged_at as "acknowledgedAt", a.note`;

export interface AlertFilter {
  readonly status?: 'open' | 'closed' | undefined;
  readonly rule?: string | undefined;
  readonly subject?: string | undefined;
}

function visible(db: Knex, viewer: Viewer): Knex.QueryBuilder {
  const query = db('alerts as a').whereNotNull('a.opened_at');
  return viewer.all ? query : query.whereRaw('? in (a.provider_id, a.requester_id)', [viewer.department]);
}

/** Those opened last first. */
export async function listAlerts(
  db: Knex,
  { viewer, filter, page }: { readonly viewer: Viewer; readonly filter: AlertFilter; readonly page: PageRequest },
): Promise<Page<AlertRow>> {
  const { status, rule, subject } = filter;
  const query = visible(db, viewer)
    .select<(AlertRow & { key: string })[]>(db.raw(`${COLUMNS}, a.opened_at::text as key`))
    .orderByRaw('a.opened_at desc, a.id desc')
    .limit(page.limit + 1);
  if (status === 'open') void query.whereNull('a.closed_at');
  if (status === 'closed') void query.whereNotNull('a.closed_at');
  if (rule !== undefined) void query.where('a.rule_id', rule);
  if (subject !== undefined) void query.where('a.subject', subject);
  if (page.after) void query.whereRaw('(a.opened_at, a.id::text) < (?::timestamptz, ?)', [...page.after]);
  return pageOf((await query) as (AlertRow & { key: string })[], page.limit, {
    placeOf: ({ key, id }) => [key, id],
    read: withoutKey,
  });
}

/** `id` must be a UUID. Undefined also where the viewer may not know of it. */
export async function findAlert(db: Knex, id: string, viewer: Viewer): Promise<AlertRow | undefined> {
  return visible(db, viewer).where('a.id', id).first<AlertRow | undefined>(db.raw(COLUMNS));
}

/** Writes down who has taken up an alert that is open and that nobody has taken up yet, and says whether it was so. */
export async function acknowledgeAlert(
  trx: Knex,
  id: string,
  { by, note }: { readonly by: string; readonly note: string | undefined },
): Promise<boolean> {
  const changed = await trx('alerts')
    .where({ id })
    .whereNull('closed_at')
    .whereNull('acknowledged_at')
    .update({ acknowledged_by: by, acknowledged_at: trx.fn.now(), note: note ?? null });
  return changed === 1;
}
