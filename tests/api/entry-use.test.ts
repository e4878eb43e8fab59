import { type Api, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const use = async (id: string) => (await api.ask('transport.lead', 'GET', `/api/catalogue/${id}/use`)).body;

test('an entry tells who uses it, how its provider answered and how its data arrives', async () => {
  expect(await use('persons')).toMatchObject({
    departments: [],
    answers: { counted: 0, medianDays: null, spread: [], agreed: 0, partly: 0, refused: 0 },
    health: { delivered: 0, failed: 0, lastAt: null, corrections: 0, openCorrections: 0 },
  });
  const { grantId } = await grantedCase(api);
  await deliveryOf(api, grantId);
  const grant = (await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}`)).body;
  expect(grant.entry).toMatchObject({ id: 'persons', name: '户籍人口基本信息', nameEn: expect.any(String) });
  const told = await use('persons');
  expect(told.departments).toMatchObject([
    { id: 'civil-affairs', name: expect.any(String), items: grant.items.length },
  ]);
  for (const { id, departments } of told.items) expect(departments).toBe(grant.items.includes(id) ? 1 : 0);
  expect(told.answers).toMatchObject({ counted: 1, spread: [{ days: 1, count: 1 }], agreed: 1, partly: 0, refused: 0 });
  expect(told.health.lastAt === null).toBe(told.health.delivered === 0);
  expect(told.health.delivered + told.health.failed).toBeLessThanOrEqual(1);
  const others = await api.ask(REQUESTER, 'GET', '/api/grants?entry=companies');
  expect(others.body.items).toEqual([]);
  expect((await api.ask(REQUESTER, 'GET', '/api/grants?entry=persons')).body.items).toHaveLength(1);
});

test('a search names the items that have its words', async () => {
  const { body } = await api.ask(REQUESTER, 'GET', `/api/catalogue?q=${encodeURIComponent('手机号码')}`);
  const entry = body.items.find(({ id }: { id: string }) => id === 'persons');
  expect(entry.matchedItems.map(({ name }: { name: string }) => name)).toContain('手机号码');
  const all = await api.ask(REQUESTER, 'GET', '/api/catalogue');
  expect(all.body.items[0].matchedItems).toBeUndefined();
});

test('samples are of what is granted, masked, and of nothing else', async () => {
  const path = '/api/catalogue/persons/samples';
  const { body } = await api.ask(REQUESTER, 'GET', path);
  expect(body.items).toEqual(['id_card', 'name', 'address', 'mobile']);
  expect(body.rows.length).toBeGreaterThan(0);
  expect(body.rows.length).toBeLessThanOrEqual(5);
  for (const row of body.rows) {
    expect(Object.keys(row)).toEqual(body.items);
    expect(row.id_card).toMatch(/^\d{4}\*{10}\d{3}[\dX]$/);
    expect(row.name).toMatch(/^王\*+$/);
  }
  expect(await api.ask('statistics.requester', 'GET', path)).toMatchObject({ status: 403 });
  const reason = { action: 'suspend', reason: '核实' };
  await api.ask('public-security.lead', 'POST', `/api/grants/${body.grantId}/actions`, { body: reason });
  expect(await api.ask(REQUESTER, 'GET', path)).toMatchObject({ status: 403 });
});
