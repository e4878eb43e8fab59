import { type Api, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

function login(account: string, password = api.engine.password) {
  return api.ask(null, 'POST', '/api/session', { body: { account, password }, key: null });
}

test('a login answers who one is, a bearer token, and a cookie that scripts cannot read', async () => {
  const { status, body, headers } = await login('statistics.lead');
  expect(status).toBe(201);
  expect(body).toMatchObject({
    person: { id: 'statistics.lead', name: expect.any(String) },
    department: { id: 'statistics', name: '沈阳市统计局', nameEn: 'Bureau of Statistics' },
    roles: ['sharing-lead'],
    expiresAt: expect.stringMatching(/\+08:00$/),
  });
  expect(headers.get('Set-Cookie')).toMatch(
    /^santong_session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
  );
  const hours = (Date.parse(body.expiresAt) - Date.now()) / 3_600_000;
  expect(Math.round(hours)).toBe(12);
});

test('neither the token nor anything that it can be had from is in the database', async () => {
  const { body } = await login('statistics.lead');
  const rows = await api.engine.platform.knex('sessions').select('token_digest', 'csrf_digest');
  const stored = rows.flatMap((row) =>
    [row.token_digest, row.csrf_digest].map((bytes: Buffer) => bytes.toString('latin1')),
  );
  expect(stored.some((text) => text.includes(body.token) || text.includes(body.csrfToken))).toBe(false);
  expect(rows.every((row) => row.token_digest.length === 32)).toBe(true);
});

test('with the cookie, what changes something needs the CSRF token, and reading does not', async () => {
  const { body, headers } = await login('transport.requester');
  const Cookie = headers.get('Set-Cookie')?.split(';')[0] ?? '';
  const me = await api.ask(null, 'GET', '/api/me', { headers: { Cookie } });
  expect(me).toMatchObject({ status: 200, body: { csrfToken: body.csrfToken } });
  const without = await api.ask(null, 'DELETE', '/api/session', { headers: { Cookie } });
  expect(without).toMatchObject({ status: 403, body: { code: 'CsrfTokenWrong' } });
  const foreign = { Cookie, 'X-CSRF-Token': `${body.csrfToken.slice(0, -1)}_` };
  expect(await api.ask(null, 'DELETE', '/api/session', { headers: foreign })).toMatchObject({ status: 403 });
  const right = { Cookie, 'X-CSRF-Token': body.csrfToken };
  expect(await api.ask(null, 'DELETE', '/api/session', { headers: right })).toMatchObject({ status: 204 });
  expect(await api.ask(null, 'GET', '/api/me', { headers: { Cookie } })).toMatchObject({ status: 401 });
});

test('a session that was ended, or has run out, is nobody’s; so is that of a person who has left', async () => {
  const { knex } = api.engine.platform;
  const me = async (token: string) =>
    (await api.ask(null, 'GET', '/api/me', { headers: { Authorization: `Bearer ${token}` } })).status;
  const token = (await login('transport.lead')).body.token;
  expect(await me(token)).toBe(200);
  await knex('sessions')
    .where({ person_id: 'transport.lead' })
    .update({ expires_at: knex.raw(`now() - interval '1 s'`) });
  expect(await me(token)).toBe(401);
  const left = (await login('transport.reviewer')).body.token;
  await knex('people').where({ id: 'transport.reviewer' }).update({ active: false });
  expect(await me(left)).toBe(401);
  expect(await login('transport.reviewer')).toMatchObject({ status: 401, body: { code: 'LoginRefused' } });
});

test('a wrong password and an account that does not exist are refused in the same words', async () => {
  const strip = ({ status, body: { requestId: _, ...body } }: Awaited<ReturnType<typeof login>>) => ({ status, body });
  const wrong = strip(await login('admin', 'wrong'));
  expect(wrong).toMatchObject({ status: 401, body: { code: 'LoginRefused' } });
  expect(strip(await login('nobody-such', 'wrong'))).toEqual(wrong);
});

test.each(['integrator', 'no-such-account'])(
  'after five failures the account %s is locked for a quarter of an hour',
  async (account) => {
    for (let tries = 0; tries < 5; tries += 1) expect((await login(account, 'wrong')).status).toBe(401);
    const locked = await login(account);
    expect(locked).toMatchObject({ status: 429, body: { code: 'AccountLocked' } });
    expect(Number(locked.headers.get('Retry-After'))).toBeGreaterThan(880);
  },
);

test('many wrong passwords at once are counted like one after another', async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, () => login('government-office.lead', 'wrong')));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
});

test('a right password forgets the failures before it, and a lock ends by itself', async () => {
  const account = 'government-office.reviewer';
  for (let tries = 0; tries < 4; tries += 1) await login(account, 'wrong');
  expect((await login(account)).status).toBe(201);
  for (let tries = 0; tries < 5; tries += 1) expect((await login(account, 'wrong')).status).toBe(401);
  expect((await login(account)).status).toBe(429);
  const { knex } = api.engine.platform;
  await knex('people')
    .where({ id: account })
    .update({ locked_until: knex.raw(`now() - interval '1 s'`) });
  expect((await login(account)).status).toBe(201);
});

test('roles that are taken away are gone with the next request', async () => {
  const account = 'market-regulation.lead';
  expect((await api.ask(account, 'GET', '/api/cases')).status).toBe(200);
  await api.engine.platform.knex('person_roles').where({ person_id: account }).delete();
  expect((await api.ask(account, 'GET', '/api/cases')).status).toBe(403);
});
