import { Agent, get } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { createDecider } from '../../api/gateway/decisions.ts';
import { projectRoot } from '../../config.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import { loadPolicies } from '../../policies/policy.ts';
import { columnsOf } from '../../sources/postgresql/columns.ts';
import { sourcePool } from '../../sources/pool.ts';
import { pageSelect } from '../../sources/service-rows.ts';
import { openDatabase } from '../../store/database.ts';
import { connectionOf } from '../../store/data-sources.ts';
import { grantWithEntry } from '../../store/transfers.ts';
import { form } from '../support/cases.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { type Bench, type Measure, median, quantile } from './measure.ts';
import { atOnce } from './rig.ts';
import { signIn } from './sign-in.ts';
import { machineSpeed } from './yardstick.ts';

const REQUESTER = 'civil-affairs.requester';
const STAGES = [
  ['civil-affairs.lead', 'requester-lead'],
  ['public-security.reviewer', 'provider-reviewer'],
  ['public-security.lead', 'provider-lead'],
] as const;
const ROUNDS = 10;
const CALLS = 200;
const ROWS = 20;
const DECISIONS = 200_000;

/**
 * What a call of a granted service takes beyond its query: the same SQL through pg and through the gateway, over connections
 * that are kept, in turns, with everything running. Beside it how many decisions a process makes in a second.
 */
export const bench: Bench = {
  name: 'gateway',
  async run(say) {
    const speed = await machineSpeed();
    const platform = await startPlatform();
    try {
      const { grantId, key } = await granted(platform);
      say('granted');
      const times = await compared(platform, { grantId, key, say });
      const rate = await decisions(platform, key);
      const overhead = times.called - times.bare;
      return [
        {
          what: 'p50 beyond the bare query, at the speed of the reference',
          value: overhead * speed,
          unit: 'ms',
          goal: { atMost: 3 },
        },
        { what: 'speed of this machine', value: speed, unit: '' },
        { what: 'p50 beyond the bare query', value: overhead, unit: 'ms' },
        { what: 'p50 of a call', value: times.called, unit: 'ms' },
        { what: 'p50 of the bare query', value: times.bare, unit: 'ms' },
        { what: 'p95 of a call', value: times.called95, unit: 'ms' },
        { what: 'calls, 32 at once', value: times.perSecond, unit: '/s' },
        { what: 'decisions of one process, 500 at once', value: rate, unit: '/s', goal: { atLeast: 10_000 } },
      ] satisfies Measure[];
    } finally {
      await platform.remove();
    }
  },
};

/** A service over persons, granted with two masked items and a row scope. */
async function granted(platform: Platform): Promise<{ grantId: string; key: string }> {
  const call = await signIn(platform, [REQUESTER, ...STAGES.map(([account]) => account)]);
  await call('public-security.reviewer', '/api/services', { id: 'persons', entryId: 'persons', name: '人口' });
  const day = (days: number): string =>
    new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
  const {
    attachments: _,
    entryVersion: __,
    masks: ___,
    ...application
  } = form({
    items: ['record_no', 'name', 'sex', 'mobile'],
    rowScope: { all: [{ item: 'district_code', operator: 'startsWith', value: '2101' }] },
    mode: 'service',
    period: { from: day(0), to: day(300) },
    rate: { perSecond: 1_000, perMinute: 60_000, perDay: 10_000_000 },
  });
  const filed = (await call(REQUESTER, '/api/share-requests', application)) as { id: string; form: { digest: string } };
  for (const [account, stage] of STAGES) {
    const body = { action: 'approve', seen: filed.form.digest };
    await call(account, `/api/tasks/${filed.id}.${stage}.1/actions`, body);
  }
  const grantId = `${filed.id}.grant`;
  const { key } = (await call(REQUESTER, `/api/grants/${grantId}/keys`, {})) as { key: string };
  return { grantId, key };
}

interface Comparing {
  readonly grantId: string;
  readonly key: string;
  say(line: string): void;
}

async function compared({ url, databaseUrl, dataDir }: Platform, { grantId, key, say }: Comparing) {
  const { secretKey } = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as { secretKey: string };
  const knex = openDatabase(databaseUrl);
  const { grant, entry: found } = await grantWithEntry(knex, grantId);
  const entry = found as TableEntry;
  const { url: source } = await connectionOf(knex, entry.mount.sourceId, Buffer.from(secretKey, 'base64'));
  await knex.destroy();
  const pool = sourcePool({ url: source, most: 1, timeoutMs: 5_000 });
  const columns = await columnsOf(pool, entry.mount);
  await pool.end();
  const sql = pageSelect({ grant, entry, columns, query: { items: grant.items, conditions: [], limit: ROWS } });
  const client = new pg.Client(source);
  await client.connect();
  const agent = new Agent({ keepAlive: true });
  const call = (): Promise<void> => called(`${url}/gateway/persons?limit=${ROWS}`, key, agent);
  const bare = async (): Promise<void> => {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    if (rows.length !== ROWS + 1) throw new Error(`${rows.length} rows`);
  };
  await timed(CALLS, bare);
  await timed(CALLS, call);
  const times = { bare: [] as number[], called: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.bare.push(...(await timed(CALLS, bare)));
    times.called.push(...(await timed(CALLS, call)));
    say(
      `round ${round + 1}: ${median(times.called.slice(-CALLS)).toFixed(2)} ms called, ${median(times.bare.slice(-CALLS)).toFixed(2)} bare`,
    );
  }
  const began = performance.now();
  await atOnce(32, 4_000, call);
  const perSecond = 4_000 / ((performance.now() - began) / 1_000);
  agent.destroy();
  await client.end();
  const [called50, bare50] = [median(times.called), median(times.bare)];
  return { called: called50, bare: bare50, called95: quantile(times.called, 0.95), perSecond };
}

async function timed(count: number, work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times;
}

/** Over the limit of its grant a call waits for the next second: that is not what is measured. */
async function called(url: string, key: string, agent: Agent): Promise<void> {
  const status = await new Promise<number>((resolve, reject) => {
    const request = get(url, { agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', reject);
  });
  if (status === 200) return;
  if (status !== 429) throw new Error(`Answered with ${status}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  return called(url, key, agent);
}

async function decisions({ databaseUrl }: Platform, key: string): Promise<number> {
  const db = openDatabase(databaseUrl);
  const policies = await loadPolicies(join(projectRoot, 'policies'));
  const decider = createDecider({ db, databaseUrl, policies, secretKey: Buffer.alloc(32) });
  await decider.hearing;
  const decide = async (): Promise<void> => {
    const { kind } = await decider.decide(key, new Date().toISOString());
    if (kind !== 'allowed') throw new Error(kind);
  };
  await atOnce(500, 10_000, decide);
  const began = performance.now();
  await atOnce(500, DECISIONS, decide);
  const rate = DECISIONS / ((performance.now() - began) / 1_000);
  await decider.stop();
  await db.destroy();
  return rate;
}
