import { type Answer, type Api, application, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';
import { addDays, dateIn } from '../../domain/civil-date.ts';

let api: Api;
let grantId: string;
let caseId: string;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  ({ grantId, caseId } = await grantedCase(api));
  await deliveryOf(api, grantId);
}, 120_000);
afterAll(() => api.close());

const PROVIDER_LEAD = 'public-security.lead';

function act(account: string, action: string, reason?: string): Promise<Answer> {
  const body = reason === undefined ? { action } : { action, reason };
  return api.ask(account, 'POST', `/api/grants/${grantId}/actions`, { body });
}

async function offered(account: string): Promise<string[]> {
  const { body } = await api.ask(account, 'GET', `/api/grants/${grantId}`);
  return body.actions.map((one: { action: string }) => one.action);
}

test('a grant says what was given, under the case that gave it, to both parties and those who supervise', async () => {
  const asked = application();
  for (const account of [REQUESTER, PROVIDER_LEAD, 'auditor', 'data-bureau.authority']) {
    const { body } = await api.ask(account, 'GET', `/api/grants?caseId=${caseId}`);
    expect(body.items).toMatchObject([
      {
        id: grantId,
        caseId,
        status: 'active',
        requester: { id: 'civil-affairs' },
        provider: { id: 'public-security' },
        // In the entry's order, each under the entry's least mask.
        items: ['id_card', 'name', 'address', 'mobile'],
        masks: { id_card: 'id-card', name: 'name', address: 'address', mobile: 'mobile' },
        rowScope: asked['rowScope'],
        deliveries: 1,
      },
    ]);
  }
  expect((await api.ask('transport.lead', 'GET', '/api/grants')).body.items).toEqual([]);
});

test('each is offered what the rules let them do and nothing else', async () => {
  expect(await offered(REQUESTER)).toEqual(['deliver', 'reschedule', 'renew']);
  expect(await offered('public-security.reviewer')).toEqual(['deliver']);
  expect(await offered(PROVIDER_LEAD)).toEqual(['deliver', 'suspend', 'terminate']);
  expect(await offered('data-bureau.authority')).toEqual(['suspend', 'terminate']);
  expect(await offered('auditor')).toEqual([]);
});

test('a delivery that is asked for runs under the grant, with its own manifest', async () => {
  const asked = await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`, { key: 'second' });
  expect(asked).toMatchObject({ status: 201, body: { grantId, requestedBy: REQUESTER, manifest: null } });
  expect(asked.headers.get('Location')).toBe(`/api/deliveries/${asked.body.id}`);
  const again = await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`, { key: 'second' });
  expect(again.body.id).toBe(asked.body.id);
  const done = await until(async () => {
    const { body } = await api.ask(PROVIDER_LEAD, 'GET', `/api/deliveries/${asked.body.id}`);
    return body.status === 'delivered' ? body : undefined;
  });
  expect(done).toMatchObject({ progress: { rowsDone: done.manifest.rows }, manifest: { grantId, caseId } });
  expect(done.manifestDigest).toMatch(/^[0-9a-f]{64}$/);
  const { body: list } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/deliveries?limit=1`);
  expect(list.items).toHaveLength(1);
  const { body: rest } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/deliveries?cursor=${list.nextCursor}`);
  expect([...list.items, ...rest.items].map(({ id }: { id: string }) => id)).toEqual([`${grantId}.2`, `${grantId}.1`]);
});

test('grants of one entry are listed with its name, and all deliveries with what they are made under', async () => {
  const { body: list } = await api.ask(PROVIDER_LEAD, 'GET', '/api/grants?entry=persons');
  expect(list.items).toMatchObject([{ id: grantId, entry: { id: 'persons', version: 1, name: '户籍人口基本信息' } }]);
  expect((await api.ask(PROVIDER_LEAD, 'GET', '/api/grants?entry=divisions')).body.items).toEqual([]);
  const deliveries = (account: string, query = '') => api.ask(account, 'GET', `/api/deliveries?limit=1${query}`);
  for (const account of [REQUESTER, PROVIDER_LEAD, 'auditor']) {
    const { body } = await deliveries(account);
    expect(body.items).toMatchObject([
      {
        grantId,
        grantNumber: expect.stringMatching(/^SY-/),
        status: 'delivered',
        requester: { id: 'civil-affairs' },
        provider: { id: 'public-security' },
        entry: { id: 'persons', name: '户籍人口基本信息' },
        actions: [],
      },
    ]);
    const { body: rest } = await deliveries(account, `&cursor=${body.nextCursor}`);
    expect(rest.items[0].id).not.toBe(body.items[0].id);
  }
  expect((await deliveries(REQUESTER, '&status=failed')).body.items).toEqual([]);
  expect((await deliveries(REQUESTER, '&provider=civil-affairs')).body.items).toEqual([]);
  expect((await deliveries('transport.lead')).body.items).toEqual([]);
});

