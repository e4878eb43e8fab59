import { randomUUID } from 'node:crypto';
import { type Api, application, startApi } from '../support/api.ts';
import { until } from '../support/until.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const REQUESTER = 'civil-affairs.requester';

async function approve(account: string, caseId: string): Promise<void> {
  const inbox = await api.ask(account, 'GET', '/api/tasks?box=mine');
  const task = inbox.body.items.find((one: { case: { id: string } }) => one.case.id === caseId);
  expect(task.actions.map((offered: { action: string }) => offered.action)).toContain('approve');
  const answer = await api.ask(account, 'POST', `/api/tasks/${task.id}/actions`, {
    body: { action: 'approve', seen: task.form.digest, opinion: '同意' },
  });
  expect(answer).toMatchObject({ status: 200, body: { status: 'done' } });
}

test('a request travels over REST from filing to delivered rows, and its replay agrees', async () => {
  const filed = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  expect(filed).toMatchObject({ status: 201, body: { status: 'in-approval', stage: 'requester-lead' } });
  expect(filed.body.waitingFor).toMatchObject([
    { stage: 'requester-lead', role: 'sharing-lead', department: { id: 'civil-affairs' }, holder: null },
  ]);
  const { id } = filed.body;
  expect(filed.headers.get('Location')).toBe(`/api/share-requests/${id}`);
  await approve('civil-affairs.lead', id);
  await approve('public-security.reviewer', id);
  await approve('public-security.lead', id);
  const grants = await api.ask(REQUESTER, 'GET', `/api/grants?caseId=${id}`);
  const [grant] = grants.body.items;
  const done = await until(async () => {
    const { body } = await api.ask(REQUESTER, 'GET', `/api/grants/${grant.id}/deliveries`);
    return body.items.find((delivery: { status: string }) => delivery.status === 'delivered');
  });
  expect(done.manifest).toMatchObject({ grantId: grant.id, rows: expect.any(Number) });
  const ended = await until(async () => {
    const { body } = await api.ask(REQUESTER, 'GET', `/api/cases/${id}`);
    return body.status === 'completed' ? body : undefined;
  });
  expect(ended).toMatchObject({ actions: [], waitingFor: [], deadline: null });
  const replay = await api.ask('auditor', 'POST', `/api/cases/${id}/replay`, { body: {} });
  expect(replay).toMatchObject({ status: 200, body: { verdict: 'agrees', caseId: id } });
  const history = await api.ask('auditor', 'GET', `/api/cases/${id}/history`);
  expect(history.body.events.length).toBeGreaterThan(10);
  expect(history.headers.get('Santong-Runs')).toBe('1');
  const events = await api.ask(REQUESTER, 'GET', `/api/cases/${id}/events?limit=3`);
  expect(events.body.items.map((event: { seq: number }) => event.seq)).toEqual([1, 2, 3]);
  const more = await api.ask(REQUESTER, 'GET', `/api/cases/${id}/events?cursor=${events.body.nextCursor}`);
  expect(more.body.items[0].seq).toBe(4);
});

test('filing again under the same key is the same case, with another body it is refused', async () => {
  const key = randomUUID();
  const body = application();
  const first = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body, key });
  const second = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body, key });
  expect(second).toMatchObject({ status: 201, body: { id: first.body.id } });
  const other = application({ scenario: '另一个场景' });
  const third = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: other, key });
  expect(third).toMatchObject({ status: 422, body: { code: 'IdempotencyKeyReused' } });
});

test('the same filing sent many times at once begins one case', async () => {
  const key = randomUUID();
  const body = application({ scenario: '同时提交多次' });
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => api.ask(REQUESTER, 'POST', '/api/share-requests', { body, key })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
  const forms = await api.engine.platform.knex('forms').whereRaw(`body->>'scenario' = '同时提交多次'`);
  expect(forms).toHaveLength(1);
});
