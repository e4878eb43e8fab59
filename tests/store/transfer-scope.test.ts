import { deliver } from '../../activities/transfer/deliver.ts';
import type { RowScope, ScopeCondition } from '../../domain/row-scope.ts';
import { ENTRY, TABLE, transferBench, type TransferBench } from '../support/transfer.ts';

const ROWS = 40;
let bench: TransferBench;
let deliveries = 0;
beforeAll(async () => {
  bench = await transferBench(ROWS);
  await bench.provider.knex('persons').insert([
    { id: 101, name: `O'Brien`, district: null },
    { id: 102, name: 'back\\slash', district: '210199' },
    { id: 103, name: '%', district: '210199' },
  ]);
});
afterAll(() => bench.drop());

/** The ids that arrive, and the ids that the same question in hand-written SQL gives. */
async function deliveredFor(scope: RowScope): Promise<number[]> {
  await deliver(bench.order(`scope-${++deliveries}`, { rowScope: scope }));
  const { rows } = await bench.requester.knex.raw<{ rows: { id: number }[] }>(
    `select id from received."${TABLE}" order by id`,
  );
  return rows.map(({ id }) => id);
}
async function sourceIds(where: string): Promise<number[]> {
  const { rows } = await bench.provider.knex.raw<{ rows: { id: number }[] }>(
    `select id from persons where ${where} order by id`,
  );
  return rows.map(({ id }) => id);
}
const all = (...conditions: ScopeCondition[]): RowScope => ({ all: conditions });

describe('the rows of a delivery', () => {
  it.each<[string, RowScope, string]>([
    ['every row', all(), 'true'],
    ['eq', all({ item: 'district', operator: 'eq', value: '210103' }), `district = '210103'`],
    [
      'ne, which a row without a value does not meet',
      all({ item: 'district', operator: 'ne', value: '210103' }),
      `district <> '210103'`,
    ],
    ['in', all({ item: 'id', operator: 'in', value: [3, 5, 999] }), 'id in (3, 5)'],
    [
      'lt and ge',
      all({ item: 'id', operator: 'ge', value: 5 }, { item: 'id', operator: 'lt', value: 8 }),
      'id in (5, 6, 7)',
    ],
    ['between numbers', all({ item: 'balance', operator: 'between', value: [1, 2.5] }), 'balance between 1 and 2.5'],
    ['dates', all({ item: 'born', operator: 'le', value: '1950-01-10' }), `born <= '1950-01-10'`],
    [
      'moments, local in the source',
      all({ item: 'seen', operator: 'gt', value: '2025-12-31T16:30:00Z' }),
      `seen > '2026-01-01 00:30:00'`,
    ],
    ['logical', all({ item: 'active', operator: 'eq', value: true }), 'active'],
    ['startsWith, without wildcards', all({ item: 'name', operator: 'startsWith', value: '%' }), `name = '%'`],
    ['startsWith Chinese', all({ item: 'name', operator: 'startsWith', value: '欧阳' }), `name like '欧阳%'`],
    ['isNull', all({ item: 'district', operator: 'isNull' }), 'district is null'],
    ['notNull', all({ item: 'phone', operator: 'notNull' }), 'phone is not null'],
    ['a quote', all({ item: 'name', operator: 'eq', value: `O'Brien` }), 'id = 101'],
    ['a backslash', all({ item: 'name', operator: 'eq', value: 'back\\slash' }), 'id = 102'],
  ])('are those of the scope: %s', async (_, scope, where) => {
    const expected = await sourceIds(where);
    expect(expected.length).toBeGreaterThan(0);
    expect(await deliveredFor(scope)).toEqual(expected);
  });

  it('may be chosen by an item that is not itself delivered', async () => {
    const scope = all({ item: 'district', operator: 'eq', value: '210103' });
    const manifest = await deliver(bench.order('narrow', { items: ['name'], rowScope: scope }));
    expect(manifest.rows).toBe((await sourceIds(`district = '210103'`)).length);
  });

  it('are not widened, and nothing else is run, by values that look like SQL', async () => {
    const attacks = [
      `x' or '1'='1`,
      `x'; drop table persons; --`,
      `x\\'; drop table persons; --`,
      `') or true --`,
      `$$; drop table persons; $$`,
      `x' union select 1,'a','a','a',null,1,null,true,'a' --`,
      `E'\\x27 or 1=1`,
      `‘ or 1=1 --`,
    ];
    for (const value of attacks) {
      for (const operator of ['eq', 'startsWith'] as const) {
        expect(await deliveredFor(all({ item: 'note', operator, value }))).toEqual([]);
      }
      expect(await deliveredFor(all({ item: 'note', operator: 'in', value: [value, value] }))).toEqual([]);
      expect(await deliveredFor(all({ item: 'note', operator: 'between', value: [value, value] }))).toEqual([]);
    }
    expect((await sourceIds('true')).length).toBe(ROWS + 3);
  });

  it('are never chosen by a scope that names something else than an item, or a value of another type', async () => {
    const unsound: unknown[] = [
      { item: `id" = 1 or "id`, operator: 'eq', value: 1 },
      { item: 'id', operator: `= 1 or 1 =`, value: 1 },
      { item: 'id', operator: 'eq', value: '1 or 1=1' },
      { item: 'name', operator: 'eq', value: '张\u0000三' },
    ];
    for (const condition of unsound) {
      const scope = { all: [condition] } as RowScope;
      await expect(deliver(bench.order('unsound', { rowScope: scope }))).rejects.toThrow('not sound');
    }
  });

  it('stay within quoted names when a column is called like SQL', async () => {
    const odd = 'select "; drop table persons; --';
    await bench.provider.knex.schema.createTable('odd', (table) => {
      table.integer('id').primary();
      table.text(odd);
    });
    await bench.provider.knex('odd').insert({ id: 1, [odd]: '一' });
    const [id, name] = ENTRY.items;
    if (id === undefined || name === undefined) throw new Error('The entry has items');
    const entry = { ...ENTRY, items: [id, { ...name, id: odd }], mount: { ...ENTRY.mount, table: 'odd' } };
    const manifest = await deliver(bench.order('odd', { items: [odd] }, { entry }));
    expect(manifest.rows).toBe(1);
    expect((await sourceIds('true')).length).toBe(ROWS + 3);
  });
});
