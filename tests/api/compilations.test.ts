import pg from 'pg';
import { seal } from '../../store/sealed.ts';
import { type Api, startApi } from '../support/api.ts';

let api: Api;
const REVIEWER = 'public-security.reviewer';
const compile = (account: string, body: unknown, key?: string) =>
  api.ask(account, 'POST', '/api/catalogue/compilations', key === undefined ? { body } : { body, key });
const source = (department: string) => ({ sourceId: `${department}-main` });

async function inDepartment(department: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: api.engine.departmentUrl(department) });
  await client.connect();
  client.on('error', () => undefined);
  for (const statement of statements) await client.query(statement);
  await client.end();
}

beforeAll(async () => {
  api = await startApi();
  await inDepartment(
    'public-security',
    'create schema survey',
    'create table survey.residents (like public.persons including all)',
    "comment on table survey.residents is '常住人口 · 梳理用'",
    'insert into survey.residents select * from public.persons',
    `create table survey.kinds (id bigint primary key, amount numeric(12,2), price money, ratio float8, seen timestamptz,
       born date, ok boolean, doc jsonb, tag varchar(20) not null unique, "Mixed" text, note text)`,
    'create view survey.active as select id_card, mobile from public.persons',
    'create table survey.empty ()',
    'create schema if not exists received',
    'create table received.others (id_card text)',
    ...['residents', 'kinds', 'empty', 'active'].map((name) => `grant select on survey.${name} to public`),
    'grant usage on schema survey to public',
  );
  await inDepartment(
    'market-regulation',
    'create table public.companies_copy (like public.companies including all)',
    'insert into public.companies_copy select * from public.companies',
    'grant select on public.companies_copy to public',
  );
}, 120_000);
afterAll(() => api.close());

const drafts = () => api.engine.platform.knex('catalogue_drafts');
const dropDrafts = () => drafts().delete();
afterEach(dropDrafts);

interface Suggested {
  readonly pointer: string;
  readonly value: unknown;
  readonly evidence: { readonly code: string; readonly params: { readonly matching: number; readonly of: number } };
}

/** `{ id_card: 'IdCards 4 id-card personal' }` */
function marksOf({ body, suggestions }: { body: { items: { id: string }[] }; suggestions: Suggested[] }) {
  const marks = new Map<string, Record<string, unknown>>();
  for (const { pointer, value, evidence } of suggestions) {
    const [, , index = '', mark = ''] = pointer.split('/');
    const id = body.items[Number(index)]?.id ?? '';
    marks.set(id, { ...marks.get(id), code: evidence.code, [mark]: value });
  }
  return Object.fromEntries(marks);
}

test('persons are recognised by what the table holds, with counts as evidence and no value', async () => {
  const answer = await compile(REVIEWER, { ...source('public-security'), schema: 'survey', tables: ['residents'] });
  expect(answer).toMatchObject({
    status: 201,
    body: { made: [{ table: 'residents', items: 13, sampled: 200, rows: { count: 200, exact: true } }], skipped: [] },
  });
  const draft = await drafts().first();
  expect(draft).toMatchObject({
    id: answer.body.made[0].draftId,
    entry_id: expect.stringMatching(/^e-[0-9a-f]{16}$/),
    origin: 'database',
    provider_id: 'public-security',
    name: '常住人口',
    created_by: REVIEWER,
    body: {
      mount: { sourceId: 'public-security-main', schema: 'survey', table: 'residents' },
      key: ['record_no'],
      format: 'database/postgresql',
      summary: expect.stringMatching(/200行，13个信息项，数据最近更新于2026-/),
    },
  });
  expect(draft.body.items[1]).toMatchObject({
    id: 'id_card',
    type: 'C',
    length: 18,
    name: expect.stringMatching(/^公民身份号码/),
  });
  expect(marksOf(draft)).toEqual({
    id_card: { code: 'IdCards', personal: true, grade: 4, mask: 'id-card' },
    name: { code: 'PersonNames', personal: true, grade: 3, mask: 'name' },
    address: { code: 'Addresses', personal: true, grade: 4, mask: 'address' },
    mobile: { code: 'MobilePhones', personal: true, grade: 3, mask: 'mobile' },
    email: { code: 'Emails', personal: true, grade: 3, mask: 'email' },
    plate: { code: 'Plates', personal: true, grade: 3, mask: 'plate' },
  });
  const cards = (draft.suggestions as Suggested[]).find(({ evidence }) => evidence.code === 'IdCards');
  expect(cards?.evidence.params).toEqual({ matching: 200, of: 200 });
  expect(JSON.stringify(draft.suggestions)).not.toMatch(/\d{6}/);
});

test('companies are recognised by their credit codes, and their address is nobody’s home', async () => {
  const account = 'market-regulation.reviewer';
  await compile(account, { ...source('market-regulation'), tables: ['companies_copy'] });
  expect(marksOf(await drafts().first())).toMatchObject({
    credit_code: { code: 'CreditCodes', personal: false, grade: 1, mask: 'none' },
    legal_representative: { code: 'PersonNames', personal: true },
    address: { code: 'Addresses', personal: false, grade: 2 },
    contact_mobile: { code: 'MobilePhones', personal: true },
  });
  expect(Object.keys(marksOf(await drafts().first()))).not.toContain('name');
});

