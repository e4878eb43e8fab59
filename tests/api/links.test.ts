import { type Api, nextYear, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;
let grantId: string;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  ({ grantId } = await grantedCase(api, { schedule: { kind: 'cron', cron: '30 2 1 1 *' } }));
  await deliveryOf(api, grantId);
}, 120_000);
afterAll(() => api.close());

const get = async (path: string, account = REQUESTER) => (await api.ask(account, 'GET', path)).body;
const grantLink = (account?: string) => get(`/api/links/grant~${grantId}`, account);
const ids = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);

test('a grant is a link from source to target: last success, next run, lag, rows and bytes', async () => {
  const link = await grantLink();
  const { body: deliveries } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/deliveries`);
  const [{ manifest, id, endedAt }] = deliveries.items;
  expect(link).toMatchObject({
    kind: 'grant',
    name: '户籍人口基本信息',
    state: 'ok',
    provider: { id: 'public-security' },
    requester: { id: 'civil-affairs' },
    source: { id: 'public-security-main', kind: 'postgresql' },
    target: { place: 'database', id: 'civil-affairs-main' },
    grant: { id: grantId, mode: 'batch' },
    schedule: { kind: 'cron', cron: '30 2 1 1 *' },
    reason: null,
    lastSuccessAt: endedAt,
    lastFailure: null,
    nextRunAt: expect.stringMatching(/-01-01T02:30:00\.000\+08:00$/),
    lag: { schedule: null, source: expect.any(Number) },
    runs: { count: 1, failed: 0, errorRate: 0, rows: manifest.rows, bytes: manifest.bytes },
    recentRuns: [{ id, status: 'delivered', rows: manifest.rows, isIncrement: false, reason: null }],
  });
});

test('a run whose time has passed makes it late, from then on, until it has come', async () => {
  const { knex } = api.engine.platform;
  const [before] = await knex('grants').where({ id: grantId }).select('next_run_at');
  await knex('grants')
    .where({ id: grantId })
    .update({ next_run_at: knex.raw(`now() - interval '10 minutes'`) });
  expect((await grantLink()).state).toBe('ok');
  await knex('grants')
    .where({ id: grantId })
    .update({ next_run_at: knex.raw(`now() - interval '2 hours'`) });
  const late = await grantLink();
  expect(late.state).toBe('late');
  expect(late.lag.schedule).toBeGreaterThanOrEqual(7_200);
  expect(late.lag.schedule).toBeLessThan(7_300);
  await knex('grants').where({ id: grantId }).update(before);
});

test('how far it is behind the source counts from the first update that did not come along', async () => {
  const { knex } = api.engine.platform;
  const [{ started_at: startedAt }] = await knex('deliveries').where({ grant_id: grantId }).select('started_at');
  await knex('deliveries')
    .where({ grant_id: grantId })
    .update({ started_at: knex.raw(`now() - interval '50 hours'`) });
  const { lag } = await grantLink();
  // Updated daily at 02:00: the first update after 50 hours ago came within the 24 hours after.
  expect(lag.source).toBeGreaterThan(26 * 3_600 - 60);
  expect(lag.source).toBeLessThan(50 * 3_600);
  await knex('deliveries').where({ grant_id: grantId }).update({ started_at: startedAt });
});

test('a delivery that fails makes it failing with the reason, in the language of the caller; the next that comes mends it', async () => {
  const { knex } = api.engine.platform;
  await knex('sharing_lines').where({ grant_id: grantId }).update({ until: new Date() });
  await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`, { body: {} });
  await deliveryOf(api, grantId, 'failed');
  const failing = await grantLink();
  expect(failing).toMatchObject({
    state: 'failing',
    reason: { code: 'SharingRefused', message: expect.stringContaining('授权不再允许') },
    lastFailure: { code: 'SharingRefused', at: expect.any(String) },
    lastSuccessAt: expect.any(String),
    runs: { count: 2, failed: 1, errorRate: 0.5 },
    recentRuns: [{ status: 'failed', reason: { code: 'SharingRefused' } }, { status: 'delivered' }],
  });
  expect(failing.lag.schedule).toBeGreaterThanOrEqual(0);
  const english = await api.ask(REQUESTER, 'GET', `/api/links/grant~${grantId}`, {
    headers: { 'Accept-Language': 'en' },
  });
  expect(english.body.reason.message).toMatch(/^The grant does not allow/);
  expect(ids(await get('/api/links?state=failing'))).toEqual([`grant~${grantId}`]);

  await knex('sharing_lines').where({ grant_id: grantId }).update({ until: null });
  await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`, { body: {} });
  const mended = await until(async () => {
    const link = await grantLink();
    return link.state === 'failing' ? undefined : link;
  });
  expect(mended).toMatchObject({ state: 'ok', reason: null, lastFailure: { code: 'SharingRefused' } });
});

test('suspended, waiting for its period, and over', async () => {
  const { to } = nextYear();
  const later = await grantedCase(api, { period: { from: to, to } });
  expect(await get(`/api/links/grant~${later.grantId}`)).toMatchObject({
    state: 'waiting',
    lastSuccessAt: null,
    schedule: null,
    runs: { count: 0, errorRate: null },
    lag: { schedule: null, source: null },
  });
  const act = (action: string) =>
    api.ask('public-security.lead', 'POST', `/api/grants/${later.grantId}/actions`, {
      body: { action, reason: '核查' },
    });
  expect((await act('suspend')).status).toBe(200);
  expect((await get(`/api/links/grant~${later.grantId}`)).state).toBe('suspended');
  expect((await act('terminate')).status).toBe(200);
  expect((await api.ask(REQUESTER, 'GET', `/api/links/grant~${later.grantId}`)).status).toBe(404);
});
