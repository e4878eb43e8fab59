import { deliver } from '../../activities/transfer/deliver.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import { TABLE_OF_GRANT, useMySqlTarget } from '../support/mysql-target.ts';
import { ENTRY } from '../support/transfer.ts';

const { bench, database, listed, order, tables, target, there } = useMySqlTarget(300);

test('readers of the table are waited for a little, and then the delivery is told that it is in use', async () => {
  await deliver(order('d1'));
  const reader = await target().open('reader');
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
  const columns = await database().run(
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
  await bench().provider.knex.raw(
    `create table odd (id varchar(20) primary key, ${names.map((n) => `${n} ${types[n as 'a']}`).join(', ')})`,
  );
  await bench().provider.knex.raw(
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
  const manifest = await deliver(
    bench().order('d1', { items: ['id', ...names], masks: {} }, { entry: odd, target: target() }),
  );
  expect(await verifyDelivery(target(), manifest, odd)).toMatchObject({ verdict: 'matches', rows: 2 });
  const rows = await database().run(
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
  await bench().provider.knex.raw(`update persons set born = 'infinity' where id = 5`);
  await expect(deliver(order('d2', { isWhole: true }))).rejects.toMatchObject({
    code: 'TypeMismatch',
    retryable: false,
  });
  expect(await there()).toEqual(before);
});