test('types, lengths and keys are those of the columns; a view has no key', async () => {
  await compile(REVIEWER, { ...source('public-security'), schema: 'survey', tables: ['kinds', 'active'] });
  const [active, kinds] = await drafts().orderBy('name');
  expect(active.body).toMatchObject({ name: 'active', key: [], summary: expect.stringContaining('视图') });
  expect(Object.keys(marksOf(active))).toEqual(['id_card', 'mobile']);
  expect(kinds.body.key).toEqual(['id']);
  const shapes = kinds.body.items.map(({ id, type, length }: { id: string; type: string; length?: number }) => [
    id,
    type,
    length,
  ]);
  expect(shapes).toEqual([
    ['id', 'I', undefined],
    ['amount', 'N', 12],
    ['price', 'Y', undefined],
    ['ratio', 'B', undefined],
    ['seen', 'T', undefined],
    ['born', 'D', undefined],
    ['ok', 'L', undefined],
    ['doc', 'G', undefined],
    ['tag', 'C', 20],
    ['Mixed', 'C', undefined],
    ['note', 'C', undefined],
  ]);
});

test('a whole source: what is mounted, empty or unknown is passed over with the reason, what was delivered is not looked at', async () => {
  const { body } = await compile(REVIEWER, source('public-security'));
  expect(body.made.map(({ table }: { table: string }) => table)).toEqual(['active', 'kinds', 'residents']);
  expect(body.skipped).toEqual([
    { schema: 'public', table: 'persons', code: 'AlreadyMounted', message: '该表已挂接到目录 persons' },
    expect.objectContaining({ table: 'sealed_juvenile_records', code: 'AlreadyMounted' }),
    { schema: 'survey', table: 'empty', code: 'NoColumns', message: '该表没有字段' },
  ]);
  const again = await compile(REVIEWER, { ...source('public-security'), tables: ['kinds', 'nothing'] });
  expect(again.body).toMatchObject({
    made: [],
    skipped: [
      { table: 'nothing', code: 'NoSuchTable' },
      { table: 'kinds', code: 'AlreadyMounted' },
    ],
  });
  expect(await drafts()).toHaveLength(3);
});

test('asked twice under one key it is one compilation; asked twice at once each table is mounted once', async () => {
  const ask = { ...source('public-security'), schema: 'survey' };
  const first = await compile(REVIEWER, ask, 'same');
  expect((await compile(REVIEWER, ask, 'same')).body).toEqual(first.body);
  expect((await compile(REVIEWER, source('public-security'), 'same')).body.code).toBe('IdempotencyKeyReused');
  expect((await api.ask(REVIEWER, 'GET', `/api/catalogue/compilations/${first.body.id}`)).body).toEqual(first.body);
  await dropDrafts();
  await Promise.all([compile(REVIEWER, ask), compile(REVIEWER, ask)]);
  expect(await drafts()).toHaveLength(3);
});

test('a source of another department is none, and its connection is never shown', async () => {
  expect(await compile('civil-affairs.reviewer', source('public-security'))).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/sourceId', code: 'UnknownSource' }] },
  });
  const list = await api.ask(REVIEWER, 'GET', '/api/catalogue/sources');
  expect(list.body.items).toEqual([
    expect.objectContaining({
      id: 'public-security-main',
      kind: 'postgresql',
      actions: [{ action: 'compile' }, { action: 'test' }, { action: 'change' }],
    }),
  ]);
  const { body } = await compile(REVIEWER, { ...source('public-security'), tables: ['kinds'] });
  expect((await api.ask('transport.reviewer', 'GET', `/api/catalogue/compilations/${body.id}`)).status).toBe(404);
});

test('a source that cannot be reached or lets nobody in is told, without its address', async () => {
  const { knex } = api.engine.platform;
  const add = async (id: string, url: string) => {
    const sealed = seal(api.engine.secretKey, url);
    await knex('data_sources').insert({ id, department_id: 'public-security', name: id, sealed_connection: sealed });
    const { status, body } = await compile(REVIEWER, { sourceId: id });
    await knex('data_sources').where({ id }).delete();
    expect(JSON.stringify(body)).not.toMatch(/nobody|127\.0\.0\.1/);
    return [status, body.errors[0].code];
  };
  expect(await add('z-away', 'postgresql://nobody:x@127.0.0.1:1/none')).toEqual([422, 'SourceUnreachable']);
  const wrong = new URL(api.engine.departmentUrl('public-security'));
  wrong.pathname = '/no_such_database';
  expect(await add('z-refused', wrong.href)).toEqual([422, 'SourceRefused']);
});

test('nothing is written in the department’s database, also not by a view that would', async () => {
  await inDepartment(
    'public-security',
    `create function survey.spoil() returns integer language plpgsql volatile as $$
       begin insert into survey.kinds (id, tag) values (1, 'x'); return 1; end $$`,
    'create view survey.spoiling as select survey.spoil() as n, $$x$$::text as word',
    'grant select on survey.spoiling to public',
    'grant insert on survey.kinds to public',
  );
  const answer = await compile(REVIEWER, { ...source('public-security'), tables: ['spoiling'] });
  expect(answer.body.made).toMatchObject([{ table: 'spoiling', sampled: 0 }]);
  await inDepartment(
    'public-security',
    'drop view survey.spoiling',
    'do $$ begin assert (select count(*) from survey.kinds) = 0; end $$',
  );
});
