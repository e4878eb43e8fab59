import { type Answer, type Api, application, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const REQUESTER = 'civil-affairs.requester';
const LEAD = 'civil-affairs.lead';
const REVIEWER = 'public-security.reviewer';

// oxlint-disable-next-line typescript/no-explicit-any -- a case as the API shows it
async function file(changes: Record<string, unknown> = {}): Promise<any> {
  const { status, body } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application(changes) });
  expect(status).toBe(201);
  return body;
}

function act(account: string, caseId: string, body: Record<string, unknown>): Promise<Answer> {
  return api.ask(account, 'POST', `/api/cases/${caseId}/actions`, { body });
}

function taskOf(filed: { id: string }, stage: string, activation = 1): string {
  return `${filed.id}.${stage}.${activation}`;
}

function approval(filed: { id: string; form: { digest: string } }, stage: string) {
  return { action: 'approve', taskId: taskOf(filed, stage), seen: filed.form.digest };
}

test('who decides twice, on an old form, on another’s task or with a code that is none is told so', async () => {
  const filed = await file();
  const approve = approval(filed, 'requester-lead');
  const stale = await act(LEAD, filed.id, { ...approve, seen: '0'.repeat(64) });
  expect(stale).toMatchObject({ status: 409, body: { code: 'FormChanged', errors: [{ pointer: '/seen' }] } });
  expect(await act('public-security.lead', filed.id, approve)).toMatchObject({
    status: 403,
    body: { code: 'NotYourTask' },
  });
  expect(await act(REQUESTER, filed.id, approve)).toMatchObject({ status: 403, body: { code: 'NotAllowed' } });
  expect(await act('auditor', filed.id, approve)).toMatchObject({ status: 403, body: { code: 'NotAllowed' } });
  expect(await act('transport.lead', filed.id, approve)).toMatchObject({ status: 404, body: { code: 'NotFound' } });
  const done = await act(LEAD, filed.id, approve);
  expect(done).toMatchObject({ status: 200, body: { status: 'done', case: { stage: 'provider-reviewer' } } });
  expect(await act(LEAD, filed.id, approve)).toMatchObject({ status: 409, body: { code: 'AlreadyDecided' } });
  const unknown = { ...approve, taskId: taskOf(filed, 'nowhere') };
  expect(await act(LEAD, filed.id, unknown)).toMatchObject({ status: 404, body: { code: 'TaskUnknown' } });
});

test('an applicant who is also a sharing lead does not decide the own request', async () => {
  const { knex } = api.engine.platform;
  const role = { person_id: REQUESTER, department_id: 'civil-affairs', role: 'sharing-lead' };
  const filed = await file();
  await knex('person_roles').insert(role);
  try {
    const answer = await act(REQUESTER, filed.id, approval(filed, 'requester-lead'));
    expect(answer).toMatchObject({ status: 403, body: { code: 'OwnRequest' } });
    const { body } = await api.ask(REQUESTER, 'GET', '/api/tasks?box=mine');
    expect(body.items.some((task: { case: { id: string } }) => task.case.id === filed.id)).toBe(false);
  } finally {
    await knex('person_roles').where(role).delete();
  }
});

test('a refusal gives a reason, and incomplete materials are none', async () => {
  const filed = await file();
  const reject = { ...approval(filed, 'requester-lead'), action: 'reject' };
  const incomplete = { ...reject, reason: { code: 'incomplete', text: '缺材料' } };
  expect(await act(LEAD, filed.id, incomplete)).toMatchObject({ status: 422, body: { code: 'IncompleteIsNoGround' } });
  const silent = { ...reject, reason: { code: 'other', text: ' ' } };
  expect(await act(LEAD, filed.id, silent)).toMatchObject({ status: 422, body: { code: 'ReasonMissing' } });
  const whim = { ...reject, reason: { code: 'whim', text: '不想给' } };
  expect(await act(LEAD, filed.id, whim)).toMatchObject({ status: 422, body: { code: 'Invalid' } });
  const rejected = await act(LEAD, filed.id, { ...reject, reason: { code: 'beyond-necessity', text: '超出必要' } });
  expect(rejected).toMatchObject({ status: 200, body: { case: { status: 'refused', actions: [] } } });
  const late = await act(LEAD, filed.id, approval(filed, 'requester-lead'));
  expect(late).toMatchObject({ status: 409, body: { code: 'CaseEnded' } });
});

