import type { Knex } from 'knex';
import type { LinkState } from '../../domain/links.ts';
import { type LinkAsk, type LinkRow, NOTHING } from './row.ts';

/** What has been due for longer than this, in minutes, and is not on its way is late. */
const LATE_MINUTES = 5;

const WEBHOOK_STATE = `case
  when not w.active then 'suspended'
  when m.dead > 0 then 'failing'
  when m.due < now() - interval '${LATE_MINUTES} minutes' then 'late'
  when ok.ended_at is null and m.pending = 0 then 'waiting'
  else 'ok' end`;

type Said = { readonly status?: number; readonly error?: string } | null;
type WebhookRow = Pick<LinkRow, 'ref' | 'state' | 'requester' | 'waiting' | 'dead'> & {
  readonly description: string;
  readonly url: string;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly said: Said;
  readonly owedSince: Date | null;
};

/** Webhooks in the order of their ids. An address may hold a secret: only its host is shown. */
export async function webhookLinks(db: Knex, ask: LinkAsk): Promise<LinkRow[]> {
  const { viewer, state, department, after, limit, ref } = ask;
  const query = db('webhooks as w')
    .select<WebhookRow[]>(
      db.raw(`w.id::text as ref, ${WEBHOOK_STATE} as state, w.department_id as requester, w.description, w.url,
        m.pending as waiting, m.dead, ok.ended_at as "lastSuccessAt", bad.ended_at as "lastFailureAt", bad.said,
        case when m.due < now() then m.due end as "owedSince"`),
    )
    .joinRaw(
      `cross join lateral (select count(*) filter (where status = 'pending')::int as pending,
           count(*) filter (where status = 'dead')::int as dead, min(due_at) filter (where status = 'pending') as due
         from webhook_deliveries where webhook_id = w.id and status in ('pending', 'dead')) m
       left join lateral (select ended_at from webhook_deliveries
         where webhook_id = w.id and status = 'delivered' order by created_at desc, id desc limit 1) ok on true
       left join lateral (select ended_at, log->-1 as said from webhook_deliveries
         where webhook_id = w.id and status = 'dead' order by created_at desc, id desc limit 1) bad on true`,
    )
    .whereNull('w.deleted_at')
    .whereRaw('w.id::text > ?', [after])
    .orderByRaw('w.id::text')
    .limit(limit);
  if (ref !== undefined) void query.whereRaw('w.id::text = ?', [ref]);
  if (!viewer.all) void query.where('w.department_id', viewer.department);
  if (department !== undefined) void query.where('w.department_id', department);
  if (state !== undefined) void query.whereRaw(`${WEBHOOK_STATE} = ?`, [state]);
  return (await query).map(({ description, url, said, ...row }) => {
    const host = new URL(url).host;
    const failure = said && { code: 'NotTaken', params: { answer: said.error ?? said.status ?? '' } };
    return {
      ...NOTHING,
      ...row,
      kind: 'webhook',
      title: description === '' ? host : description,
      target: { place: 'webhook', id: null, name: host },
      reason: row.state === 'failing' ? failure : null,
      lastFailure: failure,
    };
  });
}

interface PlatformRow {
  readonly ref: string;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly error: string | null;
  readonly waiting: number;
  readonly dead: number | null;
  readonly due: Date | null;
  readonly isLate: boolean;
}

/** What was given up longer ago, in hours, no longer makes mail fail: nobody sends it again. */
export const MAILS_DEAD_HOURS = 24;

/** The platform's own ways of telling: they belong to no department. */
export async function platformLinks(db: Knex, ask: LinkAsk): Promise<LinkRow[]> {
  if (!ask.viewer.all || ask.department !== undefined) return [];
  const { rows } = await db.raw<{ rows: PlatformRow[] }>(
    `select l.*, coalesce(due < now() - interval '${LATE_MINUTES} minutes', false) as "isLate"
       from (select 'mail' as ref,
                    (select max(ended_at) from mails where status = 'sent') as "lastSuccessAt",
                    bad.ended_at as "lastFailureAt", bad.error, bad.dead,
                    p.waiting, p.due
               from (select count(*)::int as waiting, min(due_at) as due from mails
                      where status = 'pending' and is_closed) p
               cross join (select count(*)::int as dead, max(ended_at) as ended_at,
                                  (array_agg(error order by ended_at desc))[1] as error
                             from mails where status = 'dead' and ended_at > now() - interval '${MAILS_DEAD_HOURS} hours') bad
             union all
             select 'notices', (select recorded_at from outbox where position is not null order by position desc limit 1),
                    null, null, null, count(*)::int, min(recorded_at)
               from outbox where position is null) l
      order by ref`,
  );
  return rows
    .map(platformLink)
    .filter(({ ref, state }) => {
      const isAsked = ask.ref === undefined || ask.ref === ref;
      return isAsked && ref > ask.after && (ask.state === undefined || ask.state === state);
    })
    .slice(0, ask.limit);
}

function platformLink({ error, due, isLate, ...row }: PlatformRow): LinkRow {
  const failure = error === null ? null : { code: 'NotTaken', params: { answer: error } };
  const state = stateOf(row, isLate);
  const owedSince = isLate ? due : null;
  return { ...NOTHING, ...row, kind: 'platform', state, title: '', reason: failure, lastFailure: failure, owedSince };
}

function stateOf(
  { dead, lastSuccessAt, waiting }: Pick<PlatformRow, 'dead' | 'lastSuccessAt' | 'waiting'>,
  isLate: boolean,
): LinkState {
  if (dead !== null && dead > 0) return 'failing';
  if (isLate) return 'late';
  return lastSuccessAt === null && waiting === 0 ? 'waiting' : 'ok';
}
