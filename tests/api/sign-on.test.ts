import { type Api, startApi } from '../support/api.ts';
import { until } from '../support/until.ts';
import { type Arrival, type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.ts';

let api: Api;
let provider: OpenIdProvider;

beforeAll(async () => {
  provider = await startOpenIdProvider({ zhang: 'statistics.lead', wang: 'transport.lead', li: 'nobody-here' });
  api = await startApi({ signOn: provider.settings });
  provider.register(api.url);
}, 120_000);
afterEach(() => provider.comeBack());
afterAll(async () => {
  await api.close();
  await provider.close();
});

const begin = (query = '') => `${api.url}/api/session/oidc${query}`;
const go = (path: string, headers: Record<string, string> = {}) =>
  fetch(api.url + path, { redirect: 'manual', headers });

function cookieOf({ cookies }: Pick<Arrival, 'cookies'>): string {
  return cookies.find((one) => one.startsWith('santong_session='))?.split(';')[0] ?? '';
}

const meBy = (Cookie: string) => api.ask(null, 'GET', '/api/me', { headers: { Cookie } });

async function end(Cookie: string, path: string) {
  const { body } = await meBy(Cookie);
  return api.ask(null, 'DELETE', path, { headers: { Cookie, 'X-CSRF-Token': body.csrfToken } });
}

test('whoever the provider vouches for is logged in as the account that the claim names, and led back to where they were', async () => {
  const arrival = await provider.logInBy(begin('?next=%2Fcases%2F1b2c%3Fview%3Dlist'), 'zhang');
  expect(arrival.location).toBe('/signed-in?next=%2Fcases%2F1b2c%3Fview%3Dlist');
  expect(arrival.cookies).toEqual([
    expect.stringMatching(/^santong_session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/),
    'santong_sign_on=; Path=/api/session/oidc; Max-Age=0; HttpOnly; SameSite=Lax',
  ]);
  expect(await meBy(cookieOf(arrival))).toMatchObject({ status: 200, body: { person: { id: 'statistics.lead' } } });
  const sessions = await api.ask(null, 'GET', '/api/sessions', { headers: { Cookie: cookieOf(arrival) } });
  expect(sessions.body.items).toMatchObject([{ isThis: true, by: 'sign-on', address: '127.0.0.1' }]);
});

test('what goes to the provider is a code flow with PKCE, state and nonce, and none of it is told to the page', async () => {
  const answer = await go('/api/session/oidc');
  expect(answer.status).toBe(303);
  const asked = new URL(answer.headers.get('Location') ?? '');
  expect(asked.origin).toBe(provider.url);
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    client_id: 'santong',
    response_type: 'code',
    scope: 'openid profile',
    redirect_uri: `${api.url}/api/session/oidc/callback`,
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
  const [cookie = ''] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^santong_sign_on=[\w-]+; Path=\/api\/session\/oidc; Max-Age=600; HttpOnly; SameSite=Lax$/);
  const sealed = Buffer.from(/=([\w-]+)/.exec(cookie)?.[1] ?? '', 'base64url').toString('latin1');
  expect(sealed).not.toContain(asked.searchParams.get('state'));
  const again = await go('/api/session/oidc?again=true');
  expect(new URL(again.headers.get('Location') ?? '').searchParams.get('prompt')).toBe('login');
  const other = await go('/api/session/oidc');
  expect(new URL(other.headers.get('Location') ?? '').searchParams.get('state')).not.toBe(
    asked.searchParams.get('state'),
  );
});

test('an account that is not there is refused, and none is made', async () => {
  const { knex } = api.engine.platform;
  const before = await knex('people').count();
  const arrival = await provider.logInBy(begin('?next=%2Ftasks'), 'li');
  expect(arrival.location).toBe('/login?refused=unknown&next=%2Ftasks');
  expect(cookieOf(arrival)).toBe('');
  expect((await provider.logInBy(begin(), 'somebody-without-the-claim')).location).toBe('/login?refused=unknown');
  expect(await knex('people').count()).toEqual(before);
  await knex('people').where({ id: 'transport.lead' }).update({ active: false });
  const left = await provider.logInBy(begin(), 'wang');
  await knex('people').where({ id: 'transport.lead' }).update({ active: true });
  expect(left.location).toBe('/login?refused=unknown');
});

test('an answer that nobody asked for, is for another browser, or comes too late opens no session', async () => {
  const stray = await go('/api/session/oidc/callback?code=x&state=y');
  expect([stray.status, stray.headers.get('Location')]).toEqual([303, '/login?refused=expired']);
  const begun = await go('/api/session/oidc?next=%2Ftasks');
  const Cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const state = new URL(begun.headers.get('Location') ?? '').searchParams.get('state') ?? '';
  const callback = (query: Record<string, string>, cookie = Cookie) =>
    go(`/api/session/oidc/callback?${new URLSearchParams(query).toString()}`, { Cookie: cookie });
  const where = async (answer: Promise<Response>) => (await answer).headers.get('Location');
  const iss = provider.url;
  expect(await where(callback({ code: 'x', state: 'another', iss }))).toBe('/login?refused=failed&next=%2Ftasks');
  expect(await where(callback({ code: 'made-up', state, iss }))).toBe('/login?refused=failed&next=%2Ftasks');
  expect(await where(callback({ error: 'access_denied', state, iss }))).toBe('/login?refused=denied&next=%2Ftasks');
  expect(await where(callback({ code: 'x', state, iss }, `${Cookie.slice(0, -4)}AAAA`))).toBe('/login?refused=expired');
  expect((await callback({ code: 'made-up', state, iss })).headers.getSetCookie()).toEqual([
    expect.stringMatching(/^santong_sign_on=; .*Max-Age=0/),
  ]);
});

