import { type Answer, type Api, application, startApi } from '../support/api.ts';
import { deliveryOf, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;
let items: Readonly<Record<string, readonly string[]>>;

/** Both unconditional, of two providers. */
const VILLAGES = 'divisions-villages';
const COORDINATES = 'district-coordinates';

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  const entries = await Promise.all(
    [VILLAGES, COORDINATES].map((id) => api.ask(REQUESTER, 'GET', `/api/catalogue/${id}`)),
  );
  items = Object.fromEntries(entries.map(({ body }) => [body.id, body.items.map(({ id }: { id: string }) => id)]));
}, 120_000);
afterAll(() => api.close());

/** Villages of the statistics office and coordinates of the transport office in one request. */
function both(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return application({
    entryId: VILLAGES,
    items: items[VILLAGES],
    rowScope: { all: [] },
    further: [{ entryId: COORDINATES, items: items[COORDINATES] }],
    ...changes,
  });
}

async function act(account: string, caseId: string, stage: string, action: Record<string, unknown>): Promise<Answer> {
  const { body } = await api.ask('data-bureau.authority', 'GET', `/api/cases/${caseId}`);
  const { taskId } = body.stages.find(({ id }: { id: string }) => id === stage);
  const seen = /^(approve|reject)$/.test(String(action['action'])) ? { seen: body.form.digest } : {};
  return api.ask(account, 'POST', `/api/tasks/${taskId}/actions`, { body: { ...action, ...seen } });
}
const approve = (account: string, caseId: string, stage: string) => act(account, caseId, stage, { action: 'approve' });

const shown = async (id: string) => (await api.ask(REQUESTER, 'GET', `/api/cases/${id}`)).body;

test('each provider decides its own resources side by side, and what one refuses the other still grants', async () => {
  const filed = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: both() });
  expect(filed.status).toBe(201);
  const { id } = filed.body;
  expect(filed.body.route.id).toBe('share-request/several-unconditional');
  expect(filed.body.stages.map((one: { id: string }) => one.id)).toEqual([
    'requester-lead',
    'provider-lead@statistics',
    'provider-lead@transport',
  ]);
  expect((await approve('civil-affairs.lead', id, 'requester-lead')).status).toBe(200);
  const stranger = await approve('transport.lead', id, 'provider-lead@statistics');
  expect(stranger).toMatchObject({ status: 403, body: { code: 'NotYourTask' } });
  const reason = { code: 'beyond-necessity', text: '坐标与用途无关' };
  const refused = await act('transport.lead', id, 'provider-lead@transport', { action: 'reject', reason });
  expect(refused.body.case.status).toBe('in-approval');
  expect((await approve('statistics.lead', id, 'provider-lead@statistics')).status).toBe(200);
  expect((await shown(id)).grants).toMatchObject([{ id: `${id}.grant.${VILLAGES}`, subject: VILLAGES }]);
  await deliveryOf(api, `${id}.grant.${VILLAGES}`);
  await until(async () => (await shown(id)).status === 'partly-completed');
  expect((await shown(id)).refileUntil).toMatch(/^\d{4}-\d\d-\d\d$/);

  // What was refused is filed again as the same case: only that is decided, and only that granted.
  const again = await api.ask(REQUESTER, 'POST', `/api/cases/${id}/actions`, {
    body: { action: 'refile', form: { scenario: '核对村址坐标，说明必要性' }, note: '补充必要性说明' },
  });
  expect(again).toMatchObject({ status: 200, body: { case: { status: 'in-approval' } } });
  expect(await shown(id)).toMatchObject({ round: 2, refileUntil: null });
  await approve('civil-affairs.lead', id, 'requester-lead');
  expect((await approve('transport.lead', id, 'provider-lead@transport')).status).toBe(200);
  await deliveryOf(api, `${id}.grant.${COORDINATES}`);
  await until(async () => (await shown(id)).status === 'completed');
  const { body: grants } = await api.ask(REQUESTER, 'GET', `/api/grants?caseId=${id}`);
  const givers = grants.items.map(({ provider }: { provider: { id: string } }) => provider.id);
  expect(givers.toSorted()).toEqual(['statistics', 'transport']);
  const replay = await api.ask('auditor', 'POST', `/api/cases/${id}/replay`, { body: {} });
  expect(replay).toMatchObject({ status: 200, body: { verdict: 'agrees' } });
}, 120_000);

test('a change of one provider’s resource lapses that provider’s signatures and leaves the other’s', async () => {
  const { id } = (await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: both() })).body;
  await approve('civil-affairs.lead', id, 'requester-lead');
  await approve('statistics.lead', id, 'provider-lead@statistics');
  const missing = [{ part: 'items', text: '请减少坐标信息项' }];
  await act('transport.lead', id, 'provider-lead@transport', { action: 'askSupplement', missing });
  const waiting = await shown(id);
  expect(waiting).toMatchObject({ status: 'awaiting-supplement', supplements: [{ missing }] });
  const further = [{ entryId: COORDINATES, items: items[COORDINATES]?.slice(0, 1) }];
  const body = { action: 'supplement', form: { further } };
  expect((await api.ask(REQUESTER, 'POST', `/api/cases/${id}/actions`, { body })).status).toBe(200);
  const after = await shown(id);
  expect(after.application.further).toMatchObject(further);
  const standing = after.stages.map((one: { standing: string }) => one.standing);
  expect(standing).toEqual(['open', 'decided', 'parked']);
});

test('the faults of every resource are told at once, each where it stands', async () => {
  const further = [
    { entryId: COORDINATES, items: ['no-such'] },
    { entryId: VILLAGES, items: [] },
    { entryId: 'persons', items: [] },
  ];
  const { status, body } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: both({ further }) });
  expect(status).toBe(422);
  const told = body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`);
  expect(told).toEqual(
    expect.arrayContaining([
      '/further/0/items/0 UnknownItem',
      '/further/1/entryId DuplicateEntry',
      '/further/1/items NoItems',
      '/further/2/entryId MixedShareTypes',
    ]),
  );
});
