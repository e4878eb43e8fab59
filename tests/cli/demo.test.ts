import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { compare } from '../../cli/demo/compare.ts';
import { digestOfRows } from '../../cli/demo/copy-text.ts';
import { PERSONS } from '../../cli/demo/scenario.ts';
import { santong } from '../support/cli.ts';
import { type Api, startApi } from '../support/api.ts';
import { grantedCase } from '../support/grant.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const place = () => ({ dataDir: api.engine.dataDir, url: api.url });

test('the demonstration files, approves, supplements, delivers, checks and replays two requests', async () => {
  // The requester has been given fewer items of the same entry before.
  await grantedCase(api);
  const ran = await santong(place(), 'demo', '--json');
  expect(ran.err).toBe('');
  expect(ran.exit).toBe(0);
  const { ok, requests } = ran.json;
  expect(ok).toBe(true);
  expect(requests).toHaveLength(2);
  const [divisions, persons] = requests;
  expect(divisions.delivery.manifest.rows).toBe(195);
  expect(divisions.checks.map(({ check }: { check: string }) => check)).toEqual([
    'rows',
    'content',
    'digest',
    'manifest',
    'replay',
  ]);
  expect(persons.steps.map(({ action }: { action: string }) => action)).toEqual([
    'filed',
    'approve',
    'supplementAsked',
    'supplemented',
    'approve',
    'approve',
    'delivered',
  ]);
  expect(persons.checks).toContainEqual(expect.objectContaining({ check: 'masks', ok: true }));
});

test('the demonstration for people ends with a table and the verdict', async () => {
  const ran = await santong(place(), 'demo');
  expect(ran.exit).toBe(0);
  expect(ran.out).toContain('交付的数据与批准的内容一致');
});

test('one delivered value changed behind the platform’s back fails the comparison, the masks and the digest', async () => {
  const { requests } = (await santong(place(), 'demo', '--json')).json;
  const { case: filed, delivery } = requests[1];
  const { manifest } = delivery;
  const { body } = await api.ask('civil-affairs.requester', 'GET', `/api/cases/${filed.id}`);
  const departments = new Map(
    ['civil-affairs', 'public-security'].map((department) => [department, api.engine.departmentUrl(department)]),
  );
  const client = new pg.Client({ connectionString: api.engine.departmentUrl('civil-affairs') });
  await client.connect();
  await client.query(
    `update received."${manifest.target.table}" set name = '王小明'
      where record_no = (select min(record_no) from received."${manifest.target.table}")`,
  );
  await client.end();
  const checks = await compare(departments, { scenario: PERSONS, application: body.application, manifest });
  const failed = checks.filter(({ ok }) => !ok).map(({ check }) => check);
  expect(failed).toEqual(['content', 'masks', 'digest']);
  const other = { ...manifest, masks: { ...manifest.masks, name: 'none' } };
  const again = await compare(departments, { scenario: PERSONS, application: body.application, manifest: other });
  expect(again.filter(({ ok }) => !ok).map(({ check }) => check)).toContain('manifest');
});

test('rows are digested as COPY writes them: absent values, tabs and backslashes included', () => {
  const { bytes, sha256 } = digestOfRows([['a\tb', null, 'c\\d\n']]);
  expect(bytes).toBe(Buffer.byteLength('a\\tb\t\\N\tc\\\\d\\n\n'));
  expect(sha256).toHaveLength(64);
});

test('where the departments’ databases cannot be looked into, the demonstration says so and does not claim success', async () => {
  const ran = await santong({ dataDir: `${api.engine.dataDir}/nowhere`, url: api.url }, 'demo', '--lang', 'en');
  expect(ran.exit).toBe(3);
  expect(ran.err).toContain('departments.json');
});

test('the addresses of the departments’ databases are written for the owner of the folder alone', async () => {
  expect((await stat(join(api.engine.dataDir, 'departments.json'))).mode & 0o777).toBe(0o600);
});
