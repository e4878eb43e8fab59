import { type Answer, type Api, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;
let grantId: string;

const REQUESTER_LEAD = 'civil-affairs.lead';
const REVIEWER = 'public-security.reviewer';
const PROVIDER_LEAD = 'public-security.lead';
const AUTHORITY = 'data-bureau.authority';

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  ({ grantId } = await grantedCase(api));
  await deliveryOf(api, grantId);
}, 120_000);
afterAll(() => api.close());

function file(account: string, process: string, form: Record<string, unknown>, grant = grantId): Promise<Answer> {
  return api.ask(account, 'POST', '/api/cases', { body: { process, about: { grantId: grant }, form } });
}

async function act(account: string, caseId: string, stage: string, action: Record<string, unknown>): Promise<Answer> {
  const { body } = await api.ask(account, 'GET', `/api/cases/${caseId}`);
  const taskId = body.actions.find(
    (one: { action: string; taskId?: string }) => one.action === action['action'] && one.taskId?.includes(`.${stage}.`),
  )?.taskId;
  const seen = /^(approve|reject)$/.test(String(action['action'])) ? { seen: body.form.digest } : {};
  return api.ask(account, 'POST', `/api/cases/${caseId}/actions`, { body: { ...action, taskId, ...seen } });
}

const approve = (account: string, caseId: string, stage: string) =>
  act(account, caseId, stage, { action: 'approve', opinion: '同意' });
const reject = (account: string, caseId: string, stage: string) =>
  act(account, caseId, stage, { action: 'reject', reason: { code: 'not-settled', text: '未达成一致' } });

async function statusOf(account: string, path: string): Promise<string> {
  return (await api.ask(account, 'GET', path)).body.status;
}

async function comesTo(account: string, path: string, status: string): Promise<void> {
  await until(async () => (await statusOf(account, path)) === status);
}

const CORRECTION = { items: ['mobile'], rows: '身份证号尾号 1234', error: '手机号已停用' };

test('every process says who files it, about what, with which fields', async () => {
  const { body } = await api.ask(REQUESTER, 'GET', '/api/processes');
  expect(body.items.map(({ id }: { id: string }) => id)).toEqual([
    'correction',
    'objection',
    'dispute',
    'misuse',
    'disposal',
    'publication',
    'reconciliation',
    'drift',
  ]);
  expect(body.items[0]).toMatchObject({ name: { zh: '数据校核' }, about: 'grant', fields: expect.any(Array) });
});

