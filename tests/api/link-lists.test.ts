import { randomUUID } from 'node:crypto';
import { type Api, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';

let api: Api;
let grantId: string;
const REVIEWER = 'public-security.reviewer';

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  ({ grantId } = await grantedCase(api, { schedule: { kind: 'cron', cron: '30 2 1 1 *' } }));
  await deliveryOf(api, grantId);
}, 120_000);
afterAll(() => api.close());

const get = async (path: string, account = REQUESTER) => (await api.ask(account, 'GET', path)).body;
const ids = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id);

test('a data source is a link also without grants: its last test, why it failed, what has drifted', async () => {
  const url = new URL(api.engine.departmentUrl('public-security'));
  const connection = {
    kind: 'postgresql',
    host: '127.0.0.1',
    port: 1,
    database: url.pathname.slice(1),
    user: 'nobody',
    password: 'nothing',
  };
  const body = { name: '备用库', connection };
  const { body: source } = await api.ask(REVIEWER, 'POST', '/api/catalogue/sources', { body });
  const path = `/api/links/source~${source.id}`;
  expect(await get(path, REVIEWER)).toMatchObject({ state: 'waiting', name: '备用库', lastFailure: null });
  await api.ask(REVIEWER, 'POST', `/api/catalogue/sources/${source.id}/test`);
  expect(await get(path, REVIEWER)).toMatchObject({
    state: 'failing',
    reason: { code: 'NotListening', message: expect.stringContaining('端口') },
    lastFailure: { code: 'NotListening', at: expect.any(String) },
    drifts: 0,
    nextRunAt: null,
  });
  await api.engine.platform
    .knex('data_sources')
    .where({ id: 'public-security-main' })
    .update({ watch_at: new Date(0) });
  await api.app.watching.round();
  expect(await get('/api/links/source~public-security-main', REVIEWER)).toMatchObject({
    state: 'ok',
    lastSuccessAt: expect.any(String),
    nextRunAt: expect.any(String),
  });
});

test('webhooks and the platform’s own ways of telling: what waits, what was given up and what was said', async () => {
  const { knex } = api.engine.platform;
  const hook = { url: 'https://receiver.example/secret-path', description: '<script>业务系统</script>' };
  const { body } = await api.ask('integrator', 'POST', '/api/webhooks', { body: hook });
  const path = `/api/links/webhook~${body.id}`;
  expect(await get(path, 'integrator')).toMatchObject({ state: 'waiting', messages: { waiting: 0, dead: 0 } });
  await knex('webhook_deliveries').insert({
    webhook_id: body.id,
    order_key: 'x',
    position: 1,
    type: 'x',
    body: '{}',
    status: 'dead',
    ended_at: new Date(),
    log: JSON.stringify([{ at: new Date(), ms: 1, status: 500, error: '500 no' }]),
  });
  const dead = await get(path, 'integrator');
  expect(dead).toMatchObject({
    state: 'failing',
    target: { place: 'webhook', name: 'receiver.example' },
    messages: { dead: 1 },
    lastFailure: { code: 'NotTaken', message: '对方未接收: 500 no' },
  });
  expect(JSON.stringify(dead)).not.toContain('secret-path');

  await knex('mails').insert({
    person_id: REQUESTER,
    is_daily: false,
    is_closed: true,
    status: 'dead',
    due_at: new Date(),
    ended_at: new Date(),
    error: '550',
  });
  expect(await get('/api/links/platform~mail', 'admin')).toMatchObject({
    state: 'failing',
    name: '平台：电子邮件',
    messages: { dead: 1 },
    reason: { code: 'NotTaken' },
  });
  expect(await get('/api/links/platform~notices', 'admin')).toMatchObject({
    kind: 'platform',
    name: '平台：通知与事件',
  });
  await knex('outbox').insert({
    stream_kind: 'x',
    stream_id: 'x',
    seq: 1,
    recorded_at: knex.raw(`now() - interval '1 hour'`),
  });
  const behind = await get('/api/links/platform~notices', 'admin');
  expect(behind.state).toBe('late');
  expect(behind.lag.schedule).toBeGreaterThanOrEqual(3_600);
});

test('everybody sees the links of their department, and who watches over all sees all of them; read on, none is missed', async () => {
  const all = ids(await get('/api/links?limit=200', 'data-bureau.authority'));
  expect(all).toEqual([...all].toSorted());
  for (const account of ['auditor', 'admin']) expect(ids(await get('/api/links?limit=200', account))).toEqual(all);
  for (const id of [`grant~${grantId}`, 'platform~mail', 'platform~notices', 'source~civil-affairs-main']) {
    expect(all).toContain(id);
  }
  const own = ids(await get('/api/links?limit=200'));
  expect(own).toContain(`grant~${grantId}`);
  expect(own).toContain('source~civil-affairs-main');
  expect(own.some((id) => id.startsWith('platform~'))).toBe(false);
  expect(own).not.toContain('source~public-security-main');
  expect(ids(await get('/api/links?limit=200', 'transport.requester'))).toEqual(['source~transport-main']);
  for (const path of [`grant~${grantId}`, 'platform~mail', 'source~public-security-main', `webhook~${randomUUID()}`]) {
    expect((await api.ask('transport.requester', 'GET', `/api/links/${path}`)).status).toBe(404);
  }

  const read: string[] = [];
  for (let cursor = ''; ;) {
    const page = await get(`/api/links?limit=1${cursor}`, 'auditor');
    read.push(...ids(page));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(read).toEqual(all);
  const providers = ids(await get('/api/links?department=public-security&kind=grant', 'auditor'));
  expect(providers).toContain(`grant~${grantId}`);
});

test('what is asked wrongly is refused with every fault', async () => {
  const { status, body } = await api.ask(REQUESTER, 'GET', '/api/links?state=odd&kind=odd&limit=0&colour=red');
  expect(status).toBe(422);
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/query/colour',
    '/query/kind',
    '/query/limit',
    '/query/state',
  ]);
  for (const id of ['grant', 'grant~', 'odd~x', '~']) {
    expect((await api.ask('auditor', 'GET', `/api/links/${encodeURIComponent(id)}`)).status).toBe(404);
  }
});
