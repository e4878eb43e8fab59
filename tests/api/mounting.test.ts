import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Api, application, startApi } from '../support/api.ts';
import { draftBy, entryBody } from '../support/drafts.ts';
import { REQUESTER } from '../support/grant.ts';
import { databaseProxy } from '../support/proxy.ts';
import { type Publishing, publishing, REVIEWER } from '../support/publishing.ts';
import { json, type Service, startService } from '../support/service.ts';

let api: Api;
let publications: Publishing;

let folders: string;
let service: Service;
let proxy: Awaited<ReturnType<typeof databaseProxy>>;

/** Statements of the department itself in its database. */
async function inDepartment(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: api.engine.departmentUrl('public-security') });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), 'santong-mounts-'));
  await mkdir(join(folders, 'public-security'));
  api = await startApi({ sourceFolders: folders });
  await api.engine.startWorkers();
  publications = await publishing(api);
  proxy = await databaseProxy(api.engine.departmentUrl('public-security'));
  service = await startService((request, response) =>
    request.url === '/permits' ? json(response, { data: [PERMIT] }) : json(response, {}, 404),
  );
  await inDepartment(
    'create schema permits',
    'grant usage on schema permits to public',
    `create table permits.held (record_no varchar(10) primary key, id_card varchar(18), name varchar(80) not null,
       issued date, fee numeric(12, 2), closed boolean)`,
    'create view permits.open as select record_no, id_card, name from permits.held where not closed',
    'create materialized view permits.counted as select name, count(*)::int as n from permits.held group by name',
    'grant select on all tables in schema permits to public',
  );
}, 120_000);
afterAll(async () => {
  await Promise.all([api.close(), service.close(), proxy.close()]);
  await rm(folders, { recursive: true });
});

const PERMIT = { record_no: 'R1', id_card: '210102199001011234', name: '甲' };
const MAIN = 'public-security-main';
const [ID_CARD, NAME, RECORD] = entryBody()['items'] as [object, object, object];
const edit = (id: string, body: object) =>
  api.ask(REVIEWER, 'PATCH', `/api/catalogue/drafts/${id}`, { body, headers: { 'If-Match': '*' } });

async function register(connection: object): Promise<string> {
  const { body } = await api.ask(REVIEWER, 'POST', '/api/catalogue/sources', { body: { name: '来源', connection } });
  return body.id;
}

/** A source over the department's own database that can be cut off. */
function throughProxy(): Promise<string> {
  const { hostname, port, pathname, username, password } = new URL(proxy.url);
  return register({
    kind: 'postgresql',
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  });
}

/** What is said of a draft on this mount: pointers and codes, and what it was held against. */
async function heldAgainst(mount: object, changes: object = {}) {
  const { body } = await draftBy(api, REVIEWER, entryBody({ mount, ...changes }));
  const { kind, failure } = body.mountCheck;
  return [kind, failure?.code ?? null, ...told(body.faults)];
}

const told = (faults: { pointer: string; code: string }[]) => faults.map(({ pointer, code }) => `${pointer} ${code}`);

const entryOf = async (id: string) => (await api.ask(REQUESTER, 'GET', `/api/catalogue/${id}`)).body;

test('an entry is published before it is mounted; it can be asked for once a change has mounted it', async () => {
  const { mount, ...rest } = entryBody();
  const { id, entryId } = (await draftBy(api, REVIEWER, rest)).body;
  await publications.carried({ draftId: id }, { kind: 'publish', ...publications.assessed() });
  expect(await entryOf(entryId)).toMatchObject({ mountedOn: null, actions: [] });
  const found = async (mounted: boolean) => {
    const path = `/api/catalogue?provider=public-security&limit=200&mounted=${mounted}`;
    const { body } = await api.ask(REQUESTER, 'GET', path);
    return body.items.some((one: { id: string }) => one.id === entryId);
  };
  expect([await found(false), await found(true)]).toEqual([true, false]);
  const asked = { body: application({ entryId, items: ['name'], rowScope: { all: [] } }) };
  const refused = await api.ask(REQUESTER, 'POST', '/api/share-requests', asked);
  expect(refused.body.errors).toEqual([
    { pointer: '/entryId', code: 'NotMounted', message: '该目录尚未挂接数据，暂不能申请' },
  ]);
  await publications.changed(entryId, { mount });
  expect(await entryOf(entryId)).toMatchObject({ version: 2, mountedOn: 'table' });
  expect([await found(false), await found(true)]).toEqual([false, true]);
  expect((await api.ask(REQUESTER, 'POST', '/api/share-requests', asked)).status).toBe(201);
});

test('items are held against the columns of the table as one types, all faults at once', async () => {
  const mount = { sourceId: MAIN, schema: 'permits', table: 'held' };
  const items = [
    { ...ID_CARD, length: 17 },
    NAME,
    RECORD,
    { ...RECORD, id: 'issued', type: 'C', length: 10 },
    { ...RECORD, id: 'fee', type: 'N', length: 8 },
    { ...RECORD, id: 'gone' },
    { ...RECORD, id: 'closed', type: 'L', length: undefined },
  ];
  const { body } = await draftBy(api, REVIEWER, entryBody({ mount, items, key: ['id_card'] }));
  expect(told(body.faults)).toEqual([
    '/items/0/length LengthShorter',
    '/items/1/length LengthShorter',
    '/items/3/type TypeUnfit',
    '/items/4/length LengthShorter',
    '/items/5/id ColumnMissing',
    '/key/0 KeyNullable',
  ]);
  expect(body.faults[1].message).toBe('长度60小于所挂接字段的长度80');
  expect(body.mountCheck).toEqual({ kind: 'table', failure: null });
  const sound = [ID_CARD, { ...NAME, length: 80 }, RECORD];
  expect((await edit(body.id, { items: sound, key: ['record_no'] })).body.faults).toEqual([]);
});

