import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { verify } from '@node-rs/argon2';
import knex from 'knex';
import pg from 'pg';
import { projectRoot } from '../../config.ts';
import type { WrittenAccount } from '../../seed/accounts.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { databaseOf, departments, sourceOf } from '../../seed/departments.ts';
import { unseal } from '../../store/sealed.ts';
import type { SeedChildOrder } from '../support/seed-child.ts';
import { adminUrl, platformDatabase, unique } from '../support/servers.ts';
import type { TestDatabase } from '../support/servers.ts';

const secretKey = Buffer.alloc(32, 9);
const suffix = unique('');
let platform: TestDatabase;
let dataDir: string;

beforeAll(async () => {
  platform = await platformDatabase();
  dataDir = await mkdtemp(join(tmpdir(), 'santong-seed-'));
});

afterAll(async () => {
  const admin = knex({ client: 'pg', connection: adminUrl(), pool: { min: 0, max: 1 } });
  for (const { id } of departments) {
    await admin.raw('drop database if exists ?? with (force)', [databaseOf(id) + suffix]);
    await admin.raw('drop role if exists ??', [databaseOf(id) + suffix]);
  }
  await admin.destroy();
  await platform.drop();
  await rm(dataDir, { recursive: true });
});

/** Runs the seed as a process and kills it after so many milliseconds; says whether it ended well before. */
async function runSeed(killAfter?: number): Promise<boolean> {
  const order: SeedChildOrder = {
    platformUrl: platform.url,
    departmentsAdminUrl: adminUrl(),
    secretKey: secretKey.toString('base64'),
    dataDir,
    suffix,
  };
  const hooks = join(projectRoot, 'tests/support/typescript.mjs');
  const child = spawn(
    process.execPath,
    ['--import', hooks, join(projectRoot, 'tests/support/seed-child.ts'), JSON.stringify(order)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  if (killAfter !== undefined) {
    await Promise.race([sleep(killAfter), ended]);
    child.kill('SIGKILL');
  }
  const [code] = await ended;
  if (code !== 0 && code !== null) throw new Error(`The seed failed: ${said.join('')}`);
  return code === 0;
}

test('a seed that was killed again and again ends right when it is run once more', async () => {
  let ended = false;
  for (let delay = 500; !ended && delay < 15_000; delay += 250) ended = await runSeed(delay);
  expect(ended || (await runSeed())).toBe(true);

  const sources = await platform.knex('data_sources').select('id', 'sealed_connection');
  expect(new Set(sources.map((row) => row.id))).toEqual(new Set(departments.map(({ id }) => sourceOf(id))));
  for (const entry of catalogue) {
    const source = sources.find((row) => row.id === entry.mount.sourceId);
    const client = new pg.Client({ connectionString: unseal(secretKey, source.sealed_connection) });
    await client.connect();
    const { rows } = await client.query(`select count(*)::int as rows from ${pg.escapeIdentifier(entry.mount.table)}`);
    await client.end();
    expect([entry.id, rows[0].rows > 0]).toEqual([entry.id, true]);
  }
  const written = JSON.parse(await readFile(join(dataDir, 'accounts.json'), 'utf8')) as { accounts: WrittenAccount[] };
  const people = await platform.knex('people').select('id', 'password_hash');
  expect(people).toHaveLength(25);
  for (const { id, password_hash } of people) {
    const account = written.accounts.find((candidate) => candidate.account === id);
    expect([id, await verify(password_hash, account?.password ?? '')]).toEqual([id, true]);
  }
}, 120_000);
