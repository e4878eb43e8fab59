import type { Knex } from 'knex';
import type { Watch } from '../../domain/alerts/rules.ts';
import { cycleSeconds, linkId } from '../../domain/links.ts';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import { LIVE_GRANTS, OWED_SINCE, TROUBLED } from '../links/grants.ts';
import { MAILS_DEAD_HOURS } from '../links/messages.ts';

/** A value that is watched, of one thing. */
export interface Measured {
  /** The id of a link, or what else it is: `department~transport`. */
  readonly subject: string;
  readonly title: string;
  readonly provider: string | null;
  readonly requester: string | null;
  readonly value: number;
}

/** Says the value of each thing that has one above 0; by one statement over what is not as it should be. */
type Measure = (db: Knex) => Promise<Measured[]>;

/** How each is measured that can be watched. A new one is a row here and one in domain/alerts/rules.ts. */
export const MEASURES: Readonly<Record<Watch, Measure>> = {
  'link-failures': (db) =>
    measured(
      db,
      `select 'grant~' || g.id as subject, e.name as title, g.provider_id as provider, g.requester_id as requester,
              (select count(*) from deliveries d
                where d.grant_id = g.id and d.status = 'failed' and d.created_at > coalesce(
                  (select max(created_at) from deliveries where grant_id = g.id and status = 'delivered'), '-infinity'))
              + case when coalesce(r.reason->>'code', 'SourceBusy') <> 'SourceBusy' then r.attempt else 0 end as value
         from ${LIVE_GRANTS} join catalogue_entries e on e.id = g.entry_id and e.version = g.entry_version
        where ${TROUBLED} and g.status = 'active'
          and (g.state->'lastReport'->>'outcome' = 'failed' or coalesce(r.reason->>'code', 'SourceBusy') <> 'SourceBusy')`,
    ),
  'link-late': lateLinks,
  'source-unreachable': (db) =>
    measured(
      db,
      `select 'source~' || id as subject, name as title, department_id as provider, null as requester, failures as value
         from data_sources where failures > 0`,
    ),
  'outbox-lag': (db) =>
    ofPlatform(
      db,
      'platform~notices',
      `select extract(epoch from now() - min(recorded_at)) as value from outbox where position is null`,
    ),
  'commands-pending': (db) =>
    ofPlatform(
      db,
      'platform~commands',
      `select extract(epoch from now() - min(received_at)) as value from commands where status = 'pending'`,
    ),
  'dead-mails': (db) =>
    ofPlatform(
      db,
      'platform~mail',
      `select count(*) as value from mails
        where status = 'dead' and ended_at > now() - interval '${MAILS_DEAD_HOURS} hours'`,
    ),
  'dead-webhooks': (db) =>
    measured(
      db,
      `select 'webhook~' || w.id as subject, coalesce(nullif(w.description, ''), split_part(w.url, '/', 3)) as title,
              null as provider, w.department_id as requester, count(*) as value
         from webhook_deliveries d join webhooks w on w.id = d.webhook_id
        where d.status = 'dead' and w.active and w.deleted_at is null group by w.id`,
    ),
  'tasks-overdue': (db) =>
    measured(
      db,
      `select 'department~' || p.id as subject, p.name as title, p.id as provider, null as requester, count(*) as value
         from tasks t join departments p on p.id = t.department_id
        where t.status = 'open' and t.due_on < (now() at time zone 'Asia/Shanghai')::date group by p.id`,
    ),
};

async function measured(db: Knex, sql: string): Promise<Measured[]> {
  const { rows } = await db.raw<{ rows: Measured[] }>(sql);
  return rows.map((row) => ({ ...row, value: Number(row.value) }));
}

async function ofPlatform(db: Knex, subject: string, sql: string): Promise<Measured[]> {
  const { rows } = await db.raw<{ rows: { value: number | string | null }[] }>(sql);
  return [{ subject, title: 'Santong', provider: null, requester: null, value: Number(rows[0]?.value ?? 0) }];
}

const DAY_S = 86_400;

/** On call, a day stands for the cycle. */
async function lateLinks(db: Knex): Promise<Measured[]> {
  type Late = Omit<Measured, 'subject' | 'value'> & {
    ref: string;
    schedule: Schedule | null;
    owed: number | null;
    since: Date;
  };
  const { rows } = await db.raw<{ rows: Late[] }>(
    `select ref, title, provider, requester, schedule, since, extract(epoch from now() - since)::float8 as owed
       from (select g.id as ref, e.name as title, g.provider_id as provider, g.requester_id as requester,
                    g.state->'schedule' as schedule, ${OWED_SINCE} as since
               from ${LIVE_GRANTS} join catalogue_entries e on e.id = g.entry_id and e.version = g.entry_version
               left join lateral (select created_at from deliveries
                 where grant_id = g.id and status = 'delivered' order by created_at desc limit 1) ok on true
              where ${TROUBLED} and g.status = 'active') l
      where since is not null`,
  );
  return rows.map(({ ref, schedule, owed, since, ...link }) => {
    const cycle = (schedule && cycleSeconds(schedule, since.toISOString())) ?? DAY_S;
    return { ...link, subject: linkId('grant', ref), value: Math.max(0, owed ?? 0) / cycle };
  });
}
