import type { Knex } from 'knex';
import { COUNT_LINKS } from './links/index.ts';

interface Fact {
  readonly help: string;
  readonly labels: readonly string[];
  /** Rows of the labels, as text, and a `value`. Asked at scrapes: it reads what is open, by an index, never all that ever was. */
  readonly sql: string;
}

const TODAY = `(now() at time zone 'Asia/Shanghai')::date`;

/** Seconds since the oldest of some rows; 0 where there are none. */
const age = (column: string): string => `coalesce(extract(epoch from now() - min(${column})), 0)`;

/** What of the platform's database is shown as metrics, by the metrics' names without `santong_`. */
export const FACTS = {
  sources: {
    help: 'Data sources of departments, by what the last look at them found: reached, failing, unseen',
    labels: ['kind', 'state'],
    sql: `select kind, case when looked_at is null then 'unseen' when failures > 0 then 'failing' else 'reached' end as state,
                 count(*) as value
            from data_sources group by 1, 2`,
  },
  source_look_late_seconds: {
    help: 'For how long the source that waits the longest to be looked at has been due, of those that have been reached before',
    labels: [],
    sql: `select ${age('watch_at')} as value from data_sources where watch_at < now() and looked_at is not null`,
  },
  mounts: {
    help: 'Entries of the catalogue, by whether there is anything to deliver from',
    labels: ['mounted'],
    sql: `select case when mounted then 'yes' else 'no' end as mounted, count(*) as value from catalogue_search group by 1`,
  },
  drifts_open: {
    help: 'Where what entries are mounted on is no longer what they say',
    labels: ['code'],
    sql: `select code, count(*) as value from catalogue_drifts where settled_at is null group by 1`,
  },
  catalogue_entries: {
    help: 'Entries of the catalogue, by state: published, suspended, withdrawn',
    labels: ['state'],
    sql: `select status as state, count(*) as value from catalogue_entries where current group by 1`,
  },
  cases_open: {
    help: 'Cases that have not ended',
    labels: ['process', 'status'],
    sql: `select kind as process, status, count(*) as value from cases where ended_at is null group by 1, 2`,
  },
  tasks_open: {
    help: 'Tasks that can be answered now, by the stage as the route names it, and whether their due date is past',
    labels: ['stage', 'due'],
    sql: `select split_part(stage, '@', 1) as stage, case when due_on < ${TODAY} then 'overdue' else 'in time' end as due,
                 count(*) as value
            from tasks where status = 'open' group by 1, 2`,
  },
  commands_pending: {
    help: 'Commands that were kept and whose outcome is not known yet',
    labels: [],
    sql: `select count(*) as value from commands where status = 'pending'`,
  },
  command_oldest_pending_seconds: {
    help: 'Age of the oldest of them',
    labels: [],
    sql: `select ${age('received_at')} as value from commands where status = 'pending'`,
  },
  outbox_waiting: {
    help: 'Events that wait to be told',
    labels: [],
    sql: 'select count(*) as value from outbox where position is null',
  },
  outbox_lag_seconds: {
    help: 'Age of the oldest of them',
    labels: [],
    sql: `select ${age('recorded_at')} as value from outbox where position is null`,
  },
  mails: {
    help: 'Mails that wait to be sent, and those that were given up within the last 30 days',
    labels: ['state'],
    sql: `select v.state, count(m.id) as value
            from (values ('pending'), ('dead')) as v(state) left join mails m on m.status = v.state group by 1`,
  },
  webhook_deliveries: {
    help: 'Webhook deliveries that wait to be sent, and those that were given up and not sent again',
    labels: ['state'],
    sql: `select v.state, count(d.id) as value
            from (values ('pending'), ('dead')) as v(state) left join webhook_deliveries d on d.status = v.state group by 1`,
  },
  deliveries_open: {
    help: 'Deliveries under way: running, waiting for a worker or the next attempt, waiting for their turn at the source',
    labels: ['state'],
    sql: `select case when status = 'waiting' and reason->>'code' = 'SourceBusy' then 'turn' else status end as state,
                 count(*) as value
            from deliveries where status in ('waiting', 'running') group by 1`,
  },
  delivery_turns: {
    help: 'Deliveries that hold or wait for a turn at a source, of the sources that are asked now',
    labels: ['source', 'state'],
    sql: `select source_id as source, case when held then 'held' else 'queued' end as state, count(*) as value
            from transfer_turns group by 1, 2`,
  },
  grants: {
    help: 'Grants, by state',
    labels: ['state'],
    sql: 'select status as state, count(*) as value from grants group by 1',
  },
  links: {
    help: 'Links by how they go: of grants in force, and of data sources',
    labels: ['kind', 'state'],
    sql: COUNT_LINKS,
  },
  alerts_open: {
    help: 'Alerts of which people were told and that are not over, by rule',
    labels: ['rule'],
    sql: `select rule_id as rule, count(*) as value from alerts
           where closed_at is null and opened_at is not null group by 1`,
  },
} as const satisfies Readonly<Record<string, Fact>>;
export type FactName = keyof typeof FACTS;

export interface FactSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One statement that takes longer than this, in milliseconds, leaves the scrape without facts: the database has other work. */
const PATIENCE_MS = 5_000;

/** All facts, as the database stands at one moment. */
export async function readFacts(db: Knex): Promise<ReadonlyMap<FactName, readonly FactSample[]>> {
  return db.transaction(
    async (trx) => {
      await trx.raw(`set local statement_timeout = ${PATIENCE_MS}`);
      const facts = new Map<FactName, readonly FactSample[]>();
      for (const [name, { sql, labels }] of Object.entries(FACTS) as [FactName, Fact][]) {
        const { rows } = await trx.raw<{ rows: Readonly<Record<string, unknown>>[] }>(sql);
        facts.set(
          name,
          rows.map((row) => ({
            labels: Object.fromEntries(labels.map((label) => [label, String(row[label])])),
            value: Number(row['value']),
          })),
        );
      }
      return facts;
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}
