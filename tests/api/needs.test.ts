import { type Api, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
beforeEach(() => api.engine.platform.knex('needs').delete());
afterAll(() => api.close());

const AUTHORITY = 'data-bureau.authority';
const need = (changes: Record<string, unknown> = {}) => ({
  title: '户籍人口信息',
  description: '社会救助时核验',
  items: ['身份证号码', '姓名'],
  purpose: '社会救助资格核验',
  legalBasis: '《社会救助暂行办法》第五十八条',
  wantedBy: '2999-12-31',
  ...changes,
});
const publish = async (account: string, changes: Record<string, unknown> = {}) => {
  const answer = await api.ask(account, 'POST', '/api/needs', { body: need(changes) });
  expect(answer.status).toBe(201);
  return answer.body;
};
const act = (account: string, id: string, body: unknown) =>
  api.ask(account, 'POST', `/api/needs/${id}/actions`, { body });
const titles = async (query: string) =>
  (await api.ask('statistics.reviewer', 'GET', `/api/needs?${query}`)).body.items.map(
    ({ title }: { title: string }) => title,
  );
const offered = (body: { actions: { action: string }[] }) => body.actions.map(({ action }) => action);

test('a need is seen by all, with entries that may meet it, and the authority matches it; who has it is told', async () => {
  const made = await publish('civil-affairs.requester');
  expect(made).toMatchObject({
    number: expect.stringMatching(/^XQ-\d{4}-\d{6}$/),
    status: 'open',
    lacking: 1,
    entry: null,
  });
  expect(offered(made)).toEqual(['withdraw']);
  const seen = (await api.ask(AUTHORITY, 'GET', `/api/needs/${made.id}`)).body;
  expect(offered(seen)).toEqual(['match', 'assign']);
  // By its name and by a synonym of an item.
  expect(seen.suggestions[0]).toMatchObject({ entry: { id: 'persons' }, items: ['姓名', '身份证号码'] });
  const matched = await act(AUTHORITY, made.id, { action: 'match', entryId: 'persons' });
  expect(matched).toMatchObject({
    status: 200,
    body: { status: 'matched', entry: { id: 'persons', href: '/api/catalogue/persons' } },
  });
  const waiting = await api.engine.platform
    .knex('outbox')
    .where({ stream_id: `/api/needs/${made.id}` })
    .pluck('telling');
  expect(waiting).toMatchObject([{ kind: 'needMatched', to: { people: ['civil-affairs.requester'], seats: [] } }]);
  const mine = (await api.ask('civil-affairs.requester', 'GET', `/api/needs/${made.id}`)).body;
  expect(offered(mine)).toEqual(['confirm', 'withdraw']);
  expect((await act('civil-affairs.requester', made.id, { action: 'confirm' })).body.status).toBe('met');
  const over = (await api.ask(AUTHORITY, 'GET', `/api/needs/${made.id}`)).body;
  expect(over).toMatchObject({ actions: [], suggestions: [] });
  expect(over.history.map(({ action, by }: { action: string; by: { id: string } }) => `${action} ${by.id}`)).toEqual([
    `match ${AUTHORITY}`,
    'confirm civil-affairs.requester',
  ]);
});

test('the authority names a source department, whose lead is told, and may think again', async () => {
  const { id } = await publish('civil-affairs.requester');
  const body = { action: 'assign', department: 'public-security', reason: '户籍归公安' };
  expect((await act(AUTHORITY, id, body)).body).toMatchObject({
    status: 'assigned',
    source: { id: 'public-security' },
  });
  const [telling] = await api.engine.platform
    .knex('outbox')
    .where({ stream_id: `/api/needs/${id}` })
    .pluck('telling');
  expect(telling.to.seats).toEqual([{ role: 'sharing-lead', department: 'public-security' }]);
  expect((await act(AUTHORITY, id, { action: 'match', entryId: 'persons' })).body).toMatchObject({
    status: 'matched',
    source: null,
  });
});

test('what is withdrawn or met is settled, and only who has a need withdraws it', async () => {
  const { id } = await publish('civil-affairs.requester');
  const withdraw = { action: 'withdraw', reason: '不再需要' };
  expect((await act('transport.requester', id, withdraw)).status).toBe(403);
  expect((await act('auditor', id, withdraw)).status).toBe(403);
  expect((await act('civil-affairs.requester', id, { action: 'confirm' })).body.code).toBe('NeedSettled');
  expect((await act('civil-affairs.requester', id, withdraw)).body.status).toBe('withdrawn');
  expect(await act(AUTHORITY, id, { action: 'match', entryId: 'persons' })).toMatchObject({
    status: 409,
    body: { code: 'NeedSettled' },
  });
});

test('what most departments lack comes first where asked so, else the oldest', async () => {
  await publish('statistics.requester', { title: '航班正点率', items: ['航班号', '正点率'] });
  await publish('civil-affairs.requester', { title: '企业纳税信用等级', items: ['信用等级'] });
  await publish('transport.requester', { title: '企业纳税信用评价', items: ['评价结果'] });
  // Twice from one department is one department that lacks it; the same items in other words count too.
  await publish('transport.requester', { title: '税务部门的信用结果', items: ['信用等级', '评价年度'] });
  expect(await titles('status=open')).toEqual([
    '航班正点率',
    '企业纳税信用等级',
    '企业纳税信用评价',
    '税务部门的信用结果',
  ]);
  expect(await titles('status=open&sort=lacking')).toEqual([
    '企业纳税信用等级',
    '企业纳税信用评价',
    '税务部门的信用结果',
    '航班正点率',
  ]);
  expect(await titles('department=transport')).toEqual(['企业纳税信用评价', '税务部门的信用结果']);
  expect(await titles('status=met')).toEqual([]);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await api.ask('auditor', 'GET', `/api/needs?sort=lacking&limit=1${cursor && `&cursor=${cursor}`}`);
    seen.push(...body.items.map(({ title, lacking }: { title: string; lacking: number }) => `${title} ${lacking}`));
    cursor = body.nextCursor;
  }
  expect(seen).toEqual(['企业纳税信用等级 2', '企业纳税信用评价 2', '税务部门的信用结果 2', '航班正点率 1']);
});

