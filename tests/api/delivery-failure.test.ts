import pg from 'pg';
import { type Api, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;
let source: pg.Client;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  source = new pg.Client({ connectionString: api.engine.departmentUrl('public-security') });
  await source.connect();
}, 120_000);
afterAll(async () => {
  await source.end();
  await api.close();
});

test('a delivery that fails says why in words, the case says so too, and it can be run again once that is mended', async () => {
  await source.query('alter table persons rename column mobile to phone');
  const { caseId, grantId } = await grantedCase(api);
  const failed = await deliveryOf(api, grantId, 'failed');
  expect(failed).toMatchObject({
    manifest: null,
    reason: { code: 'SourceChanged', message: expect.stringMatching(/^提供部门的数据表与目录不一致（涉及：mobile）/) },
    actions: [{ action: 'deliver' }],
  });
  const headers = { 'Accept-Language': 'en' };
  const { body } = await api.ask(REQUESTER, 'GET', `/api/deliveries/${failed.id}`, { headers });
  expect(body.reason.message).toMatch(/^The provider’s table no longer matches the catalogue \(mobile\)/);
  const stuck = await until(async () => {
    const { body: shown } = await api.ask(REQUESTER, 'GET', `/api/cases/${caseId}`);
    return shown.status === 'delivery-failed' ? shown : undefined;
  });
  expect(stuck.delivery).toMatchObject({ outcome: 'failed', code: 'SourceChanged' });

  await source.query('alter table persons rename column phone to mobile');
  const again = await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`);
  expect(again.status).toBe(201);
  expect(await deliveryOf(api, grantId)).toMatchObject({ id: again.body.id, reason: null });
  await until(async () => {
    const { body: shown } = await api.ask(REQUESTER, 'GET', `/api/cases/${caseId}`);
    return shown.status === 'completed' ? shown : undefined;
  });
});
