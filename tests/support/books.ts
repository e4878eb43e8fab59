import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Entry } from '../../domain/catalogue.ts';
import type { Manifest } from '../../domain/grant.ts';
import { mask } from '../../domain/masking.ts';
import { catalogue } from '../../seed/catalogue.ts';
import type { Platform, PlatformState } from './platform.ts';
import { NO_PSEUDONYMS } from './transfer.ts';

type Row = Record<string, unknown>;

/** Runs one query and hangs up: the servers of these tests come and go. */
export async function query<T = Row>(url: string, text: string, values: readonly unknown[] = []): Promise<T[]> {
  // Times and numbers as PostgreSQL writes them: nothing of a value may be lost on the way.
  const types = { getTypeParser: () => (value: unknown) => String(value) };
  const client = new pg.Client({ connectionString: url, types } as pg.ClientConfig);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T & pg.QueryResultRow>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** The superuser's address of one database of a single machine, to do what a department's administrator might do. */
export function administratorUrl(
  { dataDir, databaseUrl }: Pick<Platform, 'dataDir' | 'databaseUrl'>,
  database: string,
): string {
  const { postgresPassword } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as {
    postgresPassword: string;
  };
  const url = new URL(databaseUrl);
  url.username = 'postgres';
  url.password = postgresPassword;
  url.pathname = `/${database}`;
  return url.href;
}

/** The address of a department's own database, as its administrator has it. */
export function departmentUrl(dataDir: string, department: string): string {
  const { departments } = JSON.parse(readFileSync(join(dataDir, 'departments.json'), 'utf8')) as {
    departments: Readonly<Record<string, string>>;
  };
  const url = departments[department];
  if (url === undefined) throw new Error(`departments.json has no ${department}`);
  return url;
}

export interface CaseBook {
  readonly caseId: string;
  readonly status: string;
  /** How many events of each type the case and its grant have. */
  readonly events: Readonly<Record<string, number>>;
  readonly tasks: readonly string[];
}

/** What the record says of every case, oldest first. */
export async function caseBooks({ databaseUrl }: Pick<PlatformState, 'databaseUrl'>): Promise<CaseBook[]> {
  const cases = await query<{ id: string; status: string }>(
    databaseUrl,
    'select id, status from cases order by opened_at',
  );
  const counts = await query<{ id: string; type: string; count: string }>(
    databaseUrl,
    `select split_part(stream_id, '.', 1) as id, event->>'type' || case when event->>'type' = 'answered'
            then ':' || (event->>'verdict') else '' end || case stream_kind when 'grant' then '@grant' else '' end as type,
            count(*) from events group by 1, 2`,
  );
  const tasks = await query<{ case_id: string; line: string }>(
    databaseUrl,
    `select case_id, stage || ' ' || activation || ' ' || status || ' ' || verdict as line from tasks order by opened_at, id`,
  );
  return cases.map(({ id, status }) => ({
    caseId: id,
    status,
    events: Object.fromEntries(counts.filter((one) => one.id === id).map(({ type, count }) => [type, Number(count)])),
    tasks: tasks.filter((one) => one.case_id === id).map(({ line }) => line),
  }));
}

/** The one delivered manifest under a case's grant. @throws when there is none, or more than one delivery */
export async function manifestOf(
  { databaseUrl }: Pick<PlatformState, 'databaseUrl'>,
  caseId: string,
): Promise<Manifest> {
  const rows = await query<{ manifest: string; status: string }>(
    databaseUrl,
    'select d.manifest, d.status from deliveries d join grants g on g.id = d.grant_id where g.case_id = $1',
    [caseId],
  );
  const [only] = rows;
  if (rows.length !== 1 || only?.status !== 'delivered') throw new Error(`${caseId}: ${JSON.stringify(rows)}`);
  return JSON.parse(only.manifest) as Manifest;
}

/** What lies in the requester's table, and what should: the source's rows under the scope, masked by the rules themselves. */
export async function deliveredAndDue(
  dataDir: string,
  manifest: Manifest,
): Promise<{ delivered: string[]; due: string[] }> {
  const entry = catalogue.find(({ id }) => id === manifest.entryId);
  if (!entry) throw new Error(`No entry ${manifest.entryId}`);
  const items = manifest.items.map((id) => pg.escapeIdentifier(id)).join(', ');
  const { schema, table, sourceId } = manifest.target;
  const target = departmentUrl(dataDir, departmentOf(sourceId));
  const source = departmentUrl(dataDir, departmentOf(manifest.source.sourceId));
  const [delivered, held] = await Promise.all([
    query(target, `select ${items} from ${schema}.${pg.escapeIdentifier(table)}`),
    query(source, `select ${items} from ${manifest.source.schema}.${manifest.source.table} ${whereOf(manifest)}`),
  ]);
  return {
    delivered: lines(delivered, manifest.items),
    due: lines(
      held.map((row) => masked(row, manifest, entry)),
      manifest.items,
    ),
  };
}

/** The scopes of these tests: one condition, a beginning or a value. */
function whereOf({ rowScope }: Manifest): string {
  const [condition, ...more] = rowScope.all;
  if (!condition || more.length > 0) throw new Error('These tests compare scopes of one condition');
  const { item, operator, value } = condition;
  const comparison = { startsWith: 'like', eq: '=' }[String(operator)];
  if (comparison === undefined) throw new Error(`These tests do not compare ${operator}`);
  const text = operator === 'startsWith' ? `${String(value)}%` : String(value);
  return `where ${pg.escapeIdentifier(item)} ${comparison} ${pg.escapeLiteral(text)}`;
}

function masked(row: Row, { masks }: Manifest, entry: Entry): Row {
  const rules = entry.items.map((item) => [item.id, masks[item.id] ?? item.mask] as const);
  return Object.fromEntries(
    rules.map(([id, rule]) => [id, mask(rule, (row[id] ?? null) as string | null, NO_PSEUDONYMS)]),
  );
}

function lines(rows: readonly Row[], items: readonly string[]): string[] {
  return rows.map((row) => JSON.stringify(items.map((id) => row[id] ?? null))).toSorted();
}

function departmentOf(sourceId: string): string {
  return sourceId.replace(/-main$/, '');
}

/** The tables that the platform has made in a department's database, and the deliveries its list names. */
export async function receivedBy(
  dataDir: string,
  department: string,
): Promise<{ tables: string[]; deliveries: string[] }> {
  const url = departmentUrl(dataDir, department);
  const [tables, deliveries] = await Promise.all([
    query<{ name: string }>(url, "select tablename as name from pg_tables where schemaname = 'received' order by 1"),
    query<{ name: string }>(url, 'select delivery_id as name from received.deliveries order by 1'),
  ]);
  return { tables: tables.map(({ name }) => name), deliveries: deliveries.map(({ name }) => name) };
}