test('a correction is verified and answered by the provider in its ten working days, and the data delivered again', async () => {
  const filed = await file(REQUESTER, 'correction', CORRECTION);
  expect(filed).toMatchObject({
    status: 201,
    body: { kind: 'correction', status: 'in-approval', about: { grantId }, application: null, content: CORRECTION },
  });
  const { id, number, title, clocks } = filed.body;
  expect(number).toMatch(/^JH-2\d{3}-\d{6}$/);
  expect(title).toMatch(/^数据校核：/);
  expect(clocks).toMatchObject([{ kind: 'correction', legal: 10 }]);
  expect((await approve(REVIEWER, id, 'verify')).status).toBe(200);
  expect((await approve(PROVIDER_LEAD, id, 'answer')).status).toBe(200);
  await comesTo(REQUESTER, `/api/cases/${id}`, 'completed');
  const { body } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/deliveries`);
  expect(body.items.length).toBeGreaterThan(1);
  await deliveryOf(api, grantId);
  const { body: about } = await api.ask(REQUESTER, 'GET', `/api/cases?grant=${grantId}&kind=correction`);
  expect(about.items.map((one: { id: string }) => one.id)).toEqual([id]);
  const replay = await api.ask('auditor', 'POST', `/api/cases/${id}/replay`, { body: {} });
  expect(replay).toMatchObject({ status: 200, body: { verdict: 'agrees' } });
});

test('what is missing in a correction is asked for once and completed field by field', async () => {
  const { id } = (await file(REQUESTER, 'correction', CORRECTION)).body;
  await act(REVIEWER, id, 'verify', { action: 'askSupplement', missing: [{ part: 'evidence', text: '附营业厅证明' }] });
  const body = (form: Record<string, unknown>) => ({ body: { action: 'supplement', form } });
  const path = `/api/cases/${id}/actions`;
  expect(await api.ask(REQUESTER, 'POST', path, body({ colour: 'red' }))).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/form/colour', code: 'UnknownField' }] },
  });
  expect(await api.ask(REQUESTER, 'POST', path, body({ rows: '其他行' }))).toMatchObject({
    body: { code: 'NotAsked' },
  });
  expect(await api.ask(REQUESTER, 'POST', path, body({ evidence: '营业厅证明' }))).toMatchObject({ status: 200 });
  const { body: shown } = await api.ask(REVIEWER, 'GET', `/api/cases/${id}`);
  expect(shown).toMatchObject({ form: { version: 2 }, content: { ...CORRECTION, evidence: '营业厅证明' } });
});

test('all faults of a form are told at once, and the wrong side or time is refused', async () => {
  const faulty = await file(REQUESTER, 'correction', { items: ['mobile', 'shoe_size'], colour: 'red' });
  expect(faulty).toMatchObject({
    status: 422,
    body: {
      errors: [
        { pointer: '/form/colour', code: 'UnknownField' },
        { pointer: '/form/items/1', code: 'UnknownItem' },
        { pointer: '/form/rows', code: 'FieldMissing' },
        { pointer: '/form/error', code: 'FieldMissing' },
      ],
    },
  });
  expect((await file(REQUESTER, 'loan', {})).body.errors).toMatchObject([
    { pointer: '/process', code: 'UnknownProcess' },
  ]);
  expect(await file(PROVIDER_LEAD, 'correction', CORRECTION)).toMatchObject({ status: 403 });
  expect(await file('transport.requester', 'correction', CORRECTION)).toMatchObject({ status: 404 });
  const early = { measure: 'destroyed', disposedOn: '2026-11-25', statement: '已销毁' };
  expect(await file(REQUESTER, 'disposal', early)).toMatchObject({ status: 409, body: { code: 'GrantNotOver' } });
});

test('a dispute is negotiated, then settled by the authority, then by the government, each tier on record', async () => {
  const form = { matter: '数据更新频率', position: '应每日更新', demand: '恢复每日更新' };
  const { id } = (await file(REQUESTER, 'dispute', form)).body;
  await approve(REQUESTER_LEAD, id, 'negotiation');
  const refused = await reject(PROVIDER_LEAD, id, 'negotiation');
  expect(refused.body.case).toMatchObject({ status: 'in-approval', stage: 'authority' });
  expect((await reject(AUTHORITY, id, 'authority')).body.case).toMatchObject({ stage: 'government' });
  expect((await approve('government-office.lead', id, 'government')).status).toBe(200);
  await comesTo(REQUESTER, `/api/cases/${id}`, 'completed');
  const { body } = await api.ask(REQUESTER, 'GET', `/api/cases/${id}`);
  expect(body.stages.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['rejected', 'rejected', 'approved']);
  expect(body.stages[0].seats).toHaveLength(2);
});

test('a grant is renewed by filing its application once more, linked to the case before', async () => {
  const { body: again } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/application`);
  const { body: grant } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}`);
  expect(again.period.from > grant.validTo).toBe(true);
  expect(await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: again })).toMatchObject({ status: 422 });
  const warranties = { true: true, lawful: true, necessary: true };
  const filed = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: { ...again, warranties } });
  expect(filed).toMatchObject({ status: 201, body: { about: { caseId: grant.caseId, grantId, follows: 'renewal' } } });
  const { body: chain } = await api.ask(REQUESTER, 'GET', `/api/cases?follows=${grant.caseId}&kind=share-request`);
  expect(chain.items.map(({ id }: { id: string }) => id)).toEqual([filed.body.id]);
  const other = { ...again, warranties, entryId: 'divisions-2026' };
  const refused = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: other });
  expect(refused.body.errors).toContainEqual(expect.objectContaining({ code: 'NothingToFollow' }));
});

test('misuse suspends at once; put right and inspected, data flows again', async () => {
  const form = { finding: '超范围使用', measures: '停止超范围使用并书面报告' };
  const { id } = (await file(PROVIDER_LEAD, 'misuse', form)).body;
  await comesTo(REQUESTER, `/api/grants/${grantId}`, 'suspended');
  expect((await approve(REQUESTER_LEAD, id, 'rectify')).status).toBe(200);
  expect((await approve(REVIEWER, id, 'inspect')).status).toBe(200);
  await comesTo(REQUESTER, `/api/grants/${grantId}`, 'active');
  await comesTo(REQUESTER, `/api/cases/${id}`, 'completed');
});

test('misuse that is not put right ends the grant, and its end is confirmed by what became of the data', async () => {
  const form = { finding: '向第三方提供', measures: '立即收回' };
  const { id } = (await file(AUTHORITY, 'misuse', form)).body;
  await comesTo(REQUESTER, `/api/grants/${grantId}`, 'suspended');
  expect((await reject(REQUESTER_LEAD, id, 'rectify')).body.case.status).toBe('refused');
  await comesTo(REQUESTER, `/api/grants/${grantId}`, 'terminated');
  expect(await file(PROVIDER_LEAD, 'misuse', form)).toMatchObject({ status: 409, body: { code: 'GrantOver' } });
  const disposal = { measure: 'destroyed', disposedOn: '2026-11-25', statement: '全部副本已删除' };
  const confirmed = await file(REQUESTER, 'disposal', disposal);
  expect(confirmed.status).toBe(201);
  await approve(REQUESTER_LEAD, confirmed.body.id, 'confirm');
  await comesTo(REQUESTER, `/api/cases/${confirmed.body.id}`, 'completed');
  const { body: grant } = await api.ask(PROVIDER_LEAD, 'GET', `/api/grants/${grantId}`);
  expect(grant.disposalCaseId).toBe(confirmed.body.id);
});
