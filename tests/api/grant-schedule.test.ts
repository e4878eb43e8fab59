import { type Answer, type Api, application, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';

let api: Api;
let grantId: string;

const AFTER_UPDATE = { kind: 'after-update' };

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  ({ grantId } = await grantedCase(api, { schedule: AFTER_UPDATE }));
  await deliveryOf(api, grantId);
}, 120_000);
afterAll(() => api.close());

function reschedule(account: string, schedule: unknown): Promise<Answer> {
  return api.ask(account, 'POST', `/api/grants/${grantId}/actions`, { body: { action: 'reschedule', schedule } });
}

const errorsOf = ({ body }: Answer): string[] =>
  body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`);

test('the schedule of the application stands in the grant, with the cycle of its entry and the next run', async () => {
  const { body: grant } = await api.ask('public-security.lead', 'GET', `/api/grants/${grantId}`);
  expect(grant.schedule).toEqual({ ...AFTER_UPDATE, cycle: 'daily' });
  expect(grant.nextRunAt).toMatch(/T02:00:00.000\+08:00$/);
  const { body: found } = await api.ask(REQUESTER, 'GET', `/api/cases/${grant.caseId}`);
  expect(found.application.schedule).toEqual(AFTER_UPDATE);
  const { body: again } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/application`);
  expect(again.schedule).toEqual(AFTER_UPDATE);
});

test('the requester changes it within the grant, down to none at all', async () => {
  const cron = { kind: 'cron', cron: '0 3 1 1 *' };
  const changed = await reschedule(REQUESTER, cron);
  expect(changed).toMatchObject({ status: 200, body: { grant: { schedule: cron } } });
  expect(changed.body.grant.nextRunAt).toMatch(/-01-01T03:00:00/);
  expect(await reschedule(REQUESTER, { kind: 'on-call' })).toMatchObject({
    status: 200,
    body: { grant: { schedule: { kind: 'on-call' }, nextRunAt: null } },
  });
  expect(await reschedule(REQUESTER, AFTER_UPDATE)).toMatchObject({
    body: { grant: { schedule: { ...AFTER_UPDATE, cycle: 'daily' } } },
  });
});

test('nobody else changes it, and what is no schedule is refused with its fault', async () => {
  for (const account of ['public-security.lead', 'data-bureau.authority', 'auditor']) {
    expect(await reschedule(account, AFTER_UPDATE)).toMatchObject({ status: 403, body: { code: 'NotAllowed' } });
  }
  expect(await reschedule('transport.lead', AFTER_UPDATE)).toMatchObject({ status: 404 });
  const dense = await reschedule(REQUESTER, { kind: 'cron', cron: '* * * * *' });
  expect(dense.status).toBe(422);
  expect(errorsOf(dense)).toEqual(['/schedule/cron ScheduleTooDense']);
  expect(dense.body.errors[0].message).toBe('两次交付至少间隔15分钟');
  expect(errorsOf(await reschedule(REQUESTER, { kind: 'hourly' }))).toEqual(['/schedule/kind NotOffered']);
});

test('an application is told of its schedule’s faults with all others', async () => {
  const body = application({ schedule: { kind: 'cron', cron: 'nightly' }, items: [] });
  const filed = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body });
  expect(filed.status).toBe(422);
  expect(errorsOf(filed).toSorted()).toEqual(['/items NoItems', '/schedule/cron CronUnreadable']);
  const other = application({ schedule: { kind: 'cron' }, items: [] });
  expect(errorsOf(await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: other })).toSorted()).toEqual([
    '/items NoItems',
    '/schedule/cron Required',
  ]);
});
