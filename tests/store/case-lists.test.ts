import { listCases } from '../../store/cases.ts';
import { playedCase } from '../support/played-cases.ts';
import { storePlayed, storeStaff } from '../support/played-store.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await platformDatabase();
  await storeStaff(database.knex);
  for (let n = 0; n < 3; n += 1) await storePlayed(database.knex, playedCase(n, { steps: 0 }));
  await database
    .knex('cases')
    .where({ id: 'played-2' })
    .update({ title: String.raw`100%_的\数据 ABC` });
});
afterAll(() => database.drop());

async function found(q: string): Promise<string[]> {
  const { items } = await listCases(database.knex, { viewer: { all: true }, filter: { q }, page: { limit: 10 } });
  return items.map(({ id }) => id).toSorted();
}

test('what is searched for is found in title and number, in capitals or not', async () => {
  expect(await found('abc')).toEqual(['played-2']);
  expect(await found('sq-2026')).toEqual(['played-0', 'played-1', 'played-2']);
  expect(await found('的')).toContain('played-2');
});

test('signs that stand for others in a search of the database stand for themselves', async () => {
  expect(await found('%')).toEqual(['played-2']);
  expect(await found('0%_')).toEqual(['played-2']);
  expect(await found('_')).toEqual(['played-2']);
  expect(await found('\\')).toEqual(['played-2']);
  expect(await found('%ABC')).toEqual([]);
});
