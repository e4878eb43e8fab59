import { type Api, startApi } from '../support/api.ts';
import { type ApiProcess, startApiProcess } from '../support/api-process.ts';
import { callService, dayAhead, PROVIDER_LEAD, registerService, serviceGrant } from '../support/gateway.ts';
import { until } from '../support/until.ts';

let api: Api;
let other: ApiProcess;
type Granted = Awaited<ReturnType<typeof serviceGrant>>;
let granted: Granted;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  await registerService(api);
  [other, granted] = await Promise.all([startApiProcess(api.engine), serviceGrant(api)]);
}, 120_000);
afterAll(async () => {
  await other.end('SIGKILL');
  await api.close();
});

const PATH = '/gateway/persons?limit=1';
const here = ({ key }: Granted) => callService(api.url, key, PATH);
const there = ({ key }: Granted) => callService(other.url, key, PATH);

async function act({ grantId }: Granted, action: 'suspend' | 'resume'): Promise<void> {
  const body = { action, reason: '核查' };
  const { status } = await api.ask(PROVIDER_LEAD, 'POST', `/api/grants/${grantId}/actions`, { body });
  expect(status).toBe(200);
}

function recorded({ grantId }: Granted): Promise<number> {
  return until(async () => {
    const { rows } = await api.engine.platform.knex.raw(
      'select count(*)::int as calls from gateway_calls where grant_id = ?',
      [grantId],
    );
    return rows[0].calls as number;
  });
}

/** Ends the connections over which processes hear of changes. */
async function endListening(): Promise<number> {
  const { rows } = await api.engine.platform.knex.raw(
    `select count(pg_terminate_backend(pid))::int as ended from pg_stat_activity
      where datname = current_database() and application_name = 'listens: santong_gateway'`,
  );
  return rows[0].ended;
}

test('what one process is told to suspend, the other refuses from its next call on, again and again', async () => {
  for (let round = 0; round < 5; round += 1) {
    expect((await there(granted)).status).toBe(200);
    await act(granted, 'suspend');
    expect((await there(granted)).status).toBe(403);
    expect((await here(granted)).status).toBe(403);
    await act(granted, 'resume');
    // A refusal is never given from memory, so a grant that goes on is known at once, too.
    expect((await there(granted)).status).toBe(200);
  }
});

test('while nothing is heard of changes, nothing that was remembered is used', async () => {
  expect((await there(granted)).status).toBe(200);
  expect((await here(granted)).status).toBe(200);
  expect(await endListening()).toBe(2);
  await act(granted, 'suspend');
  expect([(await there(granted)).status, (await here(granted)).status]).toEqual([403, 403]);
  await act(granted, 'resume');
  expect([(await there(granted)).status, (await here(granted)).status]).toEqual([200, 200]);
  await api.gateway.hearing;
});

test('a limit holds over all processes together, and says when it is over', async () => {
  await dayAhead();
  const few = await serviceGrant(api, { rate: { perSecond: 1_000, perMinute: 60_000, perDay: 25 } });
  const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? here(few) : there(few))));
  const given = answers.filter(({ status }) => status === 200);
  expect(given).toHaveLength(25);
  const refused = answers.filter(({ status }) => status !== 200);
  for (const { status, body, headers } of refused) {
    expect([status, body.code]).toEqual([429, 'RateExceeded']);
    expect(headers.get('RateLimit-Limit')).toBe('25');
    expect(headers.get('RateLimit-Remaining')).toBe('0');
    const seconds = Number(headers.get('Retry-After'));
    const midnight = 86_400 - ((Date.now() / 1_000 + 8 * 3_600) % 86_400);
    expect(Math.abs(seconds - midnight)).toBeLessThan(60);
  }
});

test('what a larger limit lets through is never more, and less only by what other processes hold', async () => {
  await dayAhead();
  const many = await serviceGrant(api, { rate: { perSecond: 1_000, perMinute: 60_000, perDay: 300 } });
  const statuses: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? here(many) : there(many))));
    statuses.push(...answers.map(({ status }) => status));
  }
  const given = statuses.filter((status) => status === 200).length;
  expect(given).toBeLessThanOrEqual(300);
  // A hundredth of the limit for the one other process.
  expect(given).toBeGreaterThanOrEqual(300 - 3);
});

test('a process that is killed loses the calls of its last moment at the most, one that is stopped none', async () => {
  const counted = await serviceGrant(api);
  const [before, after] = [40, 10];
  for (let n = 0; n < before; n += 1) expect((await there(counted)).status).toBe(200);
  // As docs/service-gateway.md says: half a second, and what a write takes.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  for (let n = 0; n < after; n += 1) await there(counted);
  await other.end('SIGKILL');
  const kept = await recorded(counted);
  expect(kept).toBeGreaterThanOrEqual(before);
  expect(kept).toBeLessThanOrEqual(before + after);
  other = await startApiProcess(api.engine);
  for (let n = 0; n < after; n += 1) expect((await there(counted)).status).toBe(200);
  await other.end('SIGTERM');
  expect(await recorded(counted)).toBe(kept + after);
  const { rows } = await api.engine.platform.knex.raw(
    'select sum(calls)::int as calls from gateway_usage where grant_id = ?',
    [counted.grantId],
  );
  expect(rows[0].calls).toBe(kept + after);
});
