import { type Api, application, startApi } from '../support/api.ts';
import { grantedCase, REQUESTER } from '../support/grant.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const file = (changes: Record<string, unknown>) =>
  api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application(changes) });

test('what goes beyond the last grant says why, for each item; those who decide read it', async () => {
  const before = await grantedCase(api, { items: ['id_card', 'name'], masks: {}, rowScope: { all: [] } });
  const asked = { items: ['id_card', 'name', 'address', 'mobile'], masks: {}, rowScope: { all: [] } };
  const silent = await file({ ...asked, reasons: { mobile: '  ' } });
  expect(silent).toMatchObject({ status: 422, body: { code: 'Invalid' } });
  expect(silent.body.errors).toMatchObject([
    { pointer: '/items/2', code: 'ReasonMissing' },
    { pointer: '/items/3', code: 'ReasonMissing' },
  ]);
  expect(silent.body.errors[0].message).toContain('address');

  const reasons = { mobile: '通知申请人领取救助金', address: '上门核查' };
  const filed = await file({ ...asked, reasons: { ...reasons, name: ' ' } });
  expect(filed.status).toBe(201);
  const read = await api.ask('civil-affairs.lead', 'GET', `/api/cases/${filed.body.id}`);
  expect(read.body.application.reasons).toEqual(reasons);

  const again = await grantedCase(api, { ...asked, reasons });
  const grant = await api.ask(REQUESTER, 'GET', `/api/grants/${again.grantId}`);
  expect(grant.body.items).toEqual(asked.items);
  const row = await api.engine.platform.knex('grants').where({ id: again.grantId }).first('body');
  expect(row.body).not.toHaveProperty('reasons');
  expect((await file({ ...asked, items: ['mobile'], reasons: {} })).status).toBe(201);
  expect(before.grantId).not.toBe(again.grantId);
});

test('who asks for the first time says what for and not why each; a reason is for what is asked for', async () => {
  const entry = { entryId: 'companies', purpose: '政务服务', items: ['name'], masks: {}, rowScope: { all: [] } };
  const answer = await file({ ...entry, reasons: { capital: '核对' } });
  expect(
    answer.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`),
  ).toContain('/reasons/capital ReasonForOtherItem');
  expect(JSON.stringify(answer.body)).not.toContain('ReasonMissing');
});
