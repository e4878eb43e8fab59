import { type Api, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

test('a delivery from a source that is busy says so and how many come first, and goes on when it is its turn', async () => {
  const { knex } = api.engine.platform;
  await knex('settings').insert({ key: 'transfers.per-source', value: '1' });
  const { grantId: first } = await grantedCase(api);
  const held = await deliveryOf(api, first);
  // A delivery of another process, long under way.
  await knex.raw(
    `insert into transfer_turns (delivery_id, source_id, asked_at, seen_at, held)
     values (?, 'public-security-main', now(), now() + interval '1 hour', true)`,
    [held.id],
  );
  const { grantId } = await grantedCase(api);
  const waiting = await until(async () => {
    const { body } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/deliveries`);
    return body.items.find(({ reason }: { reason: unknown }) => reason !== null);
  });
  expect(waiting).toMatchObject({
    status: 'waiting',
    startedAt: null,
    reason: {
      code: 'SourceBusy',
      params: { side: 'source', before: 1, atOnce: 1 },
      message: '提供部门的数据库正在进行其他交付（同时最多1项），前面还有1项，平台会依次自动交付。',
    },
  });
  await knex('transfer_turns').where({ delivery_id: held.id }).delete();
  expect(await deliveryOf(api, grantId)).toMatchObject({ status: 'delivered', reason: null });
  expect(await knex('transfer_turns')).toEqual([]);
}, 60_000);
