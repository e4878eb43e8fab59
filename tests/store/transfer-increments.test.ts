import { deliver } from '../../activities/transfer/deliver.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import type { Grant, Manifest } from '../../domain/grant.ts';
import { ENTRY, TABLE, transferBench, type TransferBench } from '../support/transfer.ts';

const ROWS = 500;
const CHANGING = { ...ENTRY, mount: { ...ENTRY.mount, updatedColumn: 'changed' } };
const KEPT = { ...CHANGING, mount: { ...CHANGING.mount, deletedColumn: 'gone' } };
let bench: TransferBench;
let deliveries: number;

beforeEach(async () => {
  deliveries = 0;
  bench = await transferBench(ROWS);
  await bench.provider.knex.raw(`
    alter table persons add column changed timestamptz not null default '2026-01-01 00:00:00+08', add column gone boolean;
    update persons set changed = '2026-02-01 00:00:00+08' where id = 500;
    create function stamp() returns trigger language plpgsql as $$ begin new.changed = clock_timestamp(); return new; end $$;
    create trigger stamp before insert or update on persons for each row execute function stamp()`);
});
afterEach(() => bench.drop());

/** The next delivery, a minute after the one before. */
function next(changes: Partial<Grant> = {}, more: Parameters<TransferBench['order']>[2] = {}): Promise<Manifest> {
  deliveries += 1;
  const now = new Date(Date.UTC(2026, 4, 1, 4, deliveries));
  return deliver(bench.order(`d${deliveries}`, changes, { entry: CHANGING, now: () => now, ...more }));
}

const change = (sql: string): Promise<unknown> => Promise.resolve(bench.provider.knex.raw(sql));

/** What is in the target table, next to what a whole set would bring there. */
async function expectSame(where = 'true'): Promise<void> {
  const items = 'id, name, district, born, balance, seen, active, note';
  const wanted = await bench.provider.knex.raw(`select ${items} from persons where ${where} order by id`);
  const there = await bench.requester.knex.raw(`select ${items} from received."${TABLE}" order by id`);
  expect(there.rows).toEqual(wanted.rows);
}

test('the first delivery is the whole set; the next ones bring what was inserted, updated and deleted since', async () => {
  const first = await next();
  expect(first).toMatchObject({ rows: ROWS, mark: { column: 'changed', to: expect.stringMatching(/^20.*\+00$/) } });
  expect(first).not.toHaveProperty('changes');
  await change(`update persons set name = '改名', note = null where id in (3, 5, 7);
    insert into persons (id, name) values (1001, '新'), (1002, '新');
    delete from persons where id in (10, 11, 499)`);
  const second = await next();
  expect(second).toMatchObject({
    // One more is read again, as it is near the mark.
    rows: 6,
    changes: { base: 'd1', inserted: 2, updated: 3, deleted: 3, total: ROWS - 1 },
    mark: { column: 'changed', from: first.mark?.to },
  });
  await expectSame();
  // What is read again is not counted as changed.
  const third = await next();
  expect(third).toMatchObject({ rows: 5, changes: { base: 'd2', inserted: 0, updated: 0, deleted: 0 } });
  await expectSame();
  expect(await verifyDelivery(bench.target, third, CHANGING)).toMatchObject({ verdict: 'matches', rows: ROWS - 1 });
  expect(await verifyDelivery(bench.target, first, CHANGING)).toEqual({ verdict: 'superseded', by: 'd3' });
  await bench.requester.knex.raw(`delete from received."${TABLE}" where id = 1`);
  expect(await verifyDelivery(bench.target, third, CHANGING)).toMatchObject({ verdict: 'differs' });
});

