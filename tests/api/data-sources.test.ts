import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, type Api, startApi } from '../support/api.ts';
import { databaseProxy } from '../support/proxy.ts';
import { json, type Service, startService } from '../support/service.ts';

let api: Api;
let service: Service;
let folders: string;
const logged: string[] = [];
let proxy: Awaited<ReturnType<typeof databaseProxy>>;
const REVIEWER = 'public-security.reviewer';
const PATH = '/api/catalogue/sources';
const PASSWORD = 'hunter2-Ünseen/+@:';
const TOKEN = 'Bearer t0ken-unseen';

beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), 'santong-sources-'));
  await mkdir(join(folders, 'public-security'));
  await writeFile(join(folders, 'public-security', 'a.csv'), 'a\n1\n');
  api = await startApi({ sourceFolders: folders, log: (line) => logged.push(line) });
  proxy = await databaseProxy(api.engine.departmentUrl('public-security'));
  service = await startService((request, response) =>
    json(response, {}, request.headers.authorization === TOKEN ? 200 : 401),
  );
}, 120_000);
afterAll(async () => {
  await Promise.all([api.close(), service.close(), proxy.close()]);
  await rm(folders, { recursive: true });
});

const register = (connection: object, account = REVIEWER, key?: string): Promise<Answer> =>
  api.ask(account, 'POST', PATH, { body: { name: '来源', connection }, ...(key === undefined ? {} : { key }) });

const probe = async (id: string, account = REVIEWER) => (await api.ask(account, 'POST', `${PATH}/${id}/test`)).body;

/** The department's own database as somebody would type it in. */
function database(changes: Record<string, unknown> = {}) {
  const url = new URL(proxy.url);
  return {
    kind: 'postgresql',
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ...changes,
  };
}

const locked = () => ({ kind: 'http', url: `${service.url}/`, headers: { Authorization: 'Bearer wrong' } });

test('a database is registered and tested: server, latency and what can be read', async () => {
  const made = await register(database());
  expect(made).toMatchObject({
    status: 201,
    body: {
      kind: 'postgresql',
      revision: 1,
      health: { lookedAt: null, reachedAt: null, failures: 0, failure: null },
      actions: [{ action: 'compile' }, { action: 'test' }, { action: 'change' }],
    },
  });
  expect(made.headers.get('ETag')).toBe('"1"');
  const found = await probe(made.body.id);
  expect(found).toMatchObject({
    isReached: true,
    latencyMs: expect.any(Number),
    version: expect.stringMatching(/^PostgreSQL \d+/),
    failure: null,
  });
  expect(found.readable.names).toContain('public.persons');
  const { body } = await api.ask(REVIEWER, 'GET', `${PATH}/${made.body.id}`);
  expect(body.health).toMatchObject({ reachedAt: expect.any(String), failures: 0 });
});

test('a test that fails gives one reason, and is counted until one goes well', async () => {
  const reasonOf = async (connection: object) => {
    const { body } = await register(connection);
    const { isReached, failure } = await probe(body.id);
    expect(isReached).toBe(false);
    expect(failure.message).not.toBe(failure.code);
    return failure.code;
  };
  expect(await reasonOf(database({ database: 'no_such_database' }))).toBe('DatabaseUnknown');
  expect(await reasonOf(database({ port: 1 }))).toBe('NotListening');
  expect(await reasonOf(database({ password: PASSWORD }))).toBe('LoginRefused');
  expect(await reasonOf(database({ user: 'nobody_here' }))).toBe('LoginRefused');
  expect(await reasonOf(database({ host: 'no-such-host.invalid' }))).toBe('HostUnknown');
  expect(await reasonOf(database({ tls: 'verified' }))).toBe('CertificateRefused');
  expect(await reasonOf(locked())).toBe('LoginRefused');
  expect(await reasonOf({ kind: 'folder', path: 'nothing' })).toBe('FolderUnknown');
  const { body } = await register(locked());
  await probe(body.id);
  await probe(body.id);
  const seen = await api.ask(REVIEWER, 'GET', `${PATH}/${body.id}`);
  expect(seen.body.health).toMatchObject({
    reachedAt: null,
    failures: 2,
    failure: { code: 'LoginRefused', message: '数据源拒绝登录，请核对账号、密码或令牌' },
  });
  const connection = { kind: 'http', url: `${service.url}/`, headers: { Authorization: TOKEN } };
  const ask = { body: { connection }, headers: { 'If-Match': '"1"' } };
  const changed = await api.ask(REVIEWER, 'PATCH', `${PATH}/${body.id}`, ask);
  expect(changed).toMatchObject({ status: 200, body: { revision: 2, health: { failures: 0, failure: null } } });
  expect(await probe(body.id)).toMatchObject({ isReached: true });
  expect((await api.ask(REVIEWER, 'PATCH', `${PATH}/${body.id}`, ask)).status).toBe(412);
});

