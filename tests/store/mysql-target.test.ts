import type { DataSource, Session } from '../../activities/transfer/connector.ts';
import { databaseSource } from '../../activities/transfer/databases.ts';
import { deliver } from '../../activities/transfer/deliver.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import { type MariaDatabase, type MariaDb, startMariaDb } from '../support/mariadb.ts';
import { ENTRY, GRANT, transferBench, type TransferBench } from '../support/transfer.ts';

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
const wanted = async (): Promise<unknown[]> =>
  (await bench.provider.knex('persons').orderBy('id').select('id', 'name')).map(({ id, name }) => ({
    id: String(id),
    name,
  }));

const change = (): Promise<unknown> =>
  bench.provider.knex
    .raw(`update persons set name = '改名', changed = now() where id % 7 = 0;
    delete from persons where id % 11 = 0;
    insert into persons (id, name, changed) select n, '新', now() from generate_series(5001, 5050) n`)
    .then(() => undefined);

/** A place at which something happens just before, or just after, the statement with this number of the first session. */
function disturbed(nth: number, when: 'before' | 'after', happen: () => Promise<unknown>): DataSource {
  let statements = 0;
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    const isNow = (statements += 1) === nth;
    if (isNow && when === 'before') await happen();
    const done = await work();
    if (isNow && when === 'after') await happen();
    return done;
  };
  return {
    sourceId: target.sourceId,
    async open(label, signal): Promise<Session> {
      const session = await target.open(label, signal);
      return {
        ...session,
        rows: (text, values) => around(() => session.rows(text, values)),
        run: (text) => around(() => session.run(text)),
        commit: (text) => around(() => session.commit(text)),
      };
    },
  };
}

async function cutSessions(): Promise<void> {
  const sessions = await server.admin<{ id: string }>(
    `select id from information_schema.processlist where db = '${database.name}'`,
  );
  for (const { id } of sessions) await server.admin(`kill ${id}`).catch(() => undefined);
}

/** More than either kind of delivery needs. */
const STATEMENTS = 60;

test.each([
  ['a whole set', true, 'before'],
  ['a whole set', true, 'after'],
  ['an increment', false, 'before'],
  ['an increment', false, 'after'],
] as const)(
  '%s cut off at any statement loses and doubles nothing',
  async (_kind, isWhole, when) => {
    await deliver(order('d1'));
    const before = await there();
    await change();
    const after = await wanted();
    let failures = 0;
    for (let nth = 1; nth <= STATEMENTS; nth += 1) {
      const made = await deliver(order('d2', { isWhole, target: disturbed(nth, when, cutSessions) })).catch(
        (error: unknown) => error,
      );
      const isDone = (await listed()).length === 2;
      expect(await there()).toEqual(isDone ? after : before);
      if (!isDone) {
        failures += 1;
        expect(made).toMatchObject({ name: 'TransferFailure', code: 'TargetDown', retryable: true });
        expect(await tables()).toEqual(['received_deliveries', expect.stringMatching(TABLE_OF_GRANT)]);
        continue;
      }
      // Through, or cut after its switch: either way it is there as a whole, once.
      break;
    }
    expect(failures).toBeGreaterThanOrEqual(15);
    const manifest = await deliver(order('d2'));
    expect(await listed()).toEqual(['d1', 'd2']);
    expect(await there()).toEqual(after);
    expect(await verifyDelivery(target, manifest, entry)).toMatchObject({ verdict: 'matches' });
    expect(await tables()).toHaveLength(2);
    const next = await deliver(order('d3'));
    expect(next.changes).toMatchObject({ base: 'd2', inserted: 0, updated: 0, deleted: 0, total: after.length });
  },
  60_000,
);

/** The number of the statement that begins so, in a delivery that takes the place of another. */
async function numberOf(beginning: string): Promise<number> {
  let at = 0;
  let found = 0;
  const counting: DataSource = {
    sourceId: target.sourceId,
    async open(label, signal) {
      const session = await target.open(label, signal);
      const count = (text: string): void => {
        at += 1;
        if (text.startsWith(beginning)) found = at;
      };
      return {
        ...session,
        rows: (text, values) => (count(text), session.rows(text, values)),
        run: (text) => (count(text), session.run(text)),
        commit: (text) => (count(text ?? 'commit'), session.commit(text)),
      };
    },
  };
  await deliver(order('d1'));
  await deliver(order('d2', { isWhole: true, target: counting }));
  return found;
}

test('a server that is killed around the switch has the delivery as a whole or not at all, and says which', async () => {
  const rename = await numberOf('rename table');
  expect(rename).toBeGreaterThan(0);
  for (const [day, nth, when] of [
    [3, rename, 'before'],
    [4, rename, 'after'],
  ] as const) {
    const before = await there();
    const heldBefore = (await listed()).length;
    await bench.provider.knex('persons').insert({ id: 10_000 + day, name: `第${day}天` });
    const crash = () => server.crash();
    await expect(
      deliver(order(`d${day}`, { isWhole: true, target: disturbed(nth, when, crash) })),
    ).rejects.toMatchObject({ code: 'TargetDown' });
    const isNew = JSON.stringify(await there()) === JSON.stringify(await wanted());
    expect(isNew).toBe(when === 'after');
    if (!isNew) expect(await there()).toEqual(before);
    const manifest = await deliver(order(`d${day}`, { isWhole: true }));
    expect(await there()).toEqual(await wanted());
    expect(await listed()).toHaveLength(heldBefore + 1);
    expect(await verifyDelivery(target, manifest, entry)).toMatchObject({ verdict: 'matches' });
  }
}, 60_000);

test('a server that is killed while rows stream, into it or out of it, loses and doubles nothing', async () => {
  await deliver(order('d1'));
  const before = await there();
  await bench.provider.knex.raw(
    `insert into persons (id, name, note) select n, '张三', repeat('备注', 200) from generate_series(10001, 30000) n`,
  );
  let crashed: Promise<void> | undefined;
  const onProgress = () => void (crashed ??= server.crash());
  await expect(deliver(order('d2', { isWhole: true, onProgress }))).rejects.toMatchObject({ code: 'TargetDown' });
  await crashed;
  expect(await there()).toEqual(before);
  const manifest = await deliver(order('d2', { isWhole: true }));
  expect(manifest.rows).toBe(ROWS + 20_000);
  expect(await verifyDelivery(target, manifest, entry)).toMatchObject({ verdict: 'matches' });

  // What was delivered is itself a source.
  const { changed: _, ...mount } = {
    ...entry.mount,
    changed: undefined,
    schema: database.name,
    table: manifest.target.table,
  };
  const { updatedColumn: _column, ...table } = mount;
  const back: More = {
    entry: { ...ENTRY, mount: table },
    source: databaseSource('source', ENTRY.mount.sourceId, database.url),
    target: bench.target,
  };
  const items = GRANT.items.filter((id) => id !== 'phone');
  const again = (more: More = {}) => deliver(bench.order('e1', { id: 'grant-back', items }, { ...back, ...more }));
  crashed = undefined;
  await expect(again({ onProgress })).rejects.toMatchObject({ code: 'SourceDown' });
  await crashed;
  const whole = await again();
  expect(whole.rows).toBe(ROWS + 20_000);
  expect(await verifyDelivery(bench.target, whole, ENTRY)).toMatchObject({ verdict: 'matches' });
}, 60_000);

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
  const item = (id: string) => ({ ...ENTRY.items[0]!, id, type: 'G' as const });
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
