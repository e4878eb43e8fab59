import pg from 'pg';
import { type Answer, type Api, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;
let source: pg.Client;

beforeAll(async () => {
  api = await startApi();
  source = new pg.Client({ connectionString: api.engine.departmentUrl('public-security') });
  await source.connect();
  await source.query(`alter table persons add column changed timestamptz not null default '2026-01-01'`);
  await api.engine.platform
    .knex('catalogue_entries')
    .where({ id: 'persons' })
    .update({ body: api.engine.platform.knex.raw(`jsonb_set(body, '{mount,updatedColumn}', '"changed"')`) });
  await api.engine.startWorkers();
}, 120_000);
afterAll(async () => {
  await source.end();
  await api.close();
});

async function delivered(asked: Answer): Promise<{ manifest: Record<string, unknown> }> {
  expect(asked.status).toBe(201);
  return until(async () => {
    const { body } = await api.ask(REQUESTER, 'GET', `/api/deliveries/${asked.body.id}`);
    return body.status === 'delivered' ? body : undefined;
  });
}

test('the second delivery of an entry that says what changed is an increment, and the whole set comes when asked for', async () => {
  const { grantId } = await grantedCase(api, { items: ['record_no', 'name', 'mobile'], rowScope: { all: [] } });
  const deliver = (body: unknown) => api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`, { body });
  const first = await deliveryOf(api, grantId);
  expect(first.manifest).toMatchObject({ mark: { column: 'changed' } });
  await source.query(
    `update persons set name = '改名', changed = now() where record_no = (select min(record_no) from persons)`,
  );
  const second = await delivered(await deliver({}));
  const changes = { base: first.id, inserted: 0, updated: 1, deleted: 0, total: first.manifest.rows };
  expect(second.manifest).toMatchObject({ changes, mark: { from: first.manifest.mark.to } });
  await deliveryOf(api, grantId);
  const whole = await delivered(await deliver({ isWhole: true }));
  expect(whole.manifest).not.toHaveProperty('changes');
  expect(whole.manifest['rows']).toBe(first.manifest.rows);
  expect((await deliver({ isWhole: false })).status).toBe(422);
}, 60_000);
