import { Webhook } from 'standardwebhooks';
import type { Dispatcher } from '../../notices/dispatcher.ts';
import { type Api, startApi } from '../support/api.ts';
import { dispatcherFor } from '../support/dispatcher.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { fileCase } from '../support/told.ts';
import { until } from '../support/until.ts';

const ME = 'integrator';
let api: Api;
let dispatcher: Dispatcher;
let receiver: Receiver;

beforeAll(async () => {
  api = await startApi();
  const { platform, secretKey } = api.engine;
  dispatcher = await dispatcherFor({
    databaseUrl: platform.url,
    secretKey,
    pause: (attempts) => (attempts > 1 ? undefined : 5),
  });
  receiver = await startReceiver();
  const account = await platform.knex('people').where({ id: ME }).first();
  const department_id = 'public-security';
  await platform.knex('people').insert({ ...account, id: 'police.integrator', department_id });
  await platform.knex('person_roles').insert({ person_id: 'police.integrator', department_id, role: 'integrator' });
}, 120_000);
afterEach(async () => {
  receiver.behave = () => 204;
  await api.engine.platform.knex('webhooks').delete();
});
afterAll(async () => {
  await dispatcher.stop();
  await receiver.close();
  await api.close();
});

async function made(changes: Record<string, unknown> = {}, account = ME) {
  const { status, body } = await api.ask(account, 'POST', '/api/webhooks', { body: { url: receiver.url, ...changes } });
  expect(status).toBe(201);
  return body;
}

async function deliveries(id: string, status = '') {
  const { body } = await api.ask(ME, 'GET', `/api/webhooks/${id}/deliveries?${status && `status=${status}`}`);
  return body.items;
}

async function settledPing(id: string, deliveryId: string) {
  return until(async () => {
    const found = (await deliveries(id)).find((one: { id: string }) => one.id === deliveryId);
    return found.status !== 'pending' && found;
  });
}

test('a webhook is made with a secret that is shown once and kept sealed, and repeating the request makes no other', async () => {
  const body = { url: receiver.url, types: ['case.*', 'grant.suspended'], description: '业务系统' };
  const first = await api.ask(ME, 'POST', '/api/webhooks', { body, key: 'one' });
  expect(first.status).toBe(201);
  expect(first.headers.get('Location')).toBe(`/api/webhooks/${first.body.id}`);
  expect(first.body).toMatchObject({ ...body, active: true, department: { id: 'data-bureau' }, pending: 0, dead: 0 });
  expect(first.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect((await api.ask(ME, 'POST', '/api/webhooks', { body, key: 'one' })).body).toEqual(first.body);
  expect((await api.ask(ME, 'POST', '/api/webhooks', { body: { ...body, types: ['*'] }, key: 'one' })).status).toBe(
    422,
  );
  const { secret: _, ...shown } = first.body;
  expect((await api.ask(ME, 'GET', `/api/webhooks/${shown.id}`)).body).toEqual(shown);
  expect((await api.ask(ME, 'GET', '/api/webhooks')).body).toEqual({ items: [shown], nextCursor: null });
  const stored = JSON.stringify(await api.engine.platform.knex('webhooks').where({ id: shown.id }).first());
  expect(stored).not.toContain(Buffer.from(first.body.secret).toString('hex').slice(0, 30));
  expect(stored).not.toContain(first.body.secret);
});

test('everything that is wrong with a webhook is named, and it may not point into the platform’s own network', async () => {
  const bad = await api.ask(ME, 'POST', '/api/webhooks', { body: { url: 7, types: ['case.Ended', '*'], secret: 'x' } });
  expect(bad.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/secret',
    '/types/0',
    '/url',
  ]);
  for (const url of [
    'ftp://a.example/',
    'nowhere',
    'https://user:pw@a.example/',
    'https://a.example/#x',
    '//a.example',
  ]) {
    const { body } = await api.ask(ME, 'POST', '/api/webhooks', { body: { url } });
    expect(body.errors).toMatchObject([{ pointer: '/url', code: 'Malformed' }]);
  }
  for (const url of ['http://10.0.0.1/', 'http://[::1]/', 'http://169.254.169.254/latest', 'http://0xa000001/']) {
    const { body } = await api.ask(ME, 'POST', '/api/webhooks', { body: { url } });
    expect(body.errors).toMatchObject([{ pointer: '/url', code: 'AddressNotPermitted' }]);
  }
});

test('a ping goes out signed, and its attempt is shown', async () => {
  const { id, secret } = await made();
  const ping = await api.ask(ME, 'POST', `/api/webhooks/${id}/ping`, { key: 'ping' });
  expect(ping).toMatchObject({ status: 201, body: { type: 'ping', status: 'pending' } });
  expect((await api.ask(ME, 'POST', `/api/webhooks/${id}/ping`, { key: 'ping' })).body.id).toBe(ping.body.id);
  const sent = await settledPing(id, ping.body.id);
  expect(sent).toMatchObject({
    status: 'delivered',
    attempts: 1,
    nextAttemptAt: null,
    log: [{ status: 204, error: null }],
  });
  const [got] = receiver.received.filter(({ headers }) => headers['webhook-id'] === ping.body.id);
  expect(new Webhook(secret).verify(got?.body ?? '', got?.headers as Record<string, string>)).toMatchObject({
    specversion: '1.0',
    type: 'cn.gov.shenyang.santong.ping',
    source: 'https://santong.example',
  });
});

