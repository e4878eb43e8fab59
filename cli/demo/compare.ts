import { join } from 'node:path';
import pg from 'pg';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Manifest } from '../../domain/grant.ts';
import type { ShareRequestForm } from '../../domain/share-request.ts';
import { Failure } from '../failure.ts';
import type { Say } from '../language.ts';
import { readJson } from '../platform.ts';
import { digestOfRows } from './copy-text.ts';
import type { Checked } from './report.ts';
import type { Check, Scenario } from './scenario.ts';

/**
 * The one place of cli/ that opens databases: a demonstration that asked the platform alone whether the platform was right
 * would show little. Addresses are those that seeding wrote to `departments.json` for its owner.
 */
export type Departments = ReadonlyMap<string, string>;

/** @throws {Failure} unreachable, when the file is not there: the platform runs elsewhere */
export async function readDepartments(dataDir: string, say: Say): Promise<Departments> {
  const written = await readJson<{ departments: Readonly<Record<string, string>> }>(join(dataDir, 'departments.json'));
  if (written) return new Map(Object.entries(written.departments));
  throw new Failure(
    'unreachable',
    say(
      `${dataDir} 中没有 departments.json：演示要在数据库中核对结果，只能在平台所在的机器上运行。`,
      `There is no departments.json in ${dataDir}: the demo checks its outcome in the databases, so it runs where the platform runs.`,
    ),
  );
}

export interface Delivered {
  readonly scenario: Scenario;
  readonly application: ShareRequestForm;
  readonly manifest: Manifest;
}

/** Holds what arrived against the source, the approved application and the manifest. */
export async function compare(departments: Departments, delivered: Delivered): Promise<Checked[]> {
  const { scenario, manifest } = delivered;
  const expected = await inDatabase(departments, scenario.provider, (client) => expectedRows(client, scenario.check));
  return inDatabase(departments, scenario.requester, async (client) => {
    const { counts, masked } = await compareRows(client, { check: scenario.check, manifest, expected });
    const found = await foundDigest(client, manifest, scenario.check.key);
    return [
      {
        check: 'rows',
        ok: counts.delivered === expected.length && manifest.rows === expected.length && expected.length > 0,
        expected: String(expected.length),
        found: `${counts.delivered} / ${manifest.rows}`,
      },
      {
        check: 'content',
        ok: counts.extra === 0 && counts.missing === 0,
        expected: '+0 −0',
        found: `+${counts.extra} −${counts.missing}`,
      },
      ...masked,
      {
        check: 'digest',
        ok: found.sha256 === manifest.sha256 && found.bytes === manifest.bytes,
        expected: manifest.sha256,
        found: found.sha256,
      },
      manifestCheck(delivered),
    ];
  });
}

type Row = Readonly<Record<string, string | null>>;

async function expectedRows(client: pg.Client, { table, where, select }: Check): Promise<Row[]> {
  const outputs = Object.entries(select).map(
    ([item, expression]) => `(${expression})::text as ${pg.escapeIdentifier(item)}`,
  );
  return (
    await client.query<Record<string, string | null>>(`select ${outputs.join(', ')} from ${table} where ${where}`)
  ).rows;
}

interface Comparing {
  readonly check: Check;
  readonly manifest: Manifest;
  readonly expected: readonly Row[];
}

interface Counts {
  readonly delivered: number;
  readonly extra: number;
  readonly missing: number;
}

/** Row by row, in SQL: what is expected goes into a temporary table beside what arrived. */
async function compareRows(client: pg.Client, { check, manifest, expected }: Comparing) {
  const items = Object.keys(check.select).map((item) => pg.escapeIdentifier(item));
  const table = tableOf(manifest);
  const columns = items.map((item) => `${item} text`).join(', ');
  await client.query(`create temporary table expected (${columns})`);
  await client.query(`insert into expected select * from jsonb_to_recordset($1::jsonb) as r(${columns})`, [
    JSON.stringify(expected),
  ]);
  const arrived = `select ${items.map((item) => `${item}::text`).join(', ')} from ${table}`;
  const { rows } = await client.query<Record<keyof Counts, number>>(
    `select (select count(*)::int from ${table}) as delivered,
            (select count(*)::int from (${arrived} except all table expected) e) as extra,
            (select count(*)::int from (table expected except all ${arrived}) m) as missing`,
  );
  const counts: Counts = rows[0] ?? { delivered: 0, extra: 0, missing: 0 };
  return { counts, masked: await maskChecks(client, check, table) };
}

/** Each masked value shows stars and is exactly what the expression written by hand makes of the source. */
async function maskChecks(client: pg.Client, { masked, key }: Check, table: string): Promise<Checked[]> {
  const items = Object.keys(masked).map((item) => pg.escapeIdentifier(item));
  if (items.length === 0) return [];
  const [by] = [pg.escapeIdentifier(key)];
  const sound = items.map(
    (item) => `(a.${item} is null and e.${item} is null or a.${item} = e.${item} and strpos(a.${item}, '*') > 0)`,
  );
  const { rows } = await client.query<{ all: number; sound: number }>(
    `select count(*)::int as all, count(*) filter (where ${sound.join(' and ')})::int as sound
       from ${table} a left join expected e on e.${by} = a.${by}`,
  );
  const { all = 0, sound: good = 0 } = rows[0] ?? {};
  return [
    {
      check: 'masks',
      ok: all > 0 && all === good,
      expected: `${all} × ${items.length}`,
      found: `${good} × ${items.length}`,
    },
  ];
}

/** Under the settings of the canonical form, values as the server writes them. */
async function foundDigest(client: pg.Client, manifest: Manifest, key: string) {
  await client.query(`set datestyle = 'ISO, YMD'; set timezone = 'UTC'; set extra_float_digits = 1; set bytea_output = 'hex';
    set intervalstyle = 'iso_8601'`);
  const items = manifest.items.map((item) => pg.escapeIdentifier(item)).join(', ');
  const { rows } = await client.query<(string | null)[]>({
    text: `select ${items} from ${tableOf(manifest)} order by ${pg.escapeIdentifier(key)} collate "C"`,
    rowMode: 'array',
    types: { getTypeParser: () => (value: string) => value },
  });
  return digestOfRows(rows);
}

/** The manifest says what was approved: items, rows and masks of the form that the last signature saw. */
function manifestCheck({ scenario, application, manifest }: Delivered): Checked {
  const approved = canonicalJson(partsOf(application));
  const moved = canonicalJson(partsOf(manifest));
  const rules = Object.entries(scenario.check.masked).every(([item, rule]) => manifest.masks[item] === rule);
  return { check: 'manifest', ok: approved === moved && rules, expected: approved, found: moved };
}

function partsOf({ entryId, entryVersion, items, masks, rowScope }: ShareRequestForm | Manifest) {
  return { entryId, entryVersion, items, masks, rowScope };
}

function tableOf({ target }: Manifest): string {
  return `${pg.escapeIdentifier(target.schema)}.${pg.escapeIdentifier(target.table)}`;
}

async function inDatabase<T>(
  departments: Departments,
  department: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const connectionString = departments.get(department);
  if (connectionString === undefined) throw new Failure('unreachable', `departments.json: ${department}?`);
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
