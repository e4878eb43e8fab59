import { databaseSource } from '../../activities/transfer/databases.ts';
import { deliver } from '../../activities/transfer/deliver.ts';
import type { TransferFailure } from '../../activities/transfer/failures.ts';
import { measureRows } from '../../activities/transfer/copy.ts';
import type { Item, ItemType, TableEntry } from '../../domain/catalogue.ts';
import { createAddressGuard } from '../../notices/addresses.ts';
import { guardedSocket } from '../../sources/guarded-socket.ts';
import { type MariaDatabase, type MariaDb, startMariaDb } from '../support/mariadb.ts';

import { ENTRY, transferBench, type TransferBench } from '../support/transfer.ts';

let server: MariaDb;
let database: MariaDatabase;
let bench: TransferBench;
beforeAll(async () => {
  server = await startMariaDb();
  database = await server.database();
  bench = await transferBench();
}, 60_000);
afterAll(() => Promise.all([server.stop(), bench.drop()]));

const item = (id: string, type: ItemType): Item => ({
  id,
  type,
  name: id,
  nameEn: id,
  grade: 3,
  personal: false,
  mask: 'none',
});

function entryOf(table: string, items: readonly Item[]): TableEntry {
  return { ...ENTRY, items, key: ['id'], mount: { ...ENTRY.mount, schema: database.name, table } };
}

const source = (url = database.url) => databaseSource('source', ENTRY.mount.sourceId, url);
let deliveries = 0;
/** Delivers a table into the requester's PostgreSQL and says what is there. */
async function delivered(entry: TableEntry): Promise<Record<string, unknown>[]> {
  const items = entry.items.map(({ id }) => id);
  deliveries += 1;
  const order = bench.order(
    `d${deliveries}`,
    { id: `grant-${deliveries}`, items, masks: {} },
    { entry, source: source() },
  );
  const manifest = await deliver(order);
  const texts = items.map((id) => `"${id}"::text as "${id}"`).join(', ');
  const { rows } = await bench.requester.knex.raw<{ rows: Record<string, unknown>[] }>(
    `select ${texts} from received."${manifest.target.table}" order by "id"`,
  );
  return rows;
}

const failed = (delivery: Promise<unknown>) =>
  delivery.then(
    () => Promise.reject(new Error('It was delivered')),
    (error: TransferFailure) => error,
  );

describe('values of a MariaDB source', () => {
  it('come as PostgreSQL has them, whatever their type', async () => {
    await database.run(`create table kinds (
      id int(6) zerofill primary key, tiny tinyint, small smallint unsigned, medium mediumint, whole int unsigned,
      big bigint unsigned, dec_ decimal(65,30), flag bit(1), bits bit(9), single float, twice double, made year,
      at_ timestamp(3) null, dt datetime, dt6 datetime(6), clock time(2), letters char(5), e enum('甲','b'), s set('x','y'),
      doc json, raw binary(4), blob_ blob, gbk varchar(20) character set gbk, u uuid)`);
    await database.run(`insert into kinds values
      (7, -128, 65535, -8388608, 4294967295, 18446744073709551615, '12345678901234567890123456789012345.5', b'1', b'101',
       0.1, 1e-7, 2026, '2026-01-01 00:00:00.120', '2026-01-01 08:30:00', '2026-01-01 08:30:00.000001', '-838:59:59.00',
       'ab', '甲', 'x,y', '{"a": "\\\\n"}', 'a', x'00ff', '三通', '123E4567-e89b-12d3-a456-426655440000'),
      (8, null, null, null, null, null, null, b'0', null, 16777216, 123456789.125, null, null, null, null, null, '', null, '', null, null, '', '', null)`);
    const types: [string, ItemType][] = [
      ['id', 'I'],
      ['tiny', 'I'],
      ['small', 'I'],
      ['medium', 'I'],
      ['whole', 'I'],
      ['big', 'N'],
      ['dec_', 'N'],
      ['flag', 'L'],
      ['bits', 'G'],
      ['single', 'F'],
      ['twice', 'B'],
      ['made', 'I'],
      ['at_', 'T'],
      ['dt', 'T'],
      ['dt6', 'T'],
      ['clock', 'C'],
      ['letters', 'C'],
      ['e', 'C'],
      ['s', 'C'],
      ['doc', 'M'],
      ['raw', 'G'],
      ['blob_', 'G'],
      ['gbk', 'C'],
      ['u', 'C'],
    ];
    const [one, two] = await delivered(
      entryOf(
        'kinds',
        types.map(([id, type]) => item(id, type)),
      ),
    );
    expect(one).toEqual({
      id: '7',
      tiny: '-128',
      small: '65535',
      medium: '-8388608',
      whole: '4294967295',
      big: '18446744073709551615',
      dec_: '12345678901234567890123456789012345.500000000000000000000000000000',
      flag: 'true',
      bits: '000000101',
      single: '0.1',
      twice: '1e-07',
      made: '2026',
      at_: '2025-12-31 16:00:00.12+00',
      dt: '2026-01-01 08:30:00',
      dt6: '2026-01-01 08:30:00.000001',
      clock: '-838:59:59.00',
      letters: 'ab',
      e: '甲',
      s: 'x,y',
      doc: '{"a": "\\n"}',
      raw: '\\x61000000',
      blob_: '\\x00ff',
      gbk: '三通',
      u: '123e4567-e89b-12d3-a456-426655440000',
    });
    expect(two).toMatchObject({
      id: '8',
      tiny: null,
      flag: 'false',
      single: '1.6777216e+07',
      twice: '123456789.125',
      letters: '',
      s: '',
      blob_: '\\x',
      gbk: '',
    });
  });

  it('floating-point numbers of any size are written as PostgreSQL writes them', async () => {
    await database.run('create table floats (id int primary key, single float, twice double)');
    const numbers = [
      0,
      -0.1,
      1 / 3,
      1e15,
      999_999_999_999_999,
      123_456,
      1_234_567,
      0.0001,
      0.000_01,
      1.5e-30,
      3e30,
      2 ** 53,
      Math.PI,
    ];
    await database.run(
      `insert into floats values ${numbers.map((number, id) => `(${id}, ${number}, ${number})`).join(', ')}`,
    );
    const items = [item('id', 'I'), item('single', 'F'), item('twice', 'B')];
    const { rows } = await bench.requester.knex.raw<{ rows: unknown[] }>(
      `select (ordinality - 1)::text as id, n::float4::text as single, n::text as twice from unnest(?::float8[]) with ordinality as t(n) order by ordinality`,
      [numbers],
    );
    expect((await delivered(entryOf('floats', items))).toSorted((a, b) => Number(a['id']) - Number(b['id']))).toEqual(
      rows,
    );
  });

  it('a date that is none, and a number where an item is logical, are refused and named', async () => {
    await database.run('create table odd (id int primary key, born date, flag tinyint(1))');
    const loose = await source().open('loose');
    await loose.run(`set session sql_mode = ''`);
    await loose.run(`insert into odd values (1, '2026-02-00', 0)`);
    await loose.close();
    const refused = { code: 'TypeMismatch', retryable: false };
    const entry = entryOf('odd', [item('id', 'I'), item('born', 'D'), item('flag', 'L')]);
    expect(await failed(delivered(entry))).toMatchObject({
      ...refused,
      params: { side: 'source', detail: 'born: 2026-02-00' },
    });
    await database.run(`update odd set born = '2026-02-01', flag = 2`);
    expect(await failed(delivered(entry))).toMatchObject({ ...refused, params: { detail: 'flag: 2' } });
    const asNumber = entryOf('odd', [item('id', 'I'), item('flag', 'I')]);
    expect(await delivered(asNumber)).toEqual([{ id: '1', flag: '2' }]);
  });
});

