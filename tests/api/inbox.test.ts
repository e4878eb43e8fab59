import { type Api, application, startApi } from '../support/api.ts';
import { grantedCase, REQUESTER } from '../support/grant.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const DIVISIONS = {
  entryId: 'divisions-2026',
  items: ['code', 'name'],
  rowScope: { all: [{ item: 'code', operator: 'startsWith', value: '2101' }] },
  purpose: '统一区划口径',
};

async function box(account: string, name: string) {
  const { status, body } = await api.ask(account, 'GET', `/api/tasks?box=${name}`);
  expect(status).toBe(200);
  return { ids: body.items.map((task: { id: string }) => task.id), counts: body.counts, items: body.items };
}

test('a task is in the inbox of those who may answer it, in the done box of who did, and is counted', async () => {
  const { body: filed } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  const taskId = `${filed.id}.requester-lead.1`;
  expect((await box('civil-affairs.lead', 'mine')).ids).toContain(taskId);
  expect((await box('civil-affairs.reviewer', 'mine')).ids).not.toContain(taskId);
  expect((await box('civil-affairs.reviewer', 'department')).ids).toContain(taskId);
  expect((await box('public-security.lead', 'department')).ids).not.toContain(taskId);
  const before = (await box('civil-affairs.lead', 'done')).counts;
  const body = { action: 'approve', seen: filed.form.digest };
  await api.ask('civil-affairs.lead', 'POST', `/api/tasks/${taskId}/actions`, { body });
  const done = await box('civil-affairs.lead', 'done');
  expect(done.items[0]).toMatchObject({
    id: taskId,
    status: 'done',
    verdict: 'approved',
    actions: [{ action: 'takeBack', taskId }],
  });
  expect(done.items[0].decidedBy).toEqual({ id: 'civil-affairs.lead', name: expect.any(String) });
  expect(done.counts).toMatchObject({ mine: before.mine - 1, done: before.done + 1 });
  const next = await box('public-security.reviewer', 'mine');
  expect(next.items[0]).toMatchObject({
    case: { id: filed.id },
    dueOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    actions: [
      { action: 'approve' },
      { action: 'reject' },
      { action: 'askSupplement' },
      { action: 'return', to: ['applicant', 'requester-lead'] },
      { action: 'delegate' },
      { action: 'addSeat' },
    ],
  });
});

test('where a place grants unconditional data at once, the provider is told and has nothing to do', async () => {
  const { knex } = api.engine.platform;
  await knex('settings').insert({ key: 'share-request.unconditional', value: '"at-once"' });
  const body = application(DIVISIONS);
  const { body: filed } = await api.ask('statistics.requester', 'POST', '/api/share-requests', { body });
  await knex('settings').where({ key: 'share-request.unconditional' }).delete();
  expect(filed.stages.map(({ id }: { id: string }) => id)).toEqual(['requester-lead']);
  const approved = await api.ask('statistics.lead', 'POST', `/api/tasks/${filed.id}.requester-lead.1/actions`, {
    body: { action: 'approve', seen: filed.form.digest },
  });
  expect(approved.body.case).toMatchObject({ grantId: `${filed.id}.grant` });
  const copies = await box('civil-affairs.lead', 'copied');
  expect(copies.counts.copied).toBe(1);
  expect(copies.items).toMatchObject([{ status: 'copied', case: { id: filed.id }, actions: [] }]);
});

test('otherwise the provider’s sharing lead answers within one working day', async () => {
  const body = application(DIVISIONS);
  const { body: filed } = await api.ask('statistics.requester', 'POST', '/api/share-requests', { body });
  expect(filed.stages.map(({ id }: { id: string }) => id)).toEqual(['requester-lead', 'provider-lead']);
  await api.ask('statistics.lead', 'POST', `/api/tasks/${filed.id}.requester-lead.1/actions`, {
    body: { action: 'approve', seen: filed.form.digest },
  });
  const { body: shown } = await api.ask('civil-affairs.lead', 'GET', `/api/cases/${filed.id}`);
  expect(shown.clocks).toMatchObject([{ id: 'provider', kind: 'reply', legal: 1, stopped: false }]);
  expect(shown.application).toMatchObject({ items: ['code', 'name'], entryId: 'divisions-2026' });
  expect(shown.rowScopeText).toBe('区划代码以“2101”开头');
});

