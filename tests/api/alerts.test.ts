import { type Api, application, startApi } from '../support/api.ts';
import { dispatcherFor } from '../support/dispatcher.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';
import { openAlert } from './authorization-monitoring.ts';

let api: Api;
const REVIEWER = 'public-security.reviewer';
const RULE = '/api/alert-rules/delivery-failing';

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const get = async (path: string, account = 'admin') => (await api.ask(account, 'GET', path)).body;
const round = () => api.app.alerting.round();
const open = async (account = 'admin') => (await get('/api/alerts?status=open', account)).items;
const put = (path: string, body: unknown, headers = {}) => api.ask('admin', 'PUT', path, { body, headers });

async function changed(id: string, changes: object) {
  const { watches, threshold, forSeconds, calmSeconds, tells, enabled } = await get(`/api/alert-rules/${id}`);
  return { watches, threshold, forSeconds, calmSeconds, tells, enabled, ...changes };
}

test('a link that fails opens one alert that its departments are told of; mended, they are told that it is over', async () => {
  const { knex } = api.engine.platform;
  const rule = await changed('delivery-failing', { threshold: 2, forSeconds: 0, calmSeconds: 0 });
  expect((await put(RULE, rule)).status).toBe(200);
  const { grantId } = await grantedCase(api);
  await deliveryOf(api, grantId);
  await knex('sharing_lines').where({ grant_id: grantId }).update({ until: new Date() });
  const failing = async (times: number) => {
    await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`, { body: {} });
    await until(async () => {
      const { runs, state } = await get(`/api/links/grant~${grantId}`);
      return state === 'failing' && runs.failed === times;
    });
    await deliveryOf(api, grantId, 'failed');
  };
  await failing(1);
  await round();
  expect(await open()).toEqual([]);
  await failing(2);
  await round();
  await round();
  const [alert, ...others] = await open();
  expect(others).toEqual([]);
  expect(alert).toMatchObject({
    rule: 'delivery-failing',
    subject: `grant~${grantId}`,
    message: '《户籍人口基本信息》连续2次未能交付',
    provider: { id: 'public-security' },
    requester: { id: 'civil-affairs' },
    threshold: 2,
    value: 2,
    status: 'open',
    acknowledged: null,
    actions: [{ action: 'acknowledge' }],
  });
  expect(await open('transport.requester')).toEqual([]);
  expect((await open(REQUESTER)).map(({ id }: { id: string }) => id)).toEqual([alert.id]);

  const ours = { body: { note: '正在核查' }, key: 'taken-up' };
  const path = `/api/alerts/${alert.id}/acknowledgement`;
  const taken = await api.ask(REVIEWER, 'POST', path, ours);
  expect(taken).toMatchObject({
    status: 200,
    body: { acknowledged: { by: { id: REVIEWER }, note: '正在核查' }, actions: [] },
  });
  expect((await api.ask(REVIEWER, 'POST', path, ours)).status).toBe(200);
  expect((await api.ask(REQUESTER, 'POST', path)).body).toMatchObject({ status: 409, code: 'AlertAcknowledged' });

  await knex('sharing_lines').where({ grant_id: grantId }).update({ until: null });
  await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`, { body: {} });
  await until(async () => (await get(`/api/links/grant~${grantId}`)).state === 'ok');
  await round();
  await round();
  expect(await open()).toEqual([]);
  const [over] = (await get(`/api/alerts?status=closed&subject=grant~${grantId}`)).items;
  expect(over).toMatchObject({ id: alert.id, status: 'closed', worst: 2, closedAt: expect.any(String), actions: [] });
  expect((await api.ask(REQUESTER, 'POST', path)).body.code).toBe('AlertOver');

  const telling = await dispatcherFor({ databaseUrl: api.engine.platform.url, secretKey: api.engine.secretKey });
  const noticesOf = async (account: string) =>
    (await get('/api/notices?limit=200', account)).items.filter(
      ({ href }: { href: string }) => href === `/api/alerts/${alert.id}`,
    );
  await until(async () => (await noticesOf(REQUESTER)).length === 2);
  await telling.stop();
  for (const account of [REQUESTER, REVIEWER]) {
    const kinds = (await noticesOf(account)).map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(['alertRecovered', 'alertLinkFailing']);
  }
  expect(await noticesOf('transport.requester')).toEqual([]);
});