it('a long result is streamed: the server is held back while nobody reads', async () => {
  await database.run('create table long_ (id int primary key, note varchar(2000))');
  await database.run(`insert into long_ select seq, repeat('长', 1000) from seq_1_to_20000`);
  const session = await source().open('long');
  const out = session.copyOut({ sql: 'select id, note from long_ order by id', types: ['int4', 'varchar'] });
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(out.readableLength).toBeLessThan(1024 * 1024);
  const { rows, bytes } = await measureRows(out, 'source');
  expect([rows, bytes]).toEqual([20_000, 20_000 * 3_002 + 88_894]);
  await session.close();
});

it('the rows are of one moment, whatever is written meanwhile, and the columns stay as they are until the last has left', async () => {
  await database.run('create table moving (id int primary key, name varchar(20))');
  await database.run(`insert into moving values (1, 'a')`);
  const session = await source().open('snapshot');
  await session.dialect.reading.begin(session, { schema: database.name, table: 'moving' }, 1_000);
  await database.run(`insert into moving values (2, 'b')`);
  const altering = database.run('alter table moving drop column name');
  const { rows } = await measureRows(
    session.copyOut({ sql: 'select id, name from moving', types: ['int4', 'varchar'] }),
    'source',
  );
  expect(rows).toBe(1);
  await session.close();
  await altering;
});

it('a table that its department holds locked is told of', async () => {
  await database.run('create table held (id int primary key)');
  const owner = await source().open('owner');
  await owner.run('lock tables held write');
  const entry = entryOf('held', [item('id', 'I')]);
  const order = bench.order('held', { items: ['id'], masks: {} }, { entry, source: source() });
  expect(await failed(deliver(order))).toMatchObject({ code: 'SourceInUse', retryable: true });
  await owner.close();
});

it('is told why a database does not let the platform in, and goes to no address that a department may not name', async () => {
  const at = (changes: Partial<URL>): string => Object.assign(new URL(database.url), changes).href;
  const entry = entryOf('persons', [item('id', 'I')]);
  const order = (url: string, stream?: ReturnType<typeof guardedSocket>) =>
    bench.order(
      'd',
      { items: ['id'], masks: {} },
      { entry, source: databaseSource('source', ENTRY.mount.sourceId, url, stream) },
    );
  expect(await failed(deliver(order(at({ pathname: '/no_such' }))))).toMatchObject({ code: 'AccessRefused' });
  expect(await failed(deliver(order(at({ username: 'nobody' }))))).toMatchObject({ code: 'AccessRefused' });
  const guard = guardedSocket(createAddressGuard([]));
  expect(await failed(deliver(order(database.url, guard)))).toMatchObject({ code: 'AccessRefused', retryable: false });
  const allowed = guardedSocket(createAddressGuard(['127.0.0.0/8']));
  const session = await databaseSource('source', 's', database.url, allowed).open('guarded');
  expect(await session.rows('select 1 as one')).toEqual([{ one: '1' }]);
  await session.close();
  const tls = databaseSource('source', 's', `${database.url}?tls=verified`).open('tls');
  await expect(tls).rejects.toMatchObject({ name: 'TransferFailure' });
});
