import pg from 'pg';
import type { Entry, Item, ItemType } from '../../domain/catalogue.ts';
import { insertEntryVersion } from '../../store/catalogue.ts';
import { type Api, startApi } from '../support/api.ts';
import { databaseProxy } from '../support/proxy.ts';
import { AUTHORITY, REVIEWER } from '../support/publishing.ts';
import { until } from '../support/until.ts';

let api: Api;
let department: pg.Client;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  department = new pg.Client({ connectionString: api.engine.departmentUrl('public-security') });
  department.on('error', () => undefined);
  await department.connect();
  await department.query('create schema watched; grant usage on schema watched to public');
}, 120_000);
afterAll(async () => {
  await department.end();
  await api.close();
});

const item = (id: string, type: ItemType, length?: number): Item => ({
  id,
  name: `项${id}`,
  nameEn: id,
  type,
  ...(length === undefined ? {} : { length }),
  grade: 2,
  personal: false,
  mask: 'none',
});

/** An entry of public security on a table of its own, published. */
async function mounted(id: string, changes: Partial<Entry> = {}): Promise<Entry> {
  const entry: Entry = {
    id,
    version: 1,
    code: '301006/900001',
    name: `目录${id}`,
    nameEn: id,
    summary: '测试',
    provider: 'public-security',
    classification: { base: '人口' },
    format: 'database/postgresql',
    updateCycle: 'daily',
    shareType: 'unconditional',
    shareModes: ['batch'],
    items: [item('id', 'I'), item('word', 'C', 20), item('day', 'D')],
    key: ['id'],
    mount: { sourceId: 'public-security-main', schema: 'watched', table: id },
    provenance: '测试',
    publishedAt: '2026-01-01T00:00:00+08:00',
    ...changes,
  };
  await department.query(`create table if not exists watched.${id} (id int primary key, word varchar(20), day date);
    grant select on watched.${id} to public`);
  await api.engine.platform.knex.transaction((trx) => insertEntryVersion(trx, entry));
  return entry;
}

const inTable = (id: string, change: string) => department.query(`alter table watched.${id} ${change}`);

/** A look at everything, as if its day had come. */
async function look(): Promise<void> {
  await api.engine.platform.knex('data_sources').update({ watch_at: new Date(0) });
  await api.app.watching.round();
}

async function driftsOf(entry: string, status?: string, account = REVIEWER) {
  const path = `/api/catalogue/drifts?entry=${entry}${status === undefined ? '' : `&status=${status}`}`;
  const { body } = await api.ask(account, 'GET', path);
  return body.items as (Record<'code' | 'message' | 'caseId' | 'settledAt' | 'before' | 'after', string> & {
    item: string | null;
  })[];
}

const shortly = async (entry: string, status?: string) =>
  (await driftsOf(entry, status)).map(({ item: id, code }) => `${id} ${code}`).toSorted();

const caseOf = async (id: string) => (await api.ask(REVIEWER, 'GET', `/api/cases/${id}`)).body;
const tasksOn = async (entry: string) =>
  api.engine.platform.knex('cases').where({ kind: 'drift', entry_id: entry }).orderBy('opened_at');

test('columns that are dropped, retyped or lengthened become one task for the provider, once, which ends when they are mended', async () => {
  await mounted('one');
  await look();
  expect(await driftsOf('one')).toEqual([]);
  await inTable('one', 'drop column day, alter id type bigint, alter word type varchar(30)');
  await look();
  expect(await shortly('one', 'open')).toEqual(['day ColumnGone', 'word ColumnLengthened']);
  const [first] = await driftsOf('one', 'open');
  const longer = (await driftsOf('one', 'open')).find(({ item: id }) => id === 'word');
  expect(longer).toMatchObject({ before: '20', after: '30' });
  expect(first?.message).toMatch(/^字段“(?:day|word)”（项(?:day|word)）/);

  const task = await caseOf(first?.caseId ?? '');
  expect(task).toMatchObject({
    kind: 'drift',
    title: '挂接变化：目录one',
    stage: 'mend',
    requester: { id: 'data-bureau' },
    provider: { id: 'public-security' },
    applicant: { id: 'santong', name: '三通平台' },
    clocks: [{ kind: 'catalogue-update', legal: 10 }],
  });
  expect(task.number).toMatch(/^GJ-\d{4}-\d{6}$/);
  expect(task.content.differences).toContain('字段“word”（项word）的长度由20加长为30');
  const { body: inbox } = await api.ask(REVIEWER, 'GET', '/api/tasks');
  expect(inbox.items.map((one: { case: { id: string } }) => one.case.id)).toContain(task.id);

  // The entry's page says so to everybody.
  const { body: page } = await api.ask('transport.requester', 'GET', '/api/catalogue/one');
  expect(page.drifts).toMatchObject([{ item: 'day', code: 'ColumnGone' }, { item: 'word' }]);

  await look();
  await look();
  expect(await tasksOn('one')).toHaveLength(1);
  await inTable('one', 'add column day date, alter word type varchar(20)');
  await look();
  expect(await driftsOf('one', 'open')).toEqual([]);
  expect(await shortly('one', 'settled')).toEqual(['day ColumnGone', 'word ColumnLengthened']);
  await until(async () => (await caseOf(task.id)).status === 'withdrawn');
  expect((await api.ask('transport.requester', 'GET', '/api/catalogue/one')).body.drifts).toEqual([]);
  const { body: replay } = await api.ask('auditor', 'POST', `/api/cases/${task.id}/replay`, { body: {} });
  expect(replay.verdict).toBe('agrees');
});

