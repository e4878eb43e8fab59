import { apiMetrics } from '../../metrics/api.ts';
import { measureFacts } from '../../metrics/facts.ts';
import { createMeter } from '../../metrics/registry.ts';
import { workerMetrics } from '../../metrics/worker.ts';
import { openDatabase } from '../../store/database.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

const TOKEN = 'a-token-for-tests-only';
const meter = createMeter();
let api: Api;
let open: Api;

beforeAll(async () => {
  api = await startApi({ metricsToken: TOKEN, factsMs: 0 });
  open = await startApi({ engine: api.engine, publicUrl: null });
  await api.engine.startWorkers({}, {}, { metrics: workerMetrics(meter) });
}, 120_000);
afterAll(async () => {
  await open.close();
  await api.close();
});

const scrape = async (token = TOKEN) =>
  api.ask(null, 'GET', '/metrics', { headers: { Authorization: `Bearer ${token}` } });

/** The value of a metric under labels that begin so; undefined where there is none. */
function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

test('metrics are for whoever shows the token; a session is none', async () => {
  expect(await scrape()).toMatchObject({ status: 200 });
  expect((await scrape()).headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await api.ask(null, 'GET', '/metrics')).toMatchObject({ status: 401, body: { code: 'NotAuthenticated' } });
  expect((await scrape('another-token-of-tests')).status).toBe(401);
  expect((await api.ask('admin', 'GET', '/metrics')).status).toBe(401);
});

test('without a token they are for this machine, and for nobody where something stands in between', async () => {
  expect((await open.ask(null, 'GET', '/metrics')).status).toBe(200);
  for (const name of ['X-Forwarded-For', 'Forwarded', 'Via']) {
    const answer = await open.ask(null, 'GET', '/metrics', { headers: { [name]: '127.0.0.1' } });
    expect(answer).toMatchObject({ status: 403, body: { code: 'NotAllowed' } });
  }
  const proxied = await startApi({ engine: api.engine });
  expect((await proxied.ask(null, 'GET', '/metrics')).status).toBe(403);
  await proxied.close();
});

test('requests are counted by the template of their route, and never by what is asked for', async () => {
  await api.ask(REQUESTER, 'GET', '/api/cases/no-such-case');
  await api.ask(null, 'GET', '/no/such/secret-path');
  await api.ask(REQUESTER, 'GET', '/api/catalogue?q=人口');
  const { body } = await scrape();
  expect(
    valueOf(body, 'santong_http_requests_total{method="GET",route="/api/cases/:id",status="4xx"}'),
  ).toBeGreaterThan(0);
  expect(valueOf(body, 'santong_http_requests_total{method="GET",route="none",status="4xx"}')).toBeGreaterThan(0);
  expect(valueOf(body, 'santong_catalogue_search_seconds_count{words="yes"}')).toBe(1);
  expect(body).not.toMatch(/no-such-case|secret-path|civil-affairs\.requester/);
});

test('a request that goes all the way is in commands, cases, tasks, grants, deliveries and asks', async () => {
  const before = (await scrape()).body;
  expect(valueOf(before, 'santong_grants{state="active"}')).toBeUndefined();
  const { grantId } = await grantedCase(api);
  await deliveryOf(api, grantId);
  const { body: filed } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  expect(filed.status).toBe('in-approval');
  const { body } = await scrape();
  expect(valueOf(body, 'santong_grants{state="active"}')).toBe(1);
  expect(valueOf(body, 'santong_cases_open{process="share-request",status="in-approval"}')).toBe(1);
  expect(valueOf(body, 'santong_tasks_open{stage="requester-lead",due="in time"}')).toBe(1);
  expect(valueOf(body, 'santong_commands_total{target="case",outcome="done"}')).toBe(5);
  expect(valueOf(body, 'santong_command_seconds_count{target="case"}')).toBe(5);
  expect(valueOf(body, 'santong_database_up')).toBe(1);
  expect(valueOf(body, 'santong_outbox_lag_seconds')).toBeGreaterThan(0);
  const worker = await until(async () => {
    const text = await meter.registry.metrics();
    return valueOf(text, 'santong_delivery_attempts_running') === 0 ? text : undefined;
  });
  const { body: delivered } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/deliveries`);
  const [{ manifest }] = delivered.items;
  expect(valueOf(worker, 'santong_delivery_attempts_total{mode="batch",outcome="delivered"}')).toBe(1);
  expect(valueOf(worker, 'santong_delivery_rows_total{mode="batch",set="whole"}')).toBe(manifest.rows);
  expect(valueOf(worker, 'santong_delivery_bytes_total{mode="batch",set="whole"}')).toBe(manifest.bytes);
  expect(valueOf(worker, 'santong_delivery_seconds_count{mode="batch",set="whole"}')).toBe(1);
  expect(valueOf(worker, 'santong_sharing_asks_total{answer="Allowed"}')).toBe(1);
  for (const id of [grantId, filed.id, filed.number]) expect(body + worker).not.toContain(id);
});

test('a delivery that is held up is counted by what stands in the way', async () => {
  const { grantId } = await grantedCase(api);
  await deliveryOf(api, grantId);
  await api.engine.platform.knex('sharing_lines').where({ grant_id: grantId }).update({ until: new Date() });
  await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`, { body: {} });
  await deliveryOf(api, grantId, 'failed');
  const text = await meter.registry.metrics();
  expect(valueOf(text, 'santong_delivery_attempts_total{mode="batch",outcome="SharingRefused"}')).toBe(1);
  // Another grant of the same department has a line of its own, which says what is wrong.
  expect(text).toMatch(/santong_sharing_asks_total\{answer="(OtherGrant|NoLine)"\} 1/);
});

test('facts are remembered for a while, however many scrape; without a database the rest is answered', async () => {
  const asked: string[] = [];
  const db = openDatabase(api.engine.platform.url, { max: 2 });
  db.on('query', ({ sql }: { sql: string }) => void (sql.includes('from outbox') && asked.push(sql)));
  const own = createMeter();
  apiMetrics(own);
  measureFacts(own, { db, rememberedMs: 60_000 });
  await Promise.all([own.registry.metrics(), own.registry.metrics(), own.registry.metrics()]);
  await own.registry.metrics();
  expect(asked).toHaveLength(2);
  await db.destroy();

  const away = createMeter();
  const gone = openDatabase('postgresql://x:x@127.0.0.1:1/x', { max: 1, warn: () => undefined });
  measureFacts(away, { db: gone });
  apiMetrics(away).answered({ method: 'GET', route: '/x', status: 200, seconds: 0.1 });
  const text = await away.registry.metrics();
  expect(valueOf(text, 'santong_database_up')).toBe(0);
  expect(valueOf(text, 'santong_outbox_lag_seconds')).toBeUndefined();
  expect(valueOf(text, 'santong_http_requests_total{method="GET",route="/x",status="2xx"}')).toBe(1);
  await gone.destroy();
});