test('nobody is led to another site', async () => {
  for (const next of ['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', '/\t/x', 'tasks']) {
    const arrival = await provider.logInBy(begin(`?next=${encodeURIComponent(next)}`), 'zhang');
    expect([next, arrival.location]).toEqual([next, '/signed-in?next=%2F']);
  }
});

test('a provider that does not answer is said to be away, and asked again next time', async () => {
  const other = await startOpenIdProvider({ zhang: 'statistics.lead' });
  const lonely = await startApi({ engine: api.engine, signOn: other.settings });
  try {
    const asked = async () => (await fetch(`${lonely.url}/api/session/oidc`, { redirect: 'manual' })).headers;
    expect((await asked()).get('Location')).toBe('/login?refused=down');
    other.register(lonely.url);
    expect((await asked()).get('Location')).toMatch(`${other.url}/auth?`);
    const Cookie = (await asked()).getSetCookie()[0]?.split(';')[0] ?? '';
    other.goAway();
    const { state, iss } = {
      state: new URL((await asked()).get('Location') ?? '').searchParams.get('state'),
      iss: other.url,
    };
    const late = await fetch(`${lonely.url}/api/session/oidc/callback?code=x&state=${state}&iss=${iss}`, {
      redirect: 'manual',
      headers: { Cookie },
    });
    expect(late.headers.get('Location')).toMatch(/^\/login\?refused=(down|failed)$/);
  } finally {
    await lonely.close();
    await other.close();
  }
});

test('who logs out here is told where to log out at the provider; who came by password is not', async () => {
  const arrival = await provider.logInBy(begin(), 'zhang');
  const out = await end(cookieOf(arrival), '/api/session');
  expect(out.status).toBe(200);
  const { origin, pathname, searchParams } = new URL(out.body.signOutAt);
  expect([origin, pathname]).toEqual([provider.url, '/session/end']);
  expect(searchParams.get('post_logout_redirect_uri')).toBe(`${api.url}/login`);
  expect(searchParams.get('id_token_hint')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect((await meBy(cookieOf(arrival))).status).toBe(401);
  const everywhere = await end(cookieOf(await provider.logInBy(begin(), 'zhang')), '/api/sessions');
  expect(everywhere.body.signOutAt).toMatch(provider.url);
  const login = { account: 'statistics.lead', password: api.engine.password };
  const { headers } = await api.ask(null, 'POST', '/api/session', { body: login, key: null });
  expect((await end(headers.get('Set-Cookie')?.split(';')[0] ?? '', '/api/session')).status).toBe(204);
});

test('the ID token is kept sealed', async () => {
  await provider.logInBy(begin(), 'zhang');
  const rows = await api.engine.platform.knex('sessions').whereNotNull('sealed_id_token').select('sealed_id_token');
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.some((row) => /eyJ/.test(row.sealed_id_token.toString('latin1')))).toBe(false);
});

test('only a logout token of the provider ends sessions, and what is none says nothing', async () => {
  const post = (body: string, type = 'application/x-www-form-urlencoded') =>
    fetch(`${api.url}/api/session/oidc/logout`, { method: 'POST', headers: { 'Content-Type': type }, body });
  expect((await post('logout_token=made.up.token')).status).toBe(400);
  expect((await post('')).status).toBe(422);
  expect((await post('{}', 'application/json')).status).toBe(415);
});

test('who logs out at the provider is logged out here wherever they came in by it', async () => {
  const first = await provider.logInBy(begin(), 'zhang');
  const second = await provider.logInBy(begin(), 'zhang', first.go);
  const elsewhere = await provider.logInBy(begin(), 'zhang');
  const { body } = await end(cookieOf(first), '/api/session');
  expect((await meBy(cookieOf(second))).status).toBe(200);
  await provider.logOutBy(first.go, body.signOutAt);
  await until(async () => (await meBy(cookieOf(second))).status === 401);
  // Another session at the provider goes on.
  expect((await meBy(cookieOf(elsewhere))).status).toBe(200);
});

test('without a provider nothing is offered, and its addresses are not there', async () => {
  const plain = await startApi({ engine: api.engine });
  try {
    expect((await plain.ask(null, 'GET', '/api/session/ways')).body).toEqual({ password: true, signOn: false });
    expect((await api.ask(null, 'GET', '/api/session/ways')).body).toEqual({ password: true, signOn: true });
    for (const path of ['/api/session/oidc', '/api/session/oidc/callback'])
      expect((await plain.ask(null, 'GET', path)).status).toBe(404);
  } finally {
    await plain.close();
  }
});