/** The days on which a grant was given and last changed. */
async function daysOf(id: string): Promise<{ given: string; changed: string }> {
  const { body } = await api.ask('auditor', 'GET', `/api/grants/${id}`);
  return { given: dateIn(body.createdAt), changed: dateIn(body.updatedAt) };
}

test('who could be given what on a day is told with the decisions that it rests on, to the parties and those who supervise', async () => {
  const { given } = await daysOf(grantId);
  const ask = (account: string, query: string) => api.ask(account, 'GET', `/api/sharing-lines?on=${given}${query}`);
  const { grant, ...line } = (await ask('auditor', '&entryId=persons&item=mobile&department=civil-affairs')).body
    .items[0];
  expect(grant).toMatchObject({ id: grantId, number: expect.stringMatching(/^SY-/) });
  expect(line).toMatchObject({
    effect: 'allow',
    requester: { id: 'civil-affairs' },
    provider: { id: 'public-security' },
    entry: { id: 'persons' },
    case: { id: caseId },
    masks: { mobile: 'mobile' },
    until: null,
    decisions: [
      { stage: 'requester-lead', person: 'civil-affairs.lead', role: 'sharing-lead', verdict: 'approved' },
      { stage: 'provider-reviewer', person: 'public-security.reviewer', role: 'reviewer', verdict: 'approved' },
      { stage: 'provider-lead', person: 'public-security.lead', department: { id: 'public-security' } },
    ],
  });
  for (const account of [REQUESTER, PROVIDER_LEAD, 'data-bureau.authority']) {
    expect((await ask(account, `&entryId=persons`)).body.items).toMatchObject([{ id: line.id }]);
  }
  expect((await ask('transport.lead', '')).body.items).toEqual([]);
  for (const other of ['&item=no_such', '&department=transport', '&entryId=divisions']) {
    expect((await ask('auditor', other)).body.items).toEqual([]);
  }
  const before = addDays(given, -1);
  expect((await api.ask('auditor', 'GET', `/api/sharing-lines?on=${before}`)).body.items).toEqual([]);
});

test('the provider suspends at once with a reason, nothing flows until it resumes, and the end is final', async () => {
  expect(await act('civil-affairs.lead', 'suspend', '误用')).toMatchObject({
    status: 403,
    body: { code: 'NotAllowed' },
  });
  expect(await act(PROVIDER_LEAD, 'suspend', ' ')).toMatchObject({ status: 422, body: { code: 'ReasonMissing' } });
  expect(await act(PROVIDER_LEAD, 'resume', '已整改')).toMatchObject({ status: 409, body: { code: 'NotSuspended' } });
  const suspended = await act(PROVIDER_LEAD, 'suspend', '疑似误用');
  expect(suspended).toMatchObject({ status: 200, body: { grant: { status: 'suspended' } } });
  expect(await offered(REQUESTER)).toEqual(['reschedule']);
  const refused = await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`);
  expect(refused).toMatchObject({ status: 409, body: { code: 'GrantNotActive' } });
  expect(await act('data-bureau.authority', 'resume', '已整改')).toMatchObject({ status: 200 });
  expect(await offered(REQUESTER)).toEqual(['deliver', 'reschedule', 'renew']);
  expect(await act(PROVIDER_LEAD, 'terminate', '再次误用')).toMatchObject({
    body: { grant: { status: 'terminated' } },
  });
  expect(await act(PROVIDER_LEAD, 'resume', '后悔')).toMatchObject({ status: 409, body: { code: 'GrantOver' } });
  const late = await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`);
  expect(late).toMatchObject({ status: 409, body: { code: 'GrantOver' } });
});

test('of a day on which it was in force for a while, ended lines are told as well, with when they ended', async () => {
  const { grantId: other } = await grantedCase(api);
  const act = (action: string) =>
    api.ask(PROVIDER_LEAD, 'POST', `/api/grants/${other}/actions`, { body: { action, reason: '疑似误用' } });
  for (const action of ['suspend', 'resume', 'terminate']) expect((await act(action)).status).toBe(200);
  const { given, changed } = await daysOf(other);
  const lines = async (on: string, query = '') => {
    const { body } = await api.ask('auditor', 'GET', `/api/sharing-lines?on=${on}${query}`);
    return body as { items: { id: string; grant: { id: string } }[]; nextCursor: string | null };
  };
  const own = async (on: string) => (await lines(on)).items.filter(({ grant }) => grant.id === other);
  const ended = { until: expect.any(String), decisions: { length: 3 } };
  expect((await own(given)).at(-1)).toMatchObject({ id: `${other}/1.1`, ...ended });
  expect((await own(changed))[0]).toMatchObject(ended);
  expect((await own(changed))[0]?.id).not.toBe(`${other}/1.1`);
  const pages: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await lines(given, `&limit=1${cursor && `&cursor=${cursor}`}`);
    pages.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(pages).toEqual((await lines(given)).items.map(({ id }) => id));
});
