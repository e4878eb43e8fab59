import pg from 'pg';
import { santong } from '../support/cli.ts';
import { type Api, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const place = () => ({ dataDir: api.engine.dataDir, url: api.url });

test('the demonstration files, approves, supplements, delivers, checks and replays two requests', async () => {
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