test('a link is late when it owes data for longer than its cycle', async () => {
  const { knex } = api.engine.platform;
  await put('/api/alert-rules/link-late', await changed('link-late', { forSeconds: 0, calmSeconds: 0 }));
  const { grantId } = await grantedCase(api, { schedule: { kind: 'cron', cron: '0 */6 * * *' } });
  await deliveryOf(api, grantId);
  const owes = (hours: number) =>
    knex('grants')
      .where({ id: grantId })
      .update({ next_run_at: knex.raw(`now() - ? * interval '1 hour'`, [hours]) });
  await owes(5);
  await round();
  expect(await open()).toEqual([]);
  await owes(9);
  await round();
  expect(await open()).toMatchObject([{ rule: 'link-late', value: expect.closeTo(1.5), subject: `grant~${grantId}` }]);
  await owes(-1);
  await round();
  await round();
  expect(await open()).toEqual([]);
});

test('sources, webhooks, mails, notices, commands and tasks are watched; what is the platform’s is for who sees all', async () => {
  const { knex } = api.engine.platform;
  const longAgo = knex.raw(`now() - interval '1 hour'`);
  for (const { id } of (await get('/api/alert-rules')).items) {
    await put(`/api/alert-rules/${id}`, await changed(id, { forSeconds: 0, threshold: 1 }));
  }
  await knex('data_sources').where({ id: 'transport-main' }).update({ failures: 4 });
  await knex('outbox').insert({ stream_kind: 'x', stream_id: 'x', seq: 1, recorded_at: longAgo });
  const command = { person_id: REQUESTER, target_kind: 'case', target_id: 'x', body_digest: '', command: '{}' };
  await knex('commands').insert({ ...command, id: 'held-up', received_at: longAgo });
  const dead = { status: 'dead', ended_at: new Date() };
  await knex('mails').insert({ ...dead, person_id: REQUESTER, is_daily: false, is_closed: true, due_at: new Date() });
  const { body: hook } = await api.ask('integrator', 'POST', '/api/webhooks', {
    body: { url: 'https://receiver.example/hook?token=secret' },
  });
  const message = { webhook_id: hook.id, order_key: 'x', position: 1, type: 'x', body: '{}' };
  await knex('webhook_deliveries').insert({ ...message, ...dead });
  await grantedCase(api);
  await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  await knex('tasks').where({ status: 'open' }).update({ due_on: '2026-01-05' });
  await round();
  const found = await open();
  expect(found.map(({ rule, subject }: { rule: string; subject: string }) => `${rule} ${subject}`).toSorted()).toEqual([
    'commands-pending platform~commands',
    'dead-mails platform~mail',
    `dead-webhooks webhook~${hook.id}`,
    'outbox-lag platform~notices',
    'source-unreachable source~transport-main',
    'tasks-overdue department~civil-affairs',
  ]);
  expect(JSON.stringify(found)).not.toContain('secret');
  const transport = await open('transport.requester');
  expect(transport.map(({ rule }: { rule: string }) => rule)).toEqual(['source-unreachable']);
  const lag = found.find(({ rule }: { rule: string }) => rule === 'outbox-lag');
  expect((await api.ask(REQUESTER, 'GET', `/api/alerts/${lag.id}`)).status).toBe(404);
  expect((await api.ask('admin', 'POST', `/api/alerts/${lag.id}/acknowledgement`)).status).toBe(200);
  const first = await get('/api/alerts?limit=4');
  const rest = await get(`/api/alerts?limit=200&cursor=${first.nextCursor}`);
  const all = await get('/api/alerts?limit=200');
  expect([...first.items, ...rest.items]).toEqual(all.items);
});

