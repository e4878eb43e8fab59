import { giveTurn, keepTurn, SILENT_AFTER_S, takeTurn } from '../../store/transfer-turns.ts';
import { storeGrant } from '../support/grants.ts';
import { storeStaff } from '../support/played-store.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';

const SOURCE = 'public-security-main';
let database: TestDatabase;

beforeAll(async () => {
  database = await platformDatabase();
  const { knex } = database;
  await storeStaff(knex);
  const { id } = await storeGrant(knex, { grantId: 'turns.grant', validFrom: '2099-01-01', validTo: '2099-12-31' });
  const rows = Array.from({ length: 20 }, (_, nth) => ({
    id: `d${nth}`,
    grant_id: id,
    requested_by: 'system',
    status: 'waiting',
    created_at: new Date(Date.UTC(2026, 0, 1, 0, nth)),
  }));
  await knex('deliveries').insert(rows);
});
afterEach(() => database.knex('transfer_turns').delete());
afterAll(() => database.drop());

const take = (deliveryId: string, { sourceId = SOURCE, atOnce = 2 } = {}): Promise<number> =>
  takeTurn(database.knex, { deliveryId, sourceId, atOnce });

const silence = (deliveryId: string) =>
  database
    .knex('transfer_turns')
    .where({ delivery_id: deliveryId })
    .update({ seen_at: database.knex.raw(`clock_timestamp() - ? * interval '1 second'`, [SILENT_AFTER_S + 1]) });

test('two deliveries read from a source at once, and the others follow in the order in which they were asked for', async () => {
  expect([await take('d5'), await take('d1')]).toEqual([0, 0]);
  expect([await take('d3'), await take('d2')]).toEqual([1, 1]);
  // Who waits longer goes first, whoever asks first.
  expect(await take('d3')).toBe(2);
  await giveTurn(database.knex, 'd5');
  expect([await take('d3'), await take('d2'), await take('d3')]).toEqual([1, 0, 1]);
  await giveTurn(database.knex, 'd1');
  expect(await take('d3')).toBe(0);
});

test('a turn that is held is kept by whoever asks again, and other sources have turns of their own', async () => {
  await Promise.all([take('d1'), take('d2')]);
  expect([await take('d1'), await take('d2')]).toEqual([0, 0]);
  expect(await take('d3', { sourceId: 'other-main' })).toBe(0);
});

test('of twenty that ask at the same moment as many go as the place allows', async () => {
  const ids = Array.from({ length: 20 }, (_, nth) => `d${nth}`);
  const before = await Promise.all(ids.map((id) => take(id, { atOnce: 3 })));
  expect(before.filter((count) => count === 0).length).toBeLessThanOrEqual(3);
  const again = await Promise.all(ids.map((id) => take(id, { atOnce: 3 })));
  expect(again.filter((count) => count === 0)).toHaveLength(3);
  expect(await database.knex('transfer_turns').where({ held: true })).toHaveLength(3);
});

test('the turn of a worker that was killed passes on once it has been silent, and one that gives signs is kept', async () => {
  await Promise.all([take('d1'), take('d2')]);
  await silence('d1');
  await silence('d2');
  await keepTurn(database.knex, 'd2');
  expect(await take('d4')).toBe(0);
  expect(await take('d5')).toBe(1);
  // Back again, it queues where it stood: before those that were asked for later.
  expect(await take('d1')).toBe(1);
  expect(await take('d5')).toBe(2);
});
