import type { TableEntry } from '../../domain/catalogue.ts';
import type { Grant } from '../../domain/grant.ts';
import type { ServiceQuery } from '../../domain/service-query.ts';
import { columnsOf } from '../../sources/postgresql/columns.ts';
import { SourceFailure } from '../../sources/failure.ts';
import { type SourcePool, sourcePool } from '../../sources/pool.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { type PagePlace, pageOfRows, requireFit } from '../../sources/service-rows.ts';
import { AWKWARD, ENTRY, GRANT, SECRET_KEY, transferBench, type TransferBench } from '../support/transfer.ts';

const ROWS = 100;
let bench: TransferBench;
let pool: SourcePool;
beforeAll(async () => {
  bench = await transferBench(ROWS);
  // The salt of grant-1, for those of its items that leave under a pseudonym.
  const settings = pseudonymsOf(SECRET_KEY, GRANT.id).settings();
  pool = sourcePool({ url: bench.provider.url, most: 2, timeoutMs: 1_000, settings });
});
afterAll(async () => {
  await pool.end();
  await bench.drop();
});

/** The same persons with nothing masked by the entry itself. */
const OPEN: TableEntry = { ...ENTRY, items: ENTRY.items.map((item) => ({ ...item, mask: 'none' as const })) };

/** All rows, a page after another. */
async function allOf(entry: TableEntry, terms: Partial<Grant>, asked: Partial<ServiceQuery> = {}) {
  const grant = { ...GRANT, ...terms };
  const columns = await columnsOf(pool, entry.mount);
  requireFit(columns, { grant, entry });
  const query = { items: grant.items, conditions: [], limit: 7, ...asked };
  const found: Record<string, unknown>[] = [];
  let after: PagePlace | undefined;
  do {
    const page = await pageOfRows(pool, { grant, entry, query, columns, ...(after ? { after } : {}) });
    expect(page.rows.length).toBeLessThanOrEqual(query.limit);
    found.push(...page.rows.map((row) => JSON.parse(row) as Record<string, unknown>));
    after = page.next;
  } while (after);
  return found;
}

test('rows come once each in the order of the key, whatever it is of', async () => {
  const byNumber = await allOf(OPEN, { masks: {}, items: ['id'] });
  expect(byNumber.map(({ id }) => id)).toEqual(Array.from({ length: ROWS }, (_, n) => n + 1));
  const byText = await allOf({ ...OPEN, key: ['district', 'phone'] }, { masks: {}, items: ['district', 'phone'] });
  const places = byText.map(({ district, phone }) => `${String(district)} ${String(phone)}`);
  expect(places).toEqual(places.toSorted());
  expect(new Set(places).size).toBe(ROWS);
  // The key orders also where it is not given.
  const without = await allOf(OPEN, { masks: {}, items: ['name'] });
  expect(without).toHaveLength(ROWS);
  expect(Object.keys(without[0] ?? {})).toEqual(['name']);
});

test('rows under a pseudonym come once each in an order that tells nothing of the key, equal ones among them', async () => {
  const entry: TableEntry = { ...OPEN, key: ['phone'] };
  const masks = { phone: 'pseudonym' } as const;
  const { of } = pseudonymsOf(SECRET_KEY, GRANT.id);
  const { rows } = await bench.provider.knex.raw<{ rows: { phone: string; active: boolean }[] }>(
    'select phone, active from persons',
  );
  const byPseudonym = await allOf(entry, { masks, items: ['phone', 'active'] });
  const expected = rows.map(({ phone, active }) => ({ phone: of(phone), active }));
  const sorted = expected.toSorted((a, b) => (a.phone < b.phone ? -1 : 1));
  expect(byPseudonym).toEqual(sorted);
  // A hundred rows of which fifty are alike, and pages end among them.
  const other = { ...OPEN, items: OPEN.items };
  const alike = await allOf(other, { masks: { district: 'pseudonym' }, items: ['district'] });
  expect(alike).toHaveLength(ROWS);
  const count = (of_: string): number => alike.filter(({ district }) => district === of_).length;
  expect(count(of('210101'))).toBe(8);
  expect(count(of('210112'))).toBe(7);
});

test('values come as JSON with nothing lost, and what is asked for is narrowed in the database', async () => {
  await bench.provider.knex.transaction(async (trx) => {
    for (const [n, note] of AWKWARD.entries())
      await trx('persons')
        .where({ id: n + 1 })
        .update({ note });
  });
  const some = await allOf(
    OPEN,
    { masks: {}, items: ['id', 'note', 'born', 'balance', 'seen', 'active'] },
    { conditions: [{ item: 'id', operator: 'le', value: AWKWARD.length }], limit: 100 },
  );
  expect(some.map(({ note }) => note)).toEqual(AWKWARD);
  expect(some[0]).toMatchObject({
    id: 1,
    born: '1950-01-02',
    balance: 0.33,
    seen: '2026-01-01T00:01:00',
    active: false,
  });
});

test('a question that takes too long ends within its time, and a pool goes on', async () => {
  await expect(pool.rows('select pg_sleep(5)')).rejects.toMatchObject({ reason: 'TimedOut' });
  await expect(pool.rows('create table x (a int)')).rejects.not.toBeInstanceOf(SourceFailure);
  const columns = await columnsOf(pool, ENTRY.mount);
  expect(columns.size).toBe(9);
});

test('a table that is not what the catalogue says is found out before anything is asked of it', async () => {
  const entry = {
    ...OPEN,
    items: OPEN.items.map((item) => (item.id === 'born' ? { ...item, type: 'T' as const } : item)),
  };
  const grant = { ...GRANT, masks: {}, items: ['id', 'born'] };
  const columns = await columnsOf(pool, entry.mount);
  expect(() => requireFit(columns, { grant, entry })).toThrow('born (date)');
});