test('views, materialised views, files and services are held against the same way', async () => {
  const name = { ...NAME, length: 80 };
  expect(
    await heldAgainst(
      { sourceId: MAIN, schema: 'permits', table: 'open' },
      { items: [ID_CARD, name, { ...RECORD, type: 'D' }] },
    ),
  ).toEqual(['view', null, '/items/2/type TypeUnfit']);
  const counted = { items: [name, { ...RECORD, id: 'n', type: 'I' }], key: ['name'] };
  expect(await heldAgainst({ sourceId: MAIN, schema: 'permits', table: 'counted' }, counted)).toEqual(['view', null]);

  await writeFile(join(folders, 'public-security', 'p.csv'), 'record_no,证件号码,name\nR1,210102199001011234,甲\n');
  const folder = await register({ kind: 'folder', path: '' });
  expect(await heldAgainst({ sourceId: folder, file: 'p.csv' })).toEqual(['file', null]);
  expect(
    await heldAgainst({ sourceId: folder, file: 'p.csv' }, { items: [{ ...ID_CARD, type: 'D' }, RECORD] }),
  ).toEqual(['file', null, '/items/0/mask MaskNeedsText', '/items/0/type TypeUnfit']);
  expect(await heldAgainst({ sourceId: folder, file: 'none.csv' })).toEqual([null, null, '/mount/file MountGone']);
  expect(await heldAgainst({ sourceId: folder, file: '../../etc/passwd.csv' })).toEqual([null, 'PathOutside']);
  expect(await heldAgainst({ sourceId: folder, file: 'p.docx' })).toContain('/mount/file FileKindUnknown');

  const http = await register({ kind: 'http', url: service.url });
  expect(await heldAgainst({ sourceId: http, path: 'permits', records: '/data' })).toEqual(['service', null]);
  expect(await heldAgainst({ sourceId: http, path: 'nothing' })).toEqual([null, null, '/mount/path MountGone']);
  expect(await heldAgainst({ sourceId: http, file: 'p.csv' })).toEqual([null, null, '/mount MountKindUnfit']);
});

test('a draft is held against the source anew when it is filed, and not filed while the source is away', async () => {
  const sourceId = await throughProxy();
  await inDepartment(
    'create table permits.moving as select record_no, id_card, name from permits.held',
    'alter table permits.moving alter record_no set not null, alter name type varchar(60)',
    'grant select on permits.moving to public',
  );
  const mount = { sourceId, schema: 'permits', table: 'moving' };
  const { body: draft } = await draftBy(api, REVIEWER, entryBody({ mount }));
  expect([draft.mountCheck.kind, draft.faults]).toEqual(['table', []]);
  await inDepartment('alter table permits.moving drop column id_card, alter name type varchar(70)');
  const form = { kind: 'publish', ...publications.assessed() };
  const changed = await publications.file({ draftId: draft.id }, form);
  expect(told(changed.body.errors)).toEqual([
    '/form/draft/items/0/id ColumnMissing',
    '/form/draft/items/1/length LengthShorter',
  ]);

  proxy.cut();
  const away = await publications.file({ draftId: draft.id }, form);
  expect(away.body.errors).toEqual([
    {
      pointer: '/form/draft/mount/sourceId',
      code: 'Unreachable',
      message: '数据源当前无法连接，请检查后重试；目录也可先不挂接',
    },
  ]);
  // Typing goes on, and says that nothing was held against anything.
  const typed = await edit(draft.id, { summary: '有效居住证。' });
  expect([typed.status, typed.body.mountCheck.failure.code, typed.body.faults]).toEqual([200, 'Unreachable', []]);
  const { body: seen } = await api.ask(REVIEWER, 'GET', `/api/catalogue/sources/${sourceId}`);
  expect(seen.health).toMatchObject({ reachedAt: expect.any(String), failure: { code: 'Unreachable' } });
  expect(seen.health.failures).toBeGreaterThan(0);
  proxy.join();
  await inDepartment('alter table permits.moving add column id_card varchar(18), alter name type varchar(60)');
  expect((await publications.file({ draftId: draft.id }, form)).status).toBe(201);
});

test('what is mounted on a file stands in the catalogue, and cannot be asked for as a delivery', async () => {
  await writeFile(join(folders, 'public-security', 'q.jsonl'), `${JSON.stringify(PERMIT)}\n`);
  const sourceId = await register({ kind: 'folder', path: '' });
  const entryId = await publications.published({ mount: { sourceId, file: 'q.jsonl' } });
  expect(await entryOf(entryId)).toMatchObject({ mountedOn: 'file', actions: [] });
  const asked = { body: application({ entryId, items: ['name'], rowScope: { all: [] } }) };
  const refused = await api.ask(REQUESTER, 'POST', '/api/share-requests', asked);
  expect(told(refused.body.errors)).toEqual(['/entryId MountNotDelivered']);
});