test('rules are as they ship until an administrator changes them, and again when the change is taken back', async () => {
  const path = '/api/alert-rules/tasks-overdue';
  await api.ask('admin', 'DELETE', path);
  const shipped = await get(path);
  expect(shipped).toMatchObject({ revision: 0, isShipped: true, threshold: 20, unit: 'tasks', changed: null });
  const body = await changed('tasks-overdue', { threshold: 5 });
  expect((await put(path, body, { 'If-Match': '"3"' })).status).toBe(412);
  const made = await put(path, body, { 'If-Match': '"0"' });
  expect(made).toMatchObject({ status: 200, body: { revision: 1, threshold: 5, changed: { by: { id: 'admin' } } } });
  expect(made.headers.get('ETag')).toBe('"1"');
  expect((await put(path, body, { 'If-Match': '"0"' })).status).toBe(412);
  expect((await api.ask('admin', 'DELETE', path, { headers: { 'If-Match': '"0"' } })).status).toBe(412);
  expect((await api.ask('admin', 'DELETE', path)).status).toBe(204);
  expect(await get(path)).toEqual(shipped);

  const own = '/api/alert-rules/many-tasks-overdue';
  expect((await put(own, body, { 'If-Match': '*' })).status).toBe(412);
  expect(await put(own, body)).toMatchObject({
    status: 201,
    body: { isShipped: false, actions: [{}, { action: 'remove' }] },
  });
  expect((await api.ask('admin', 'DELETE', own)).status).toBe(204);
  expect((await api.ask('admin', 'GET', own)).status).toBe(404);
});

test('a rule can be tried: what it would say now, while nobody is told', async () => {
  await api.engine.platform.knex('data_sources').where({ id: 'transport-main' }).update({ failures: 4 });
  const before = (await open()).length;
  const rule = await changed('source-unreachable', { threshold: 4 });
  const preview = (body: object) => api.ask('admin', 'POST', '/api/alert-rules/preview', { body });
  const { body } = await preview(rule);
  expect(body.items).toMatchObject([{ subject: 'source~transport-main', value: 4, provider: { id: 'transport' } }]);
  expect(body.items[0].message).toContain('4');
  expect((await preview({ ...rule, threshold: 5 })).body.items).toEqual([]);
  expect((await open()).length).toBe(before);
});

test('a rule that makes no sense is refused with every fault', async () => {
  const faults = async (body: object) =>
    (await put('/api/alert-rules/own', body)).body.errors.map(
      ({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`,
    );
  const sound = await changed('outbox-lag', {});
  expect(await faults({ ...sound, threshold: 0, forSeconds: -1, tells: [], watches: 'sky', colour: 'red' })).toEqual(
    expect.arrayContaining([
      '/threshold TooShort',
      '/forSeconds TooShort',
      '/tells TooShort',
      '/watches NotOffered',
      '/colour UnknownMember',
    ]),
  );
  const tells = [
    { party: 'provider', role: 'reviewer' },
    { party: 'platform', role: 'administrator' },
    { party: 'platform', role: 'administrator' },
  ];
  expect(await faults({ ...sound, tells })).toEqual(['/tells/0/party NobodysParty', '/tells/2 Duplicate']);
  expect((await put('/api/alert-rules/Odd_Id', sound)).status).toBe(404);
});

test('an alert of both departments is told in the language of whoever reads it', async () => {
  const id = await openAlert(api, { subject: 'grant~elsewhere' });
  const { body } = await api.ask(REQUESTER, 'GET', `/api/alerts/${id}`, { headers: { 'Accept-Language': 'en' } });
  expect(body.message).toBe('The data of “人口” is late by 2 cycles');
});