test('a notice that lists nothing, or of parts that are none, says of each what is wrong with it', async () => {
  const filed = await file();
  await act(LEAD, filed.id, approval(filed, 'requester-lead'));
  const taskId = taskOf(filed, 'provider-reviewer');
  const missing = [
    { part: 'colour', text: '' },
    { part: 'scenario', text: '说明批次' },
    { part: 'items', text: ' ' },
  ];
  const { status, body } = await act(REVIEWER, filed.id, { action: 'askSupplement', taskId, missing });
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'Invalid' });
  expect(body.errors).toEqual([
    { pointer: '/missing/0/part', code: 'PartUnknown', message: '申请中没有这样的内容' },
    { pointer: '/missing/0/text', code: 'NothingListed', message: '补正通知须列明全部缺少的材料' },
    { pointer: '/missing/2/text', code: 'NothingListed', message: '补正通知须列明全部缺少的材料' },
  ]);
});

test('a value of another type is told with the type that belongs there, and one left empty as missing', async () => {
  const filed = await file();
  const reject = { ...approval(filed, 'requester-lead'), action: 'reject' };
  const said = async (reason: unknown) => (await act(LEAD, filed.id, { ...reject, reason })).body.errors;
  expect(await said('')).toEqual([{ pointer: '/reason', code: 'Required', message: '此项必填' }]);
  expect(await said('不想给')).toEqual([
    { pointer: '/reason', code: 'WrongType', message: '类型不正确，应为对象 {…}' },
  ]);
  const rowScope = { all: [{ item: 'birth_date', operator: 'eq', value: '2026-02-30' }] };
  const ask = (language: string) =>
    api.ask(REQUESTER, 'POST', '/api/share-requests', {
      body: application({ items: ['name', 'birth_date'], rowScope }),
      headers: { 'Accept-Language': language },
    });
  const pointer = '/rowScope/all/0/value';
  expect((await ask('zh-CN')).body.errors).toEqual([
    { pointer, code: 'WrongType', message: '类型不正确，应为实际存在的日期，格式为 2026-11-25' },
  ]);
  expect((await ask('en')).body.errors).toEqual([
    { pointer, code: 'WrongType', message: 'Wrong type: expected a date that exists, written 2026-11-25' },
  ]);
});