test('a folder shows its files; the catalogue is compiled from databases only', async () => {
  const { body } = await register({ kind: 'folder', path: '' });
  expect(body.actions).toEqual([{ action: 'test' }, { action: 'change' }]);
  expect(await probe(body.id)).toMatchObject({ isReached: true, readable: { count: 1, names: ['a.csv'] } });
  const compiled = await api.ask(REVIEWER, 'POST', '/api/catalogue/compilations', { body: { sourceId: body.id } });
  expect(compiled.body.errors).toMatchObject([{ pointer: '/sourceId', code: 'SourceKindUnfit' }]);
});

test('what leads elsewhere is refused at once, with every fault', async () => {
  const codes = async (connection: object) =>
    (await register(connection)).body.errors.map(
      ({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`,
    );
  expect(await codes(database({ host: '169.254.169.254' }))).toEqual(['/connection/host AddressNotReachable']);
  expect(await codes(database({ host: '/tmp/sockets' }))).toEqual(['/connection/host Malformed']);
  expect(await codes({ kind: 'folder', path: '../statistics' })).toEqual(['/connection/path PathOutside']);
  expect(
    await codes({ kind: 'http', url: 'http://u:p@10.0.0.1/?a=1', headers: { Host: 'x', 'Content-Length': '1' } }),
  ).toEqual([
    '/connection/url Malformed',
    '/connection/url AddressNotReachable',
    '/connection/headers/Host HeaderNotAllowed',
    '/connection/headers/Content-Length HeaderNotAllowed',
  ]);
  expect(await codes({ kind: 'http', url: 'file:///etc/passwd' })).toEqual(['/connection/url Malformed']);
});

test('what lets the platform in is in no answer, no log and no row, sealed or plain, and a repetition is the same source', async () => {
  const made = await register(database({ password: PASSWORD, user: 'nobody_here' }), REVIEWER, 'register-once');
  const again = await register(database({ password: PASSWORD, user: 'nobody_here' }), REVIEWER, 'register-once');
  expect(again.body.id).toBe(made.body.id);
  const http = await register({ kind: 'http', url: `${service.url}/`, headers: { Authorization: TOKEN } });
  const answers = [made.body, http.body, await probe(made.body.id), await probe(http.body.id)];
  answers.push((await api.ask(REVIEWER, 'GET', PATH)).body);
  answers.push((await api.ask(REVIEWER, 'GET', `/api/commands/${REVIEWER}:register-once`)).body);
  const bad = { ...database({ password: PASSWORD }), port: 'x' };
  answers.push((await register(bad)).body);
  const { knex } = api.engine.platform;
  const { rows: tables } = await knex.raw(
    "select format('%I', table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const rows = [];
  for (const { name } of tables) rows.push((await knex.raw(`select t::text from ${name} t`)).rows);
  expect(logged.join('')).toContain('/api/catalogue/sources');
  const everything = JSON.stringify([answers, logged, rows]);
  const hex = (text: string): string => Buffer.from(text).toString('hex');
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), TOKEN, 't0ken-unseen', hex(PASSWORD), hex(TOKEN)]) {
    expect(everything).not.toContain(JSON.stringify(secret).slice(1, -1));
  }
  expect(JSON.stringify(answers)).not.toContain('nobody_here');
});

test('nobody of another department sees, changes or tests a source', async () => {
  const { body } = await register({ kind: 'folder', path: '' });
  const others = 'transport.reviewer';
  expect((await api.ask(others, 'GET', `${PATH}/${body.id}`)).status).toBe(404);
  expect((await api.ask(others, 'POST', `${PATH}/${body.id}/test`)).status).toBe(404);
  const change = { body: { name: 'x' }, headers: { 'If-Match': '*' } };
  expect((await api.ask(others, 'PATCH', `${PATH}/${body.id}`, change)).status).toBe(404);
  expect((await api.ask(REVIEWER, 'PATCH', `${PATH}/${body.id}`, { body: { name: 'x' } })).status).toBe(428);
});

test('an administrator tests a source of any department, and is not told what it holds', async () => {
  const { body } = await register(database());
  const tested = await api.ask('admin', 'POST', `${PATH}/${body.id}/test`);
  expect(tested).toMatchObject({ status: 200, body: { isReached: true, readable: null } });
  expect((await api.ask('auditor', 'POST', `${PATH}/${body.id}/test`)).status).toBe(403);
  const linkOf = async (account: string) => (await api.ask(account, 'GET', `/api/links/source~${body.id}`)).body;
  expect((await linkOf('admin')).actions).toEqual([{ action: 'test' }]);
  expect((await linkOf('auditor')).actions).toEqual([]);
});

test('deliveries still go to the first database of a department, whatever it registers after', async () => {
  const { receivingSourceOf } = await import('../../store/data-sources.ts');
  await register(database());
  await register({ kind: 'folder', path: '' });
  expect(await receivingSourceOf(api.engine.platform.knex, 'public-security')).toBe('public-security-main');
});
