import { type Api, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0';

async function login(account: string, agent = EDGE, password = api.engine.password): Promise<string> {
  const headers = { 'User-Agent': agent };
  const ask = { body: { account, password }, headers, key: null };
  return (await api.ask(null, 'POST', '/api/session', ask)).body.token;
}

const as = (token: string, method: string, path: string, body?: unknown) =>
  api.ask(null, method, path, { headers: { Authorization: `Bearer ${token}` }, body });
const isIn = async (token: string) => (await as(token, 'GET', '/api/me')).status === 200;

test('everybody sees where they are logged in, with what, and which of it is this', async () => {
  const account = 'transport.lead';
  const first = await login(account);
  const second = await login(account, 'curl/8.5.0');
  await login('transport.requester');
  const { body } = await as(first, 'GET', '/api/sessions');
  expect(body.items).toMatchObject([
    { isThis: false, by: 'password', address: '127.0.0.1', agent: { browser: null, system: null } },
    { isThis: true, by: 'password', address: '127.0.0.1', agent: { browser: 'Edge 140', system: 'Windows' } },
  ]);
  for (const { openedAt, seenAt, expiresAt } of body.items) {
    expect([openedAt, seenAt, expiresAt]).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/\+08:00$/)));
  }
  const page = await as(second, 'GET', '/api/sessions?limit=1');
  expect(page.body.items).toMatchObject([{ isThis: true }]);
  const rest = await as(second, 'GET', `/api/sessions?limit=1&cursor=${page.body.nextCursor}`);
  expect(rest.body).toMatchObject({ items: [{ id: body.items[1].id }], nextCursor: null });
});

test('that a session is in use is noted once a minute', async () => {
  const token = await login('statistics.requester');
  const [{ id }] = (await as(token, 'GET', '/api/sessions')).body.items;
  const { knex } = api.engine.platform;
  const seen = async (): Promise<number> => (await knex('sessions').where({ id }).first('seen_at')).seen_at.getTime();
  const atLogin = await seen();
  await as(token, 'GET', '/api/me');
  expect(await seen()).toBe(atLogin);
  await knex('sessions')
    .where({ id })
    .update({ seen_at: knex.raw(`now() - interval '2 minutes'`) });
  await as(token, 'GET', '/api/me');
  expect(await seen()).toBeGreaterThanOrEqual(atLogin);
});

test('one of the own sessions is ended, once, and nobody else’s', async () => {
  const account = 'market-regulation.requester';
  const [first, second, other] = await Promise.all([login(account), login(account), login('market-regulation.lead')]);
  const [{ id: otherId }] = (await as(other, 'GET', '/api/sessions')).body.items;
  const mine = (await as(first, 'GET', '/api/sessions')).body.items.find((one: { isThis: boolean }) => !one.isThis);
  expect((await as(first, 'DELETE', `/api/sessions/${mine.id}`)).status).toBe(204);
  expect([await isIn(first), await isIn(second)]).toEqual([true, false]);
  expect((await as(first, 'DELETE', `/api/sessions/${mine.id}`)).status).toBe(404);
  expect((await as(first, 'DELETE', `/api/sessions/${otherId}`)).status).toBe(404);
  expect(await isIn(other)).toBe(true);
});

test('all others are ended, or all', async () => {
  const account = 'government-office.requester';
  const tokens = await Promise.all([login(account), login(account), login(account)]);
  const [mine] = tokens;
  expect((await as(mine, 'DELETE', '/api/sessions?except=this')).body).toEqual({ ended: 2 });
  expect(await Promise.all(tokens.map(isIn))).toEqual([true, false, false]);
  const another = await login(account);
  const all = await as(mine, 'DELETE', '/api/sessions');
  expect(all.body).toEqual({ ended: 2 });
  expect(all.headers.get('Set-Cookie')).toMatch(/^santong_session=; .*Max-Age=0/);
  expect([await isIn(mine), await isIn(another)]).toEqual([false, false]);
  const bad = await as(await login(account), 'DELETE', '/api/sessions?except=mine&who=all');
  expect([bad.status, bad.body.errors.length]).toEqual([422, 2]);
});

test('a password is changed by whoever knows the present one, and the other sessions end', async () => {
  const account = 'public-security.requester';
  const [mine, other] = await Promise.all([login(account), login(account)]);
  const change = (body: object) => as(mine, 'PUT', '/api/me/password', body);
  const present = api.engine.password;
  const codesOf = async (body: object) =>
    (await change(body)).body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]);
  expect(await codesOf({ next: 'short', more: 1 })).toEqual(
    expect.arrayContaining([
      ['/current', 'Required'],
      ['/next', 'TooShort'],
      ['/more', 'UnknownMember'],
    ]),
  );
  expect(await codesOf({ current: 'wrong', next: `x-${account.toUpperCase()}-x` })).toEqual([
    ['/current', 'PasswordWrong'],
    ['/next', 'PasswordLikeAccount'],
  ]);
  expect(await codesOf({ current: present, next: present })).toEqual([['/next', 'PasswordSame']]);
  expect(await isIn(other)).toBe(true);
  const next = 'a long new password';
  expect((await change({ current: present, next })).status).toBe(204);
  expect([await isIn(mine), await isIn(other)]).toEqual([true, false]);
  expect(await login(account)).toBeUndefined();
  expect(await login(account, EDGE, next)).toMatch(/^[\w-]{43}$/);
});

test('whoever guesses at the present password locks the account as a login does', async () => {
  const mine = await login('transport.reviewer');
  const guess = () => as(mine, 'PUT', '/api/me/password', { current: 'wrong', next: 'a long new password' });
  for (let tries = 0; tries < 5; tries += 1) expect((await guess()).status).toBe(422);
  expect(await guess()).toMatchObject({ status: 429, body: { code: 'AccountLocked' } });
});
