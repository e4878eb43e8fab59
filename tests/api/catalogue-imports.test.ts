import { until } from '../support/until.ts';
import { type Api, startApi } from '../support/api.ts';

let api: Api;
const REVIEWER = 'civil-affairs.reviewer';
const bytes = { 'Content-Type': 'application/octet-stream' };

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

const drafts = () => api.engine.platform.knex('catalogue_drafts');
afterEach(() => drafts().delete());

const HEADINGS = '信息资源名称,提供方,信息项名称,更新周期,共享类型';

async function send(lines: readonly string[], account = REVIEWER, key?: string) {
  const ask = { raw: Buffer.from(lines.join('\n')), headers: bytes, ...(key === undefined ? {} : { key }) };
  const sent = await api.ask(account, 'POST', '/api/catalogue/imports?name=list.csv', ask);
  expect(sent.status).toBe(201);
  return ended(sent.body.id, account);
}

async function ended(id: string, account: string) {
  let last;
  await until(async () => {
    last = (await api.ask(account, 'GET', `/api/catalogue/imports/${id}`)).body;
    return last.endedAt !== null;
  });
  return last as unknown as { id: string; status: string; entries: Record<string, number>; report: string };
}

test('what is right comes in as drafts, what is wrong is refused with every reason, in a report to download', async () => {
  const done = await send([
    HEADINGS,
    '甲,,姓名、日期,每6分钟,无条件共享',
    '乙,无名局,编号,很快,',
    '丙,沈阳市民政局,编号,每日,不予共享',
  ]);
  expect(done).toMatchObject({ status: 'done', entries: { total: 3, done: 3, accepted: 2, refused: 1 } });
  const stored = await drafts().orderBy('name');
  expect(stored.map(({ name, origin, provider_id, created_by }) => [name, origin, provider_id, created_by])).toEqual([
    ['丙', 'import', 'civil-affairs', REVIEWER],
    ['甲', 'import', 'civil-affairs', REVIEWER],
  ]);
  expect(stored[1].entry_id).toMatch(/^e-[0-9a-f]{16}$/);
  const report = await api.ask(REVIEWER, 'GET', done.report);
  expect(report.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
  expect(
    report.body
      .replace(/^\uFEFF/, '')
      .trim()
      .split('\r\n'),
  ).toEqual([
    '行号 row,列 column,代码 code,原因,reason',
    '3,提供方,UnknownProvider,没有部门“无名局”,There is no department “无名局”',
    '3,更新周期,NotUnderstood,无法识别“很快”,“很快” is not understood',
  ]);
});

test('the same file again brings nothing in twice; under the same key it is the same import', async () => {
  const lines = [HEADINGS, '丁,,编号,每日,'];
  const first = await send(lines, REVIEWER, 'file');
  expect((await send(lines, REVIEWER, 'file')).id).toBe(first.id);
  expect(await send(lines)).toMatchObject({ status: 'done', entries: { accepted: 0, refused: 1 } });
  expect(await drafts()).toHaveLength(1);
  expect(await send([HEADINGS, '最新行政区划代码,,编号,每日,'])).toMatchObject({ entries: { accepted: 1 } });
});

test('a published name is taken', async () => {
  const { name, provider_id: provider } = await api.engine.platform.knex('catalogue_entries').first();
  const done = await send([HEADINGS, `${name},,编号,每日,`], `${provider}.reviewer`);
  expect(done.entries).toMatchObject({ accepted: 0, refused: 1 });
});

test('another department’s entries are refused to a department, and come in for the authority', async () => {
  const lines = [HEADINGS, '戊,沈阳市公安局,编号,每日,', '己,public-security,编号,每日,'];
  expect((await send(lines)).entries).toMatchObject({ accepted: 0, refused: 2 });
  expect((await send(lines, 'data-bureau.authority')).entries).toMatchObject({ accepted: 2, refused: 0 });
  expect(await drafts().where({ provider_id: 'public-security' })).toHaveLength(2);
});

test('a file that cannot be read brings nothing in and says why', async () => {
  const done = await send(['a,b', '1,2']);
  expect(done).toMatchObject({ status: 'failed', entries: { accepted: 0 } });
  expect((await api.ask(REVIEWER, 'GET', done.report)).body).toContain('HeadingsMissing');
  expect((await api.ask('transport.reviewer', 'GET', `/api/catalogue/imports/${done.id}`)).status).toBe(404);
  expect((await api.ask('auditor', 'GET', `/api/catalogue/imports/${done.id}`)).status).toBe(200);
});

test('a file whose taker has died is taken again, once', async () => {
  const { knex } = api.engine.platform;
  const id = '6f1f8f0e-7f7b-4a8c-9d58-2f4f3f0b8a11';
  await knex('catalogue_imports').insert({
    id,
    department_id: 'civil-affairs',
    any_provider: false,
    name: 'left.csv',
    content: Buffer.from(`${HEADINGS}\n庚,,编号,每日,`),
    status: 'running',
    taken_by: id,
    taken_until: knex.raw("now() - interval '1 second'"),
    created_by: REVIEWER,
  });
  await Promise.all([api.app.importing.round(), api.app.importing.round()]);
  expect(await ended(id, REVIEWER)).toMatchObject({ status: 'done', entries: { accepted: 1 } });
  expect(await drafts()).toHaveLength(1);
  expect(await knex('catalogue_imports').where({ id }).first('content')).toEqual({ content: null });
});

test('the template and the export open as what they are, and the export narrows to a provider', async () => {
  const template = await api.ask(REVIEWER, 'GET', '/api/catalogue/template?format=csv');
  expect(template.body).toMatch(/^\uFEFF?信息资源名称,英文名称,摘要/);
  const all = await api.ask(REVIEWER, 'GET', '/api/catalogue/export?format=csv&provider=public-security');
  expect(all.body).toContain('户籍人口基本信息,Register of persons');
  expect(all.body).not.toContain('企业登记信息');
  expect((await api.ask(REVIEWER, 'GET', '/api/catalogue/export')).headers.get('Content-Type')).toContain(
    'spreadsheetml',
  );
});

test('imports are listed newest first, by cursor: to a department its own, to the authority everybody’s', async () => {
  const own = await send([HEADINGS, '庚,,姓名,每日,无条件共享']);
  const other = await send([HEADINGS, '辛,沈阳市公安局,编号,很快,'], 'public-security.reviewer');
  const listed = async (account: string, query = '') =>
    (await api.ask(account, 'GET', `/api/catalogue/imports?limit=1${query}`)).body;
  expect((await listed(REVIEWER)).items).toMatchObject([
    {
      id: own.id,
      name: 'list.csv',
      department: { id: 'civil-affairs' },
      status: 'done',
      entries: { total: 1, accepted: 1, refused: 0 },
    },
  ]);
  const page = await listed('data-bureau.authority');
  expect(page.items).toMatchObject([{ id: other.id, entries: { total: 1, accepted: 0, refused: 1 } }]);
  const next = await listed('data-bureau.authority', `&cursor=${page.nextCursor}`);
  expect(next.items).toMatchObject([{ id: own.id }]);
});