test('a row that leaves the granted rows goes, one that enters them comes, and masked items are merged masked', async () => {
  const scope: Partial<Grant> = { rowScope: { all: [{ item: 'district', operator: 'eq', value: '210101' }] } };
  await next(scope);
  await change(`update persons set district = '210102' where id = 1; update persons set district = '210101' where id = 2;
    update persons set phone = '13900001111' where id = 14`);
  expect(await next(scope)).toMatchObject({ changes: { inserted: 1, updated: 1, deleted: 1 } });
  await expectSame(`district = '210101'`);
  const row = await bench.requester.knex(`received.${TABLE}`).where({ id: 14 }).first('phone');
  expect(row).toEqual({ phone: '139****1111' });
});

test('where a column says that rows are deleted they are not delivered, and go once it says so', async () => {
  await change('update persons set gone = true where id = 1');
  expect(await next({}, { entry: KEPT })).toMatchObject({ rows: ROWS - 1 });
  await change('update persons set gone = true where id = 2; update persons set gone = false where id = 1');
  expect(await next({}, { entry: KEPT })).toMatchObject({ changes: { inserted: 1, deleted: 1, total: ROWS - 1 } });
  await expectSame('gone is not true');
});

test.each([
  ['is asked for', () => next({}, { isWhole: true })],
  [
    'a row has come that says no change',
    async () => {
      await change(`alter table persons disable trigger stamp;
        insert into persons (id, name, changed) values (2000, '迟', '2025-01-01')`);
      return next();
    },
  ],
  [
    'its department has altered the table',
    async () => {
      await bench.requester.knex.raw(`alter table received."${TABLE}" drop column note`);
      return next();
    },
  ],
  [
    'its department has doubled rows',
    async () => {
      await bench.requester.knex.raw(`insert into received."${TABLE}" select * from received."${TABLE}" where id = 4`);
      return next();
    },
  ],
  ['fewer items are granted', () => next({ items: ['id', 'name'] })],
  ['the entry names another column', () => next({}, { entry: ENTRY })],
] as const)('the whole set comes again where %s', async (_, again) => {
  await next();
  const manifest = await again();
  expect(manifest).not.toHaveProperty('changes');
  expect(manifest.rows).toBeGreaterThanOrEqual(ROWS);
  expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'matches' });
});

test('without the key as it is no row can be found again, so it is always the whole set', async () => {
  await next({ items: ['name'] });
  await change(`update persons set name = '改名' where id = 3`);
  expect(await next({ items: ['name'] })).not.toHaveProperty('changes');
});

test('a time that is still to come does not hide what changes until then', async () => {
  await change(`alter table persons disable trigger stamp; update persons set changed = '2199-01-01' where id = 9`);
  await next();
  await change(`alter table persons enable trigger stamp; update persons set name = '改名' where id = 3`);
  expect(await next()).toMatchObject({ changes: { updated: 1 } });
  await expectSame();
});

test.each([
  ['timestamp', `(clock_timestamp() at time zone 'Asia/Shanghai')`],
  ['date', `(clock_timestamp() at time zone 'Asia/Shanghai')::date`],
])('a column of type %s serves as well', async (type, stamp) => {
  await change(`alter table persons disable trigger stamp; alter table persons drop column changed;
    alter table persons add column changed ${type}; update persons set changed = '2026-01-01';
    update persons set changed = '2026-02-01' where id = 500`);
  await next();
  await change(`update persons set name = '改名', changed = ${stamp} where id = 3`);
  expect(await next()).toMatchObject({ rows: 2, changes: { updated: 1 } });
  await expectSame();
});

test('a column that says no time, or is gone, is told of, and nothing is delivered', async () => {
  for (const column of ['name', 'nowhere']) {
    const entry = { ...ENTRY, mount: { ...ENTRY.mount, updatedColumn: column } };
    await expect(next({}, { entry })).rejects.toMatchObject({ code: 'SourceChanged', retryable: false });
  }
  const entry = { ...ENTRY, mount: { ...ENTRY.mount, deletedColumn: 'nowhere' } };
  await expect(next({}, { entry })).rejects.toMatchObject({ code: 'SourceChanged', params: { columns: 'nowhere' } });
});
