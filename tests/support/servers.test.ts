import { existsSync } from 'node:fs';
import { afterAll, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { departmentDatabase, emptyDatabase, platformDatabase, temporalAddress, testServerPath } from './servers.ts';

const dropped: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const drop of dropped) await drop();
});

test('a platform database has the tables of the migrations and belongs to the role santong', async () => {
  const database = await platformDatabase();
  dropped.push(database.drop);
  const { rows } = await database.knex.raw(`select current_user as who, to_regclass('departments')::text as found`);
  expect(rows).toEqual([{ who: 'santong', found: 'departments' }]);
});

test('trigrams of Chinese text are found', async () => {
  const database = await platformDatabase();
  dropped.push(database.drop);
  const { rows } = await database.knex.raw(`select show_trgm('行政区划') <> '{}' as found`);
  expect(rows).toEqual([{ found: true }]);
});

test('no role but its own, not even the platform’s, gets into a department’s database', async () => {
  const [department, platform] = await Promise.all([departmentDatabase('civil-affairs'), emptyDatabase()]);
  dropped.push(department.drop, platform.drop);
  await department.knex.raw('create table divisions (code text)');
  const foreign = new URL(platform.url);
  foreign.pathname = `/${department.name}`;
  const client = new pg.Client({ connectionString: foreign.href });
  await expect(client.connect()).rejects.toThrow(/permission denied for database/);
});

test('the Temporal server answers and the one that skips time is there', async () => {
  const connection = await Connection.connect({ address: temporalAddress() });
  const { serverVersion } = await connection.workflowService.getSystemInfo({});
  await connection.close();
  expect(serverVersion).toMatch(/^1\./);
  expect(existsSync(testServerPath())).toBe(true);
});
