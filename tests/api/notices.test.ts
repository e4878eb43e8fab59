import type { Dispatcher } from '../../notices/dispatcher.ts';
import { type Api, startApi } from '../support/api.ts';
import { REQUESTER_LEAD } from '../support/cases.ts';
import { dispatcherFor } from '../support/dispatcher.ts';
import { fileCase, type ToldCase } from '../support/told.ts';
import { until } from '../support/until.ts';

const ME = 'civil-affairs.requester';
let api: Api;
let dispatcher: Dispatcher;
let cases: ToldCase[];

beforeAll(async () => {
  api = await startApi();
  const { platform, secretKey } = api.engine;
  dispatcher = await dispatcherFor({ databaseUrl: platform.url, secretKey });
  cases = [await fileCase(platform.knex), await fileCase(platform.knex), await fileCase(platform.knex)];
  for (const one of cases) await one.grant();
  await until(async () => (await platform.knex('outbox').whereNull('position')).length === 0);
}, 120_000);
afterAll(async () => {
  await dispatcher.stop();
  await api.close();
});

const notices = async (account: string, query = '', language = 'zh') =>
  (await api.ask(account, 'GET', `/api/notices?${query}`, { headers: { 'Accept-Language': language } })).body;
const counts = async (account: string) => (await api.ask(account, 'GET', '/api/notices/counts')).body;

test('notices are listed newest first, page by page, in the caller’s language', async () => {
  const first = await notices(ME, 'limit=2');
  expect(first.items.map(({ case: { id } }: { case: { id: string } }) => id)).toEqual([cases[2]?.id, cases[1]?.id]);
  expect(first.items[0]).toMatchObject({ kind: 'granted', topic: 'progress', subject: '已同意', readAt: null });
  expect(first.items[0].text).toMatch(/^《.+》（SQ-\d{4}-\d{6}）已同意共享$/);
  const rest = await notices(ME, `limit=2&cursor=${first.nextCursor}`, 'en');
  expect(rest).toMatchObject({ items: [{ subject: 'Granted', case: { id: cases[0]?.id } }], nextCursor: null });
  const bad = await api.ask(ME, 'GET', '/api/notices?cursor=x&unread=1');
  expect(bad.body.errors).toMatchObject([{ pointer: '/query/unread' }]);
});

test('a notice that is read is not unread any more; it keeps the time, and others’ notices cannot be read', async () => {
  const { items } = await notices(ME);
  const before = (await counts(ME)).unread;
  const { status, body } = await api.ask(ME, 'POST', `/api/notices/${items[0].id}/read`);
  expect(status).toBe(200);
  expect(body.readAt).toMatch(/\+08:00$/);
  expect((await api.ask(ME, 'POST', `/api/notices/${items[0].id}/read`)).body.readAt).toBe(body.readAt);
  expect((await counts(ME)).unread).toBe(before - 1);
  expect((await notices(ME, 'unread=true')).items).toHaveLength(items.length - 1);
  for (const id of [items[0].id, '0', '9'.repeat(15), '1e3', 'x']) {
    expect((await api.ask('public-security.lead', 'POST', `/api/notices/${id}/read`)).status).toBe(404);
  }
});

test('all that have been seen are read at once, and those that came later are not', async () => {
  const account = 'civil-affairs.lead';
  const { items } = await notices(account);
  const [newest, second] = items;
  const { body } = await api.ask(account, 'POST', '/api/notices/read', { body: { upTo: second.id } });
  expect(body).toEqual({ read: items.length - 1 });
  expect((await notices(account, 'unread=true')).items.map(({ id }: { id: string }) => id)).toEqual([newest.id]);
  expect((await api.ask(account, 'POST', '/api/notices/read')).body).toEqual({ read: 1 });
  expect((await counts(account)).unread).toBe(0);
  const bad = await api.ask(account, 'POST', '/api/notices/read', { body: { upTo: 'abc' } });
  expect(bad).toMatchObject({ status: 422, body: { errors: [{ pointer: '/upTo' }] } });
});

test('the counters say what is mine, what is late and what is soon', async () => {
  const { knex } = api.engine.platform;
  const waiting = await Promise.all(Array.from({ length: 4 }, () => fileCase(knex)));
  for (const one of waiting) await one.approve(REQUESTER_LEAD, 'requester-lead');
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  for (const [index, days] of [-1, 0, 1, 30].entries()) {
    await knex('tasks')
      .where({ case_id: waiting[index]?.id ?? '', stage: 'provider-reviewer' })
      .update({ due_on: knex.raw('?::date + ?::int', [today, days]) });
  }
  expect(await counts('public-security.reviewer')).toMatchObject({
    mine: 4,
    department: 4,
    overdue: 1,
    dueToday: 1,
    dueSoon: 1,
  });
  expect(await counts('public-security.lead')).toMatchObject({ mine: 0, department: 4, overdue: 0, dueSoon: 0 });
  expect(await counts('admin')).toMatchObject({ mine: 0, overdue: 0, unread: 0 });
});

test('one says to which address and how one is told, topic by topic, and sees only one’s own', async () => {
  const path = '/api/notices/preferences';
  const standing = {
    task: 'immediately',
    limit: 'immediately',
    progress: 'immediately',
    delivery: 'daily',
    copy: 'daily',
    catalogue: 'daily',
    alert: 'immediately',
  };
  expect((await api.ask(ME, 'GET', path)).body).toEqual({ email: null, mail: standing });
  const body = { email: 'me@example.com', mail: { delivery: 'none' } };
  const changed = { email: 'me@example.com', mail: { ...standing, delivery: 'none' } };
  expect(await api.ask(ME, 'PATCH', path, { body })).toMatchObject({ status: 200, body: changed });
  expect((await api.ask(ME, 'PATCH', path, { body: {} })).body).toEqual(changed);
  expect((await api.ask('civil-affairs.lead', 'GET', path)).body.email).toBeNull();
  const bad = await api.ask(ME, 'PATCH', path, {
    body: { email: 'a b', mail: { task: 'never', weather: 'daily' }, x: 1 },
  });
  expect(bad.status).toBe(422);
  expect(bad.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/email',
    '/mail/task',
    '/mail/weather',
    '/x',
  ]);
  expect((await api.ask(ME, 'PATCH', path, { body: { email: null } })).body.email).toBeNull();
});

test('with a session’s cookie a change needs its token, as everywhere', async () => {
  const headers = { Cookie: `santong_session=${await api.token(ME)}` };
  const refused = await api.ask(null, 'PATCH', '/api/notices/preferences', { body: {}, headers });
  expect(refused).toMatchObject({ status: 403, body: { code: 'CsrfTokenWrong' } });
});