test('a changed secret signs at once, and the one before goes on signing for a day', async () => {
  const { id, secret } = await made();
  const rotated = await api.ask(ME, 'POST', `/api/webhooks/${id}/secret`, { key: 'rotate' });
  expect(rotated.body.secret).not.toBe(secret);
  expect((await api.ask(ME, 'POST', `/api/webhooks/${id}/secret`, { key: 'rotate' })).body.secret).toBe(
    rotated.body.secret,
  );
  const hours = (Date.parse(rotated.body.oldSecretUntil) - Date.now()) / 3_600_000;
  expect(Math.round(hours)).toBe(24);
  const send = async () => {
    const { body } = await api.ask(ME, 'POST', `/api/webhooks/${id}/ping`);
    await settledPing(id, body.id);
    const got = receiver.received.find(({ headers }) => headers['webhook-id'] === body.id);
    const takes = (one: string): boolean => {
      try {
        new Webhook(one).verify(got?.body ?? '', got?.headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    };
    return [takes(rotated.body.secret), takes(secret)];
  };
  expect(await send()).toEqual([true, true]);
  const { knex } = api.engine.platform;
  await knex('webhooks').where({ id }).update({ secret_before_until: knex.fn.now() });
  expect(await send()).toEqual([true, false]);
});

test('what was given up is shown with its reason and can be sent again, one by one or all of it', async () => {
  const { id } = await made({ types: ['case.filed', 'case.stage-entered'] });
  receiver.behave = () => 500;
  await fileCase(api.engine.platform.knex);
  const dead = await until(async () => {
    const items = await deliveries(id, 'dead');
    return items.length === 2 && items;
  });
  expect(dead[0]).toMatchObject({
    status: 'dead',
    attempts: 2,
    log: [{ status: 500, error: 'not now' }, { status: 500 }],
  });
  expect((await api.ask(ME, 'GET', `/api/webhooks/${id}`)).body).toMatchObject({ pending: 0, dead: 2 });
  receiver.behave = () => 200;
  const again = await api.ask(ME, 'POST', `/api/webhooks/${id}/deliveries/${dead[0].id}/resend`);
  expect(again.status).toBe(200);
  expect(await settledPing(id, dead[0].id)).toMatchObject({ status: 'delivered', attempts: 1, log: { length: 3 } });
  const all = await api.ask(ME, 'POST', `/api/webhooks/${id}/deliveries/resend`);
  expect(all).toMatchObject({ status: 200, body: { resent: 1 } });
  await until(async () => (await deliveries(id, 'delivered')).length === 2);
  const unknown = `/api/webhooks/${id}/deliveries/00000000-0000-4000-8000-000000000000/resend`;
  expect((await api.ask(ME, 'POST', unknown)).status).toBe(404);
});

test('a webhook is changed by its version, told no more while it is off, and gone when it is removed', async () => {
  const { id } = await made();
  const path = `/api/webhooks/${id}`;
  const etag = (await api.ask(ME, 'GET', path)).headers.get('ETag') ?? '';
  const changed = await api.ask(ME, 'PATCH', path, { body: { active: false }, headers: { 'If-Match': etag } });
  expect(changed).toMatchObject({ status: 200, body: { active: false, url: receiver.url } });
  const stale = await api.ask(ME, 'PATCH', path, { body: { active: true }, headers: { 'If-Match': etag } });
  expect(stale).toMatchObject({ status: 412, body: { code: 'PreconditionFailed' } });
  await fileCase(api.engine.platform.knex);
  await until(async () => !(await api.engine.platform.knex('outbox').whereNull('position').first()));
  expect(await deliveries(id)).toEqual([]);
  expect((await api.ask(ME, 'DELETE', path)).status).toBe(204);
  for (const method of ['GET', 'DELETE', 'PATCH']) expect((await api.ask(ME, method, path)).status).toBe(404);
  expect((await api.ask(ME, 'GET', '/api/webhooks')).body.items).toEqual([]);
});

test('a department’s webhook is its own: others do not know of it, the auditor and the administrator only look', async () => {
  const { id } = await made({}, 'police.integrator');
  const path = `/api/webhooks/${id}`;
  expect((await api.ask(ME, 'GET', path)).status).toBe(404);
  for (const account of ['auditor', 'admin']) {
    const { body } = await api.ask(account, 'GET', path);
    expect(body).toMatchObject({ id, department: { id: 'public-security' }, actions: [] });
    expect((await api.ask(account, 'DELETE', path)).status).toBe(403);
    expect((await api.ask(account, 'POST', `${path}/secret`)).status).toBe(403);
  }
  const before = receiver.received.length;
  const one = await fileCase(api.engine.platform.knex);
  await until(async () => receiver.received.length >= before + one.events().length);
  expect(receiver.received.slice(before).every(({ event }) => event.data.case.provider === 'public-security')).toBe(
    true,
  );
});
