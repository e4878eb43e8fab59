import { type Api, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

const AUTHORITY = 'data-bureau.authority';
const open = (path: string, headers: Record<string, string> = {}) =>
  api.ask(null, 'GET', `/api/open${path}`, { headers });
const titles = async (query: string) =>
  (await open(`/articles?${query}`)).body.items.map(({ title }: { title: string }) => title);

async function write(content: Record<string, unknown>, kind = 'news'): Promise<{ id: string; tag: string }> {
  const full = { title: '通知', summary: '一句话', body: '正文', ...content };
  const { status, body, headers } = await api.ask(AUTHORITY, 'POST', '/api/articles', {
    body: { kind, content: full },
  });
  expect(status).toBe(201);
  return { id: body.id, tag: headers.get('ETag') ?? '' };
}
const act = (id: string, tag: string, body: unknown) =>
  api.ask(AUTHORITY, 'POST', `/api/articles/${id}/actions`, { body, headers: { 'If-Match': tag } });

test('anybody finds entries, of withheld ones the document and article, and never how they are shared', async () => {
  const { status, body } = await open('/entries?q=人口');
  expect(status).toBe(200);
  expect(body.items[0]).toMatchObject({ id: 'persons', provider: { name: '沈阳市公安局' }, hiddenItems: 8 });
  expect(JSON.stringify(body)).not.toMatch(/mask|conditions|mount|purposes/);
  const withheld = await open('/entries?shareType=withheld');
  expect(withheld.body.total).toBe(withheld.body.items.length);
  for (const entry of withheld.body.items) {
    expect(entry).toMatchObject({ items: [], withheldBasis: { article: expect.stringMatching(/^第/) } });
    expect(entry.summary).toBeUndefined();
  }
  expect((await open('/entries?theme=交通')).body.items.length).toBeGreaterThan(0);
  expect((await open('/entries/persons')).body).toMatchObject({
    name: '户籍人口基本信息',
    classification: { base: '人口' },
  });
});

test('every list is read on by its cursor without leaving anything out', async () => {
  for (const path of ['/entries?', '/articles?', '/articles?kind=policy&']) {
    const whole = (await open(`${path}limit=200`)).body;
    expect(whole.items).toHaveLength(whole.total);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await open(`${path}limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(whole.items.map(({ id }: { id: string }) => id));
  }
});

test('what is wrong with a question is said all at once; what is not there is not found', async () => {
  const { status, body } = await open('/entries?shareType=secret&limit=0&colour=red');
  expect(status).toBe(422);
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/query/colour',
    '/query/limit',
    '/query/shareType',
  ]);
  expect((await open('/articles?kind=gossip')).status).toBe(422);
  for (const path of ['/entries/none', '/articles/1', '/articles/00000000-0000-4000-8000-000000000000', '/files/1']) {
    expect([path, (await open(path)).status]).toEqual([path, 404]);
  }
});

test('answers are for caches to keep: the same one is not sent twice', async () => {
  const first = await open('/statistics');
  expect([first.status, first.headers.get('Cache-Control')]).toEqual([200, 'public, max-age=0, s-maxage=60']);
  const tag = first.headers.get('ETag') ?? '';
  const again = await open('/statistics', { 'If-None-Match': tag, 'Cache-Control': 'no-transform' });
  expect([again.status, again.body]).toEqual([304, '']);
  expect((await open('/statistics', { 'If-None-Match': 'W/"other"' })).status).toBe(200);
  expect(first.body).toMatchObject({ departments: 6, entries: expect.any(Number), medianDays: null });
  const sum = first.body.byTheme.reduce((all: number, { entries }: { entries: number }) => all + entries, 0);
  expect(sum).toBe(first.body.entries);
});

test('the regulations that the rules come from are there, the latest issued first, and found by number', async () => {
  expect(await titles('kind=policy')).toEqual([
    '政务数据共享条例',
    '中华人民共和国个人信息保护法',
    '中华人民共和国数据安全法',
    '政务信息资源目录编制指南（试行）',
    '政务信息资源共享管理暂行办法',
  ]);
  expect(await titles('q=第809号')).toEqual(['政务数据共享条例']);
  expect(await titles('q=100%25')).toEqual([]);
});

test('nobody sees an article before it is published; then its versions; and none of it once it is withdrawn', async () => {
  const { id, tag } = await write({ title: '试运行通知' });
  expect((await open(`/articles/${id}`)).status).toBe(404);
  const published = await act(id, tag, { action: 'publish' });
  expect(published.body).toMatchObject({ status: 'published', version: 1, isChanged: false });
  const changed = await api.ask(AUTHORITY, 'PUT', `/api/articles/${id}`, {
    body: { title: '正式运行通知', summary: '一句话', body: '正文' },
    headers: { 'If-Match': published.headers.get('ETag') ?? '' },
  });
  expect(changed.body).toMatchObject({ isChanged: true, version: 1 });
  expect((await open(`/articles/${id}`)).body.title).toBe('试运行通知');
  const second = await act(id, changed.headers.get('ETag') ?? '', { action: 'publish' });
  const shown = (await open(`/articles/${id}`)).body;
  expect(shown).toMatchObject({ title: '正式运行通知', version: 2, versions: [{ version: 2 }, { version: 1 }] });
  expect((await open(`/articles/${id}?version=1`)).body.title).toBe('试运行通知');
  expect(JSON.stringify(shown)).not.toContain(AUTHORITY);
  const gone = await act(id, second.headers.get('ETag') ?? '', { action: 'withdraw', reason: '内容过时' });
  expect(
    gone.body.history.map(({ action, by }: { action: string; by: { id: string } }) => `${action} ${by.id}`),
  ).toEqual([`write ${AUTHORITY}`, `publish ${AUTHORITY}`, `publish ${AUTHORITY}`, `withdraw ${AUTHORITY}`]);
  expect((await open(`/articles/${id}?version=1`)).status).toBe(404);
});

test('what somebody else has changed meanwhile is neither overwritten nor published unseen', async () => {
  const { id, tag } = await write({});
  const body = { title: '改过', summary: '一句话', body: '正文' };
  expect((await api.ask(AUTHORITY, 'PUT', `/api/articles/${id}`, { body })).status).toBe(428);
  expect((await api.ask(AUTHORITY, 'PUT', `/api/articles/${id}`, { body, headers: { 'If-Match': tag } })).status).toBe(
    200,
  );
  expect((await api.ask(AUTHORITY, 'PUT', `/api/articles/${id}`, { body, headers: { 'If-Match': tag } })).status).toBe(
    412,
  );
  expect((await act(id, tag, { action: 'publish' })).status).toBe(412);
});

test('a policy is not published without who issued it and when; links go to the web and nowhere else', async () => {
  const { id, tag } = await write({ body: '' }, 'policy');
  const { status, body } = await act(id, tag, { action: 'publish' });
  expect(status).toBe(422);
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/body', '/issuedBy', '/issuedOn']);
  const source = { name: '来源', url: 'javascript:alert(1)' };
  const content = { title: '通知', source, issuedOn: '2026-02-30' };
  const refused = await api.ask(AUTHORITY, 'POST', '/api/articles', { body: { kind: 'news', content } });
  expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain('/content/source/url');
});

test('a file is anybody’s once an article that names it is public, and as long as it is', async () => {
  const headers = { 'Content-Type': 'application/octet-stream' };
  const upload = await api.ask(AUTHORITY, 'POST', '/api/articles/files?name=附件.txt', { raw: '内容', headers });
  const { id: fileId, href } = upload.body;
  const get = () => api.ask(null, 'GET', href);
  const { id, tag } = await write({ attachments: [fileId] });
  expect((await get()).status).toBe(404);
  const published = await act(id, tag, { action: 'publish' });
  const file = await get();
  expect([file.status, file.body, file.headers.get('Content-Type')]).toEqual([200, '内容', 'application/octet-stream']);
  expect(file.headers.get('Content-Disposition')).toMatch(/^attachment/);
  expect((await open(`/articles/${id}`)).body.files).toMatchObject([{ name: '附件.txt', href }]);
  await act(id, published.headers.get('ETag') ?? '', { action: 'withdraw', reason: '-' });
  expect((await get()).status).toBe(404);
  const lost = { title: '通知', attachments: ['00000000-0000-4000-8000-000000000000'] };
  const refused = await api.ask(AUTHORITY, 'POST', '/api/articles', { body: { kind: 'news', content: lost } });
  expect(refused.body.errors).toMatchObject([{ pointer: '/attachments/0', code: 'UnknownAttachment' }]);
});

test('an address that asks without end is told to come back later', async () => {
  let refused = await open('/entries/none');
  for (let asked = 0; asked < 700 && refused.status !== 429; asked += 1) refused = await open('/entries/none');
  expect(refused).toMatchObject({ status: 429, body: { code: 'TooManyRequests' } });
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
});
