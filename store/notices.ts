import type { Knex } from 'knex';
import { MAIL_DEFAULTS, type MailMode, type NoticeParams, type Topic, TOPICS } from '../domain/notices/words.ts';
import { type Page, pageOf, type PageRequest } from './keyset.ts';
import { heldBy, type Owner } from './tasks.ts';

export interface NoticeRow {
  readonly id: number;
  readonly personId: string;
  readonly position: number;
  readonly kind: string;
  readonly topic: string;
  /** Null where it is about something else, which `href` says. */
  readonly caseId: string | null;
  readonly grantId: string | null;
  readonly href: string | null;
  readonly params: NoticeParams;
  readonly at: Date;
  readonly readAt: Date | null;
}

export const NOTICE_COLUMNS = [
  'id',
  'person_id as personId',
  'position',
  'kind',
  'topic',
  'case_id as caseId',
  'grant_id as grantId',
  'href',
  'params',
  'at',
  'read_at as readAt',
] as const;

/** A person's notices, newest first. */
export async function listNotices(
  db: Knex,
  person: string,
  { unread, page }: { readonly unread: boolean; readonly page: PageRequest },
): Promise<Page<NoticeRow>> {
  const query = db('notices')
    .select<NoticeRow[]>(...NOTICE_COLUMNS)
    .where({ person_id: person });
  void query.orderBy('id', 'desc').limit(page.limit + 1);
  if (unread) void query.whereNull('read_at');
  if (page.after) void query.whereRaw('id < ?::numeric', [/^\d+$/.test(page.after[0]) ? page.after[0] : '0']);
  return pageOf(await query, page.limit, { placeOf: ({ id }) => [String(id), ''], read: (row) => row });
}

/** Marks a notice as read; one that is keeps its time. Undefined where the person has no such notice. */
export async function readNotice(db: Knex, person: string, id: number): Promise<NoticeRow | undefined> {
  const [row] = await db('notices')
    .where({ id, person_id: person })
    .update({ read_at: db.raw('coalesce(read_at, now())') })
    .returning<NoticeRow[]>([...NOTICE_COLUMNS]);
  return row;
}

/** Marks all as read, or those up to one of them, so that none that came meanwhile is passed over. Says how many were not. */
export async function readAllNotices(db: Knex, person: string, upTo: number | undefined): Promise<number> {
  const query = db('notices').where({ person_id: person }).whereNull('read_at');
  if (upTo !== undefined) void query.andWhere('id', '<=', upTo);
  return query.update({ read_at: db.fn.now() });
}

export interface Counts {
  readonly overdue: number;
  readonly dueToday: number;
  readonly dueSoon: number;
  readonly unread: number;
}

/**
 * How much waits: open tasks that the person may answer, also for the absent, that are past their due date, due today, or due by a later date, each
 * counted once, and unread notices. Dates are `YYYY-MM-DD`.
 */
export async function countDue(
  db: Knex,
  owner: Owner,
  { today, soon }: { readonly today: string; readonly soon: string },
): Promise<Counts> {
  const { where, bindings } = heldBy(owner);
  const { rows } = await db.raw<{ rows: Counts[] }>(
    `select count(*) filter (where t.due_on < ?)::int as "overdue",
            count(*) filter (where t.due_on = ?)::int as "dueToday",
            count(*) filter (where t.due_on > ? and t.due_on <= ?)::int as "dueSoon",
            (select count(*)::int from notices where person_id = ? and read_at is null) as "unread"
       from tasks t
      where t.due_on <= ? and ${where}`,
    [today, today, today, soon, owner.actor.person, soon, ...bindings] as never,
  );
  const [row] = rows;
  if (!row) throw new Error('A count gave no row');
  return row;
}

export interface Preferences {
  readonly email: string | null;
  readonly mail: Readonly<Record<Topic, MailMode>>;
}

export async function readPreferences(db: Knex, person: string): Promise<Preferences> {
  const owner = await db('people').where({ id: person }).first<{ email: string | null } | undefined>('email');
  const rows = await db('notice_preferences')
    .where({ person_id: person })
    .select<{ topic: Topic; mail: MailMode }[]>('topic', 'mail');
  const chosen = Object.fromEntries(rows.map(({ topic, mail }) => [topic, mail]));
  return { email: owner?.email ?? null, mail: { ...MAIL_DEFAULTS, ...chosen } };
}

/** Changes what is given and leaves the rest. */
export async function changePreferences(
  db: Knex,
  person: string,
  { email, mail }: { readonly email?: string | null; readonly mail: Readonly<Partial<Record<Topic, MailMode>>> },
): Promise<void> {
  const rows = TOPICS.flatMap((topic) => {
    const mode = mail[topic];
    return mode === undefined ? [] : [{ person_id: person, topic, mail: mode }];
  });
  await db.transaction(async (trx) => {
    if (email !== undefined) await trx('people').where({ id: person }).update({ email });
    if (rows.length > 0)
      await trx('notice_preferences').insert(rows).onConflict(['person_id', 'topic']).merge(['mail']);
  });
}