test('what is missing is listed once, completed, and signed on the form of then', async () => {
  const filed = await file();
  await act(LEAD, filed.id, approval(filed, 'requester-lead'));
  const ask = { action: 'askSupplement', taskId: taskOf(filed, 'provider-reviewer') };
  const nothing = await act(REVIEWER, filed.id, { ...ask, missing: [] });
  expect(nothing).toMatchObject({ status: 422, body: { code: 'NothingListed' } });
  const asked = await act(REVIEWER, filed.id, { ...ask, missing: [{ part: 'scenario', text: '说明批次' }] });
  expect(asked).toMatchObject({ status: 200, body: { case: { status: 'awaiting-supplement' } } });
  const waiting = (await api.ask(REQUESTER, 'GET', `/api/cases/${filed.id}`)).body;
  expect(waiting.supplement.missing).toEqual([{ part: 'scenario', text: '说明批次' }]);
  expect(waiting.actions.map((one: { action: string }) => one.action)).toEqual([
    'supplement',
    'withdraw',
    'copy',
    'comment',
  ]);

  const supplement = (form: Record<string, unknown>) => act(REQUESTER, filed.id, { action: 'supplement', form });
  expect(await supplement({ scenario: '' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/form/scenario' }] },
  });
  const unasked = await supplement({ purpose: '人口统计分析' });
  expect(unasked).toMatchObject({ status: 422, body: { code: 'NotAsked', errors: [{ pointer: '/form/purpose' }] } });
  const unsound = await supplement({ purpose: '商业推广' });
  expect(unsound.body.errors).toMatchObject([{ pointer: '/form/purpose', code: 'PurposeNotAllowed' }]);
  expect(await act(REQUESTER, filed.id, { action: 'supplement' })).toMatchObject({
    status: 422,
    body: { code: 'NothingSupplemented' },
  });
  const done = await supplement({ scenario: '最低生活保障审核，2026年第四季度批次' });
  expect(done).toMatchObject({ status: 200, body: { case: { form: { version: 2 }, stage: 'requester-lead' } } });

  const old = await act(LEAD, filed.id, {
    ...approval(filed, 'requester-lead'),
    taskId: taskOf(filed, 'requester-lead', 2),
  });
  expect(old).toMatchObject({ status: 409, body: { code: 'FormChanged' } });
  const { body: now } = await api.ask(LEAD, 'GET', `/api/tasks/${taskOf(filed, 'requester-lead', 2)}`);
  const signed = await api.ask(LEAD, 'POST', `/api/tasks/${now.id}/actions`, {
    body: { action: 'approve', seen: now.form.digest },
  });
  expect(signed.status).toBe(200);
});

test('the applicant withdraws, nobody else does, and afterwards nothing can be done', async () => {
  const filed = await file();
  const withdraw = { action: 'withdraw', reason: '不再需要' };
  expect(await act(LEAD, filed.id, withdraw)).toMatchObject({ status: 403 });
  expect(await act(REQUESTER, filed.id, withdraw)).toMatchObject({
    status: 200,
    body: { case: { status: 'withdrawn' } },
  });
  expect(await act(REQUESTER, filed.id, withdraw)).toMatchObject({ status: 409, body: { code: 'CaseEnded' } });
});

test('the same key answers the same outcome, a refusal too; the command tells it only to its sender', async () => {
  const filed = await file();
  const path = `/api/cases/${filed.id}/actions`;
  const stale = { ...approval(filed, 'requester-lead'), seen: '0'.repeat(64) };
  const refused = await api.ask(LEAD, 'POST', path, { body: stale, key: 'stale' });
  const again = await api.ask(LEAD, 'POST', path, { body: stale, key: 'stale' });
  expect([refused.body.code, again.body.code]).toEqual(['FormChanged', 'FormChanged']);
  const body = approval(filed, 'requester-lead');
  const first = await api.ask(LEAD, 'POST', path, { body, key: 'signed' });
  const second = await api.ask(LEAD, 'POST', path, { body, key: 'signed' });
  expect(second).toMatchObject({ status: 200, body: { outcome: first.body.outcome } });
  const other = await api.ask(LEAD, 'POST', path, { body: { ...body, opinion: '另议' }, key: 'signed' });
  expect(other).toMatchObject({ status: 422, body: { code: 'IdempotencyKeyReused' } });
  const command = await api.ask(LEAD, 'GET', `/api/commands/${LEAD}:signed`);
  expect(command).toMatchObject({ status: 200, body: { status: 'done', action: 'approve', target: { id: filed.id } } });
  const told = await api.ask(LEAD, 'GET', `/api/commands/${LEAD}:stale`);
  expect(told.body).toMatchObject({ status: 'refused', problem: { code: 'FormChanged', status: 409 } });
  expect((await api.ask(REQUESTER, 'GET', `/api/commands/${LEAD}:signed`)).status).toBe(404);
});

test('an action on what has changed since is refused where If-Match says so', async () => {
  const filed = await file();
  const path = `/api/cases/${filed.id}/actions`;
  const body = approval(filed, 'requester-lead');
  const shown = await api.ask(LEAD, 'GET', `/api/cases/${filed.id}`);
  const tag = shown.headers.get('ETag') ?? '';
  const stale = await api.ask(LEAD, 'POST', path, { body, headers: { 'If-Match': '"1"' } });
  expect(stale).toMatchObject({ status: 412, body: { code: 'PreconditionFailed' } });
  expect(await api.ask(LEAD, 'POST', path, { body, headers: { 'If-Match': tag } })).toMatchObject({ status: 200 });
});

test('of many who decide at once one does, and the others are told that it is done', async () => {
  const filed = await file();
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => act(LEAD, filed.id, approval(filed, 'requester-lead'))),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => ![200, 409, 503].includes(status))).toEqual([]);
});

test('of two supplements at once one is taken, and a refused one leaves no version of the form behind', async () => {
  const filed = await file();
  await act(LEAD, filed.id, {
    action: 'askSupplement',
    taskId: taskOf(filed, 'requester-lead'),
    missing: [{ part: 'scenario', text: '说明批次' }],
  });
  const answers = await Promise.all(
    ['甲批次', '乙批次', '丙批次'].map((scenario) =>
      act(REQUESTER, filed.id, { action: 'supplement', form: { scenario } }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
  const { body } = await api.ask(REQUESTER, 'GET', `/api/cases/${filed.id}`);
  expect(body.form.version).toBe(2);
  const versions = await api.engine.platform.knex('forms').where({ case_id: filed.id });
  expect(versions.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([1, 2]);
  expect(versions.find(({ version }) => version === 2).body.scenario).toBe(body.application.scenario);
});