test('all that is wrong with a need is said at once', async () => {
  const { body, status } = await api.ask('civil-affairs.requester', 'POST', '/api/needs', {
    body: { title: '', items: [], extra: 1 },
  });
  expect(status).toBe(422);
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/description',
    '/extra',
    '/items',
    '/legalBasis',
    '/purpose',
    '/title',
  ]);
});

test.each([
  ['2020-01-01', 'WantedInPast'],
  ['2027-02-30', 'DateUnknown'],
])('a need by %s is refused: %s', async (wantedBy, code) => {
  const { body } = await api.ask('civil-affairs.requester', 'POST', '/api/needs', { body: need({ wantedBy }) });
  expect(body.errors).toEqual([{ pointer: '/wantedBy', code, message: expect.stringMatching(/\p{Script=Han}/u) }]);
});

test.each([
  [{ action: 'match', entryId: 'no-such' }, '/entryId', 'UnknownEntry'],
  [{ action: 'assign', department: 'no-such' }, '/department', 'NotOffered'],
  [{ action: 'assign', department: 'civil-affairs' }, '/department', 'OwnData'],
])('%j is refused', async (action, pointer, code) => {
  const { id } = await publish('civil-affairs.requester');
  const { status, body } = await act(AUTHORITY, id, action);
  expect(status).toBe(422);
  expect(body.errors).toMatchObject([{ pointer, code }]);
});

test('the same need sent again under its key is one need', async () => {
  const ask = { body: need(), key: 'one-need' };
  const first = await api.ask('civil-affairs.requester', 'POST', '/api/needs', ask);
  expect((await api.ask('civil-affairs.requester', 'POST', '/api/needs', ask)).body.id).toBe(first.body.id);
  expect(await titles('')).toHaveLength(1);
});
