import type { DataSource, Session } from '../../activities/transfer/connector.ts';
import { databaseSource } from '../../activities/transfer/databases.ts';
import { deliver } from '../../activities/transfer/deliver.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import { TABLE_OF_GRANT, useMySqlTarget } from '../support/mysql-target.ts';
import { CHANGING, ENTRY, GRANT, type TransferBench } from '../support/transfer.ts';

const ROWS = 300;
const { bench, database, listed, order, server, tables, target, there } = useMySqlTarget(ROWS);

type More = Parameters<TransferBench['order']>[2];

const wanted = async (): Promise<unknown[]> =>
  (await bench().provider.knex('persons').orderBy('id').select('id', 'name')).map(({ id, name }) => ({
    id: String(id),
    name,
  }));

const change = (): Promise<unknown> =>
  bench()
    .provider.knex.raw(`update persons set name = '改名', changed = now() where id % 7 = 0;
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
    sourceId: target().sourceId,
    async open(label, signal): Promise<Session> {
      const session = await target().open(label, signal);
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
  const sessions = await server().admin<{ id: string }>(
    `select id from information_schema.processlist where db = '${database().name}'`,
  );
  for (const { id } of sessions)
    await server()
      .admin(`kill ${id}`)
      .catch(() => undefined);
}

/** More than either kind of delivery needs. */
const STATEMENTS = 60;

test.each([
  ['a whole set', true],
  ['an increment', false],
] as const)(
  '%s cut off before any statement, and so after any, loses and doubles nothing',
  async (_kind, isWhole) => {
    await deliver(order('d1'));
    const before = await there();
    await change();
    const after = await wanted();
    let failures = 0;
    for (let nth = 1; nth <= STATEMENTS; nth += 1) {
      const made = await deliver(order('d2', { isWhole, target: disturbed(nth, 'before', cutSessions) })).catch(
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
    expect(await verifyDelivery(target(), manifest, CHANGING)).toMatchObject({ verdict: 'matches' });
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
    sourceId: target().sourceId,
    async open(label, signal) {
      const session = await target().open(label, signal);
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
    await bench()
      .provider.knex('persons')
      .insert({ id: 10_000 + day, name: `第${day}天` });
    const crash = () => server().crash();
    await expect(
      deliver(order(`d${day}`, { isWhole: true, target: disturbed(nth, when, crash) })),
    ).rejects.toMatchObject({ code: 'TargetDown' });
    const isNew = JSON.stringify(await there()) === JSON.stringify(await wanted());
    expect(isNew).toBe(when === 'after');
    if (!isNew) expect(await there()).toEqual(before);
    const manifest = await deliver(order(`d${day}`, { isWhole: true }));
    expect(await there()).toEqual(await wanted());
    expect(await listed()).toHaveLength(heldBefore + 1);
    expect(await verifyDelivery(target(), manifest, CHANGING)).toMatchObject({ verdict: 'matches' });
  }
}, 60_000);

test('a server that is killed while rows stream, into it or out of it, loses and doubles nothing', async () => {
  await deliver(order('d1'));
  const before = await there();
  await bench().provider.knex.raw(
    `insert into persons (id, name, note) select n, '张三', repeat('备注', 200) from generate_series(10001, 30000) n`,
  );
  const crashes: Promise<void>[] = [];
  const onProgress = () => {
    if (crashes.length === 0) crashes.push(server().crash());
  };
  await expect(deliver(order('d2', { isWhole: true, onProgress }))).rejects.toMatchObject({ code: 'TargetDown' });
  await Promise.all(crashes);
  expect(await there()).toEqual(before);
  const manifest = await deliver(order('d2', { isWhole: true }));
  expect(manifest.rows).toBe(ROWS + 20_000);
  expect(await verifyDelivery(target(), manifest, CHANGING)).toMatchObject({ verdict: 'matches' });

  // What was delivered is itself a source.
  const { table } = manifest.target;
  const back: More = {
    entry: { ...ENTRY, mount: { sourceId: ENTRY.mount.sourceId, schema: database().name, table } },
    source: databaseSource('source', ENTRY.mount.sourceId, database().url),
    target: bench().target,
  };
  const items = GRANT.items.filter((id) => id !== 'phone');
  const again = (more: More = {}) => deliver(bench().order('e1', { id: 'grant-back', items }, { ...back, ...more }));
  crashes.length = 0;
  await expect(again({ onProgress })).rejects.toMatchObject({ code: 'SourceDown' });
  await Promise.all(crashes);
  const whole = await again();
  expect(whole.rows).toBe(ROWS + 20_000);
  expect(await verifyDelivery(bench().target, whole, ENTRY)).toMatchObject({ verdict: 'matches' });
}, 60_000);
