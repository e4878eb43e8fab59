import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { evaluateAlerts } from '../../store/alerts/evaluate.ts';
import { putAlertRule } from '../../store/alerts/rules.ts';
import { MEASURES } from '../../store/alerts/measures.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { seedPeople } from '../support/told.ts';
import { until } from '../support/until.ts';

let platform: TestDatabase;

beforeAll(async () => {
  platform = await platformDatabase();
  await seedPeople(platform.knex);
});
afterAll(() => platform.drop());

const fail = (watch: string, error: unknown): never => {
  throw new Error(watch, { cause: error });
};

/** A source that has failed so often. */
async function failures(count: number): Promise<void> {
  const { knex } = platform;
  const source = { id: 'watched', department_id: 'transport', name: '交通库', sealed_connection: Buffer.alloc(1) };
  await knex('data_sources')
    .insert({ ...source, failures: count })
    .onConflict('id')
    .merge(['failures']);
}

async function tellings() {
  const rows = await platform.knex('outbox').whereNotNull('telling').orderBy('id').select('telling', 'stream_id');
  return rows.map(({ telling, stream_id: href }: { telling: { kind: string }; stream_id: string }) => ({
    kind: telling.kind,
    href,
  }));
}

test('every measure can be asked of an empty platform, and says nothing', async () => {
  for (const measure of Object.values(MEASURES)) {
    for (const { value } of await measure(platform.knex)) expect(value).toBe(0);
  }
});

test('processes that hold alerts against their rules and are killed at any instant tell of each once', async () => {
  const { knex } = platform;
  const by = (await knex('people').first('id')).id as string;
  // Without times, so that it opens and ends with each change of the source.
  const calm = { watches: 'source-unreachable', threshold: 3, forSeconds: 0, calmSeconds: 0 } as const;
  const tells = [{ party: 'provider', role: 'integrator' }] as const;
  await putAlertRule(knex, { ...calm, id: 'source-unreachable', tells, enabled: true }, { revision: 0, by });
  const child = fileURLToPath(new URL('../support/alerts-child.ts', import.meta.url));
  const execArgv = ['--no-warnings', '--import', fileURLToPath(new URL('../support/typescript.mjs', import.meta.url))];
  const children = Array.from({ length: 3 }, () =>
    fork(child, [platform.url], { execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }),
  );
  await Promise.all(children.map((one) => once(one, 'message')));
  const follows = (count: number) =>
    until(async () => (await knex('alerts').whereNull('closed_at')).length === count || undefined);
  for (const one of children) {
    const gone = once(one, 'exit');
    await failures(5);
    await follows(1);
    await failures(0);
    await follows(0);
    // In the midst of whatever it is at.
    await failures(5);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
    one.kill('SIGKILL');
    await gone;
  }
  // What the killed ones held is free once the server has noticed.
  await failures(0);
  while (!(await evaluateAlerts(knex, fail))) await new Promise((resolve) => setTimeout(resolve, 20));
  const alerts = await knex('alerts').where({ rule_id: 'source-unreachable' });
  expect(alerts.length).toBeGreaterThanOrEqual(children.length);
  expect(alerts.filter((alert) => alert.closed_at === null)).toEqual([]);
  const told = await tellings();
  for (const { id } of alerts) {
    expect(told.filter(({ href }) => href === `/api/alerts/${id}`).map(({ kind }) => kind)).toEqual([
      'alertSourceUnreachable',
      'alertRecovered',
    ]);
  }
  expect(told).toHaveLength(alerts.length * 2);
}, 60_000);

test('two at once open one alert', async () => {
  await platform.knex('alerts').delete();
  await failures(5);
  await Promise.all([1, 2, 3, 4].map(() => evaluateAlerts(platform.knex, fail)));
  await evaluateAlerts(platform.knex, fail);
  expect(await platform.knex('alerts').whereNull('closed_at')).toHaveLength(1);
});

test('a rule that is switched off ends its alerts without a word', async () => {
  const { knex } = platform;
  const before = (await tellings()).length;
  await knex('alert_rules').where({ id: 'source-unreachable' }).update({ enabled: false });
  await evaluateAlerts(knex, fail);
  expect(await knex('alerts').whereNull('closed_at')).toEqual([]);
  expect(await tellings()).toHaveLength(before);
});

test('what cannot be measured is said, holds up nothing else, and ends no alert', async () => {
  const { knex } = platform;
  await knex('alert_rules').where({ id: 'source-unreachable' }).update({ enabled: true });
  await evaluateAlerts(knex, fail);
  expect(await knex('alerts').whereNull('closed_at')).toHaveLength(1);
  await knex.raw('alter table data_sources rename column failures to gone');
  await knex('outbox').insert({
    stream_kind: 'x',
    stream_id: 'x',
    seq: 1,
    recorded_at: knex.raw(`now() - interval '1 hour'`),
  });
  const failed: string[] = [];
  await evaluateAlerts(knex, (watch) => failed.push(watch));
  await knex.raw('alter table data_sources rename column gone to failures');
  expect(failed).toEqual(['source-unreachable']);
  const open = await knex('alerts').whereNull('closed_at').orderBy('rule_id');
  expect(open.map(({ rule_id: id }) => id)).toEqual(['outbox-lag', 'source-unreachable']);
});