test('lists of cases are read page by page, by filters, and show what one’s department takes part in', async () => {
  await grantedCase(api);
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor && `&cursor=${cursor}`;
    const { body } = await api.ask('auditor', 'GET', `/api/cases?limit=1${query}`);
    ids.push(...body.items.map(({ id }: { id: string }) => id));
    cursor = body.nextCursor;
  }
  const all = (await api.ask('auditor', 'GET', '/api/cases?limit=200')).body.items;
  expect(ids).toEqual(all.map(({ id }: { id: string }) => id));
  expect(new Set(ids).size).toBeGreaterThan(3);
  const numbers = all.map(({ number }: { number: string }) => number);
  expect(numbers.every((number: string) => /^SQ-\d{4}-\d{6}$/.test(number))).toBe(true);
  const count = async (account: string, query: string) =>
    (await api.ask(account, 'GET', `/api/cases?${query}`)).body.items.length;
  expect(await count('transport.lead', '')).toBe(0);
  expect(await count('statistics.lead', '')).toBe(2);
  expect(await count('statistics.lead', 'provider=public-security')).toBe(0);
  expect(await count('auditor', `q=${numbers[0]}`)).toBe(1);
  expect(await count('auditor', 'q=行政区划')).toBe(2);
  expect(await count('auditor', 'status=withdrawn')).toBe(0);
});

test('an inbox can be read by due date, page by page, and says how far each date is', async () => {
  for (const scope of ['赵', '钱']) {
    const rowScope = { all: [{ item: 'name', operator: 'startsWith', value: scope }] };
    const { body } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application({ rowScope }) });
    const approval = { action: 'approve', seen: body.form.digest };
    await api.ask('civil-affairs.lead', 'POST', `/api/tasks/${body.id}.requester-lead.1/actions`, { body: approval });
  }
  const { knex } = api.engine.platform;
  const ids = (await box('public-security.reviewer', 'mine')).ids;
  const [latest, middle, first] = ids;
  await knex('tasks').where({ id: first }).update({ due_on: '2026-01-02' });
  await knex('tasks').where({ id: middle }).update({ due_on: null });
  await knex('tasks').where({ id: latest }).update({ due_on: '2026-01-05' });
  const read: string[] = [];
  let cursor = '';
  do {
    const path = `/api/tasks?box=mine&sort=due&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const { status, body } = await api.ask('public-security.reviewer', 'GET', path);
    expect(status).toBe(200);
    read.push(...body.items.map(({ id }: { id: string }) => id));
    expect(body.items[0].case).toMatchObject({
      items: 4,
      deadline: { day: expect.any(Number), legal: { day: 10, standing: expect.any(String) } },
    });
    cursor = body.nextCursor ?? '';
  } while (cursor !== '');
  expect(read.slice(0, 2)).toEqual([first, latest]);
  expect(read.at(-1)).toBe(middle);
  expect(read).toHaveLength(ids.length);
  const other = await api.ask('public-security.reviewer', 'GET', '/api/tasks?box=mine&sort=oldest');
  expect(other).toMatchObject({ status: 422, body: { errors: [{ pointer: '/query/sort' }] } });
});

test('an inbox is narrowed by words, process, stage, department and date, and tells all that is wrong with a filter', async () => {
  const { body: filed } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  const taskId = `${filed.id}.requester-lead.1`;
  const has = async (filter: string): Promise<boolean> => {
    const { status, body } = await api.ask('civil-affairs.lead', 'GET', `/api/tasks?limit=200&${filter}`);
    expect(status).toBe(200);
    return body.items.some(({ id }: { id: string }) => id === taskId);
  };
  expect(await has(`q=${filed.number.toLowerCase()}`)).toBe(true);
  expect(await has('q=%25')).toBe(false);
  expect(await has('kind=share-request&stage=requester-lead&requester=civil-affairs')).toBe(true);
  expect(await has('kind=dispute')).toBe(false);
  expect(await has('stage=provider-lead')).toBe(false);
  expect(await has('requester=transport')).toBe(false);
  // Nothing is due of what the requester's own lead holds.
  expect(await has('dueBy=2099-01-01')).toBe(false);
  await api.ask('civil-affairs.lead', 'POST', `/api/tasks/${taskId}/actions`, {
    body: { action: 'approve', seen: filed.form.digest },
  });
  const due = async (date: string) => {
    const { body } = await api.ask('public-security.reviewer', 'GET', `/api/tasks?q=${filed.number}&dueBy=${date}`);
    return body.items.map(({ dueOn }: { dueOn: string }) => dueOn);
  };
  const [dueOn] = await due('2099-01-01');
  expect(await due(dueOn)).toEqual([dueOn]);
  const before = new Date(new Date(dueOn).getTime() - 86_400_000).toISOString().slice(0, 10);
  expect(await due(before)).toEqual([]);
  const wrong = await api.ask('civil-affairs.lead', 'GET', '/api/tasks?q=&dueBy=2026-02-30&sort=best');
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/query/dueBy',
    '/query/q',
    '/query/sort',
  ]);
});