test('a table that is gone is one drift; what was called mended and is not comes back as another task', async () => {
  await mounted('two');
  await look();
  await department.query('drop table watched.two');
  await look();
  expect(await driftsOf('two')).toMatchObject([{ item: null, code: 'MountGone', settledAt: null }]);
  const caseId = (await driftsOf('two'))[0]?.caseId ?? '';
  const { form } = await caseOf(caseId);
  const answer = await api.ask(REVIEWER, 'POST', `/api/tasks/${caseId}.mend.1/actions`, {
    body: { action: 'approve', seen: form.digest },
  });
  expect(answer.status).toBe(200);
  await until(async () => (await caseOf(caseId)).status === 'completed');
  // What is said to be mended is looked at in the next round.
  await api.app.watching.round();
  const [again] = await driftsOf('two', 'open');
  expect(again?.caseId).not.toBe(caseId);
  expect(await tasksOn('two')).toHaveLength(2);
});

test('a change that is published settles what it takes up, and the next look goes out from it', async () => {
  const entry = await mounted('three');
  await look();
  await inTable('three', 'alter word type varchar(50), alter day type timestamp');
  await look();
  expect(await shortly('three', 'open')).toEqual(['day ColumnRetyped', 'word ColumnLengthened']);
  const items = [item('id', 'I'), item('word', 'C', 50), item('day', 'T')];
  await mounted('three', { ...entry, version: 2, items });
  await api.app.watching.round();
  expect(await shortly('three', 'open')).toEqual([]);
  await inTable('three', 'alter word type varchar(40)');
  await look();
  expect(await shortly('three', 'open')).toEqual(['word ColumnShortened']);
});

test('a source that cannot be reached is no drift: it shows in its health, and is asked less and less often', async () => {
  const proxy = await databaseProxy(api.engine.departmentUrl('public-security'));
  const { hostname, port, pathname, username, password } = new URL(proxy.url);
  const connection = {
    kind: 'postgresql',
    host: hostname,
    port: Number(port),
    database: pathname.slice(1),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
  const made = await api.ask(REVIEWER, 'POST', '/api/catalogue/sources', { body: { name: '代理', connection } });
  const sourceId = made.body.id as string;
  await mounted('four', { mount: { sourceId, schema: 'watched', table: 'four' } });
  await look();
  proxy.cut();
  await department.query('drop table watched.four');
  await look();
  await look();
  expect(await driftsOf('four')).toEqual([]);
  const health = async () => (await api.ask(REVIEWER, 'GET', `/api/catalogue/sources/${sourceId}`)).body.health;
  expect(await health()).toMatchObject({
    reachedAt: expect.any(String),
    failures: 2,
    failure: { code: 'Unreachable' },
  });
  const { knex } = api.engine.platform;
  const [{ minutes }] = await knex('data_sources')
    .where({ id: sourceId })
    .select(knex.raw('round(extract(epoch from watch_at - looked_at) / 60)::int as minutes'));
  expect(minutes).toBe(30);
  proxy.join();
  await look();
  expect(await health()).toMatchObject({ failures: 0, failure: null });
  expect(await shortly('four', 'open')).toEqual(['null MountGone']);
  await proxy.close();
});

test('several processes that watch at once look at a source once and open one task', async () => {
  await mounted('five');
  await look();
  await inTable('five', 'drop column word');
  const others = await Promise.all([startApi({ engine: api.engine }), startApi({ engine: api.engine })]);
  await api.engine.platform.knex('data_sources').update({ watch_at: new Date(0) });
  await Promise.all([api, ...others].map(({ app }) => app.watching.round()));
  await api.app.watching.round();
  expect(await tasksOn('five')).toHaveLength(1);
  await Promise.all(others.map((one) => one.close()));
});

test('a withdrawn entry is watched no longer, and what it had drifted by is settled', async () => {
  await mounted('six');
  await look();
  await inTable('six', 'drop column word');
  await look();
  expect(await shortly('six', 'open')).toEqual(['word ColumnGone']);
  await api.engine.platform.knex('catalogue_entries').where({ id: 'six' }).update({ status: 'withdrawn' });
  await look();
  expect(await shortly('six', 'open')).toEqual([]);
});

test('drifts are for their provider and the authority; nobody but the platform opens such a task', async () => {
  expect((await driftsOf('one', undefined, AUTHORITY)).length).toBeGreaterThan(0);
  expect(await driftsOf('one', undefined, 'transport.reviewer')).toEqual([]);
  const body = { process: 'drift', about: { entryId: 'one' }, form: { differences: '无' } };
  expect((await api.ask(REVIEWER, 'POST', '/api/cases', { body })).status).toBe(403);
  const login = await api.ask(null, 'POST', '/api/session', { body: { account: 'santong', password: '!' }, key: null });
  expect(login.status).toBe(401);
});
