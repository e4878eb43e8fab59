import type { DataSource } from '../../activities/transfer/connector.ts';
import { databaseSource } from '../../activities/transfer/databases.ts';
import { deliver } from '../../activities/transfer/deliver.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import { type MariaDatabase, type MariaDb, startMariaDb } from '../support/mariadb.ts';
import { ENTRY, transferBench, type TransferBench } from '../support/transfer.ts';

const ROWS = 300;
let server: MariaDb;
let database: MariaDatabase;
let bench: TransferBench;
let target: DataSource;
const entry: TableEntry = { ...ENTRY, mount: { ...ENTRY.mount, updatedColumn: 'changed' } };

beforeAll(async () => {
  server = await startMariaDb();
}, 60_000);
afterAll(() => server.stop());
beforeEach(async () => {
  [database, bench] = await Promise.all([server.database(), transferBench(ROWS)]);
  target = databaseSource('target', 'civil-affairs-main', database.url);
  await bench.provider.knex.raw(`alter table persons add column changed timestamptz default '2026-01-01'`);
});
afterEach(() => bench.drop());

type More = Parameters<TransferBench['order']>[2];
const order = (deliveryId: string, more: More = {}) =>
  bench.order(
    deliveryId,
    {},
    { entry, target, now: () => new Date(`2026-05-0${deliveryId.slice(1)}T04:00:00Z`), ...more },
  );

const TABLE_OF_GRANT = /^received_public_security_persons_/;
const tables = async (): Promise<string[]> =>
  (await database.run('select table_name as name from information_schema.tables where table_schema = database()'))
    .map(({ name }) => name ?? '')
    .toSorted();
/** The ids and names in the table that the requester reads. */
async function there(): Promise<unknown[]> {
  const name = (await tables()).find((one) => TABLE_OF_GRANT.test(one) && !/_[so]$/.test(one));
  return database.run(`select id, name from ${name} order by id`);
}
const listed = async (): Promise<unknown[]> =>
  (await database.run('select delivery_id as id from received_deliveries where is_switched order by 1')).map(
    ({ id }) => id,
  );
test('readers of the table are waited for a little, and then the delivery is told that it is in use', async () => {
  await deliver(order('d1'));
  const reader = await target.open('reader');
  const table = (await tables()).find((name) => TABLE_OF_GRANT.test(name));
  await reader.run('start transaction');
  await reader.rows(`select count(*) from ${table}`);
  const patience = { tries: 2, timeoutMs: 1_000 };
  await expect(deliver(order('d2', { isWhole: true, patience }))).rejects.toMatchObject({
    code: 'TargetInUse',
    retryable: true,
  });
  expect(await listed()).toEqual(['d1']);
  setTimeout(() => void reader.run('commit'), 1_200);
  await deliver(order('d3', { isWhole: true, patience: { tries: 10, timeoutMs: 1_000 } }));
  expect(await listed()).toEqual(['d1', 'd3']);
  await reader.close();
});

test('the table tells the requester what it is, with types that hold what the source has', async () => {
  await deliver(order('d1'));
  const table = (await tables()).find((name) => TABLE_OF_GRANT.test(name));
  const columns = await database.run(
    `select column_name as name, column_type as type, column_comment as about from information_schema.columns
      where table_schema = database() and table_name = '${table}' order by ordinal_position`,
  );
  expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id int(11)',
    'name varchar(100)',
    'phone longtext',
    'district longtext',
    'born date',
    'balance decimal(14,2)',
    'seen datetime(6)',
    'active tinyint(1)',
    'note longtext',
  ]);
  expect(columns[1]?.['about']).toBe('姓名 · name');
});

test('types that MySQL has not are kept as texts, and verify', async () => {
  const types = {
    a: 'numeric',
    b: 'timestamptz',
    c: 'uuid',
    d: 'interval',
    e: 'char(5)',
    f: 'bit(9)',
    g: 'real',
    h: 'integer[]',
  };
  const names = Object.keys(types);
  await bench.provider.knex.raw(
    `create table odd (id varchar(20) primary key, ${names.map((n) => `${n} ${types[n as 'a']}`).join(', ')})`,
  );
  await bench.provider.knex.raw(
    `insert into odd values ('x', '1.500000000000000000000000000000000000000000001', '2026-01-01 08:00:00.5+08', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '1 day', 'ab', b'101010101', 0.1, '{1,2}'),
     ('X', null, null, null, null, null, null, null, null)`,
  );
  const [first] = ENTRY.items;
  if (first === undefined) throw new Error('The entry has items');
  const item = (id: string) => ({ ...first, id, type: 'G' as const });
  const odd: TableEntry = {
    ...ENTRY,
    items: [{ ...item('id'), type: 'C' }, ...names.map(item)],
    mount: { sourceId: ENTRY.mount.sourceId, schema: 'public', table: 'odd' },
  };
  const manifest = await deliver(bench.order('d1', { items: ['id', ...names], masks: {} }, { entry: odd, target }));
  expect(await verifyDelivery(target, manifest, odd)).toMatchObject({ verdict: 'matches', rows: 2 });
  const rows = await database.run(
    `select a, b, c, d, e, f + 0 as f, g, h from ${manifest.target.table} where id = 'x'`,
  );
  expect(rows).toEqual([
    {
      a: '1.500000000000000000000000000000000000000000001',
      b: '2026-01-01 00:00:00.500000',
      c: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
      d: 'P1D',
      e: 'ab   ',
      f: '341',
      g: '0.1',
      h: '{1,2}',
    },
  ]);
});

test('a value that MySQL cannot hold is refused, and what was there stays', async () => {
  await deliver(order('d1'));
  const before = await there();
  await bench.provider.knex.raw(`update persons set born = 'infinity' where id = 5`);
  await expect(deliver(order('d2', { isWhole: true }))).rejects.toMatchObject({
    code: 'TypeMismatch',
    retryable: false,
  });
  expect(await there()).toEqual(before);
});
