import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { type CallRow, dropOldCalls, insertCalls, usageOf } from '../../store/gateway-calls.ts';
import { openDatabase } from '../../store/database.ts';
import { storeGrant } from '../support/grants.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { seedPeople } from '../support/told.ts';

let platform: TestDatabase;
/** As the API opens it: counts are numbers, dates are texts. */
let db: Knex;
const GRANT = 'case-1.grant';

beforeAll(async () => {
  platform = await platformDatabase();
  db = openDatabase(platform.url);
  await seedPeople(platform.knex);
  await storeGrant(platform.knex, { grantId: GRANT, validFrom: '2026-11-01', validTo: '2027-10-31' });
});
afterAll(async () => {
  await db.destroy();
  await platform.drop();
});

function call(at: string, changes: Partial<CallRow> = {}) {
  return {
    requestId: randomUUID(),
    grantId: GRANT,
    keyId: 'k',
    serviceId: 'persons',
    outcome: 'answered' as const,
    status: 200,
    rows: 2,
    bytes: 100,
    ms: 1.5,
    ...changes,
    at,
  };
}

const count = async (): Promise<number> => Number((await db('gateway_calls').count())[0]?.['count']);
const usage = (from: string, to: string) => usageOf(db, { from, to }, { all: true });

test('a batch is written once, however often it is handed over, and counted by the days of Shanghai', async () => {
  const id = randomUUID();
  const calls = [
    call('2026-11-30T23:59:59+08:00'),
    call('2026-12-01T00:00:00+08:00'),
    call('2026-12-01T07:59:59.999+08:00', { outcome: 'limited', status: 429, rows: 0, bytes: 0 }),
    call('2026-12-01T08:00:00+08:00'),
  ];
  await Promise.all([insertCalls(db, id, calls), insertCalls(db, id, calls)]);
  await insertCalls(db, id, calls);
  expect(await count()).toBe(4);
  expect(await usage('2026-11-30', '2026-12-01')).toMatchObject([
    { day: '2026-11-30', outcome: 'answered', calls: 1, rows: 2, bytes: 100, ms: 1.5 },
    { day: '2026-12-01', outcome: 'answered', calls: 2, rows: 4, bytes: 200, ms: 3 },
    { day: '2026-12-01', outcome: 'limited', calls: 1, rows: 0, bytes: 0, ms: 1.5 },
  ]);
  expect(await usage('2026-12-02', '2026-12-31')).toEqual([]);
});

test('processes that write at once, in months that have no place yet, lose nothing and wait for nobody', async () => {
  const before = await count();
  const batches = Array.from({ length: 12 }, (_, n) =>
    Array.from({ length: 50 }, (__, m) => call(`2027-0${1 + ((n + m) % 6)}-15T12:00:00+08:00`)),
  );
  await Promise.all(batches.map((calls) => insertCalls(db, randomUUID(), calls)));
  expect(await count()).toBe(before + 600);
  const counted = await usage('2027-01-01', '2027-06-30');
  expect(counted.map(({ calls }) => calls).reduce((sum, calls) => sum + calls, 0)).toBe(600);
});

test('what is kept no longer goes by whole months, and what it came to by day stays', async () => {
  await insertCalls(db, randomUUID(), [call('2020-01-31T12:00:00+08:00'), call('2020-02-10T12:00:00+08:00')]);
  const before = await count();
  const { rows } = await db.raw(`select (now()::date - date '2020-02-15') as days`);
  expect(await dropOldCalls(db, rows[0].days)).toBe(1);
  expect(await count()).toBe(before - 1);
  expect(await usage('2020-01-01', '2020-02-28')).toHaveLength(2);
});
