import type { Knex } from 'knex';
import type { Role } from '../domain/language.ts';
import { NOTICE_COLUMNS, type NoticeRow } from './notices.ts';

/** One position of the feed: an event, and the notices that people got of it. */
export interface FeedItem {
  readonly position: number;
  readonly streamKind: string;
  readonly streamId: string;
  readonly seq: number;
  /** Null for what follows from no case. */
  readonly caseId: string | null;
  /** The departments that take part: whoever sees the case sees the event. */
  readonly parties: readonly string[];
  readonly type: string;
  readonly at: Date;
  readonly notices: readonly NoticeRow[];
}

/** The last position there is, and the last one that is not there any more. */
export async function feedEnds(db: Knex): Promise<{ readonly head: number; readonly swept: number }> {
  const row = await db('feed').first<{ head: number; swept: number } | undefined>('head', 'swept');
  if (!row) throw new Error('The feed has lost its row');
  return row;
}

/** What is in the feed after a position, in order. */
export async function readFeed(db: Knex, after: number, limit: number): Promise<FeedItem[]> {
  const rows = await db('outbox')
    .select<Omit<FeedItem, 'notices'>[]>(
      'position',
      'stream_kind as streamKind',
      'stream_id as streamId',
      'seq',
      'case_id as caseId',
      'parties',
      'type',
      'at',
    )
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit);
  const last = rows.at(-1);
  if (!last) return [];
  const notices = await db('notices')
    .select<NoticeRow[]>(...NOTICE_COLUMNS)
    .where('position', '>', after)
    .andWhere('position', '<=', last.position)
    .orderBy('id');
  const byPosition = new Map<number, NoticeRow[]>();
  for (const notice of notices) {
    const known = byPosition.get(notice.position);
    if (known) known.push(notice);
    else byPosition.set(notice.position, [notice]);
  }
  return rows.map((row) => ({ ...row, notices: byPosition.get(row.position) ?? [] }));
}

export interface LiveSession {
  readonly id: string;
  readonly department: string;
  readonly roles: readonly Role[];
}

/** Those of the sessions that are neither over nor revoked, with what their holders are now. */
export async function liveSessions(db: Knex, ids: readonly string[]): Promise<LiveSession[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.raw<{ rows: LiveSession[] }>(
    `select s.id, p.department_id as department,
            array(select r.role from person_roles r
                   where r.person_id = p.id and r.department_id = p.department_id order by r.role) as roles
       from sessions s join people p on p.id = s.person_id
      where s.id = any(?::uuid[]) and s.revoked_at is null and s.expires_at > now() and p.active`,
    [ids as string[]] as never,
  );
  return rows;
}
