import { deliver } from '../../activities/transfer/deliver.ts';
import type { DataSource, Session } from '../../activities/transfer/connector.ts';
import { connected, ENTRY, receivedTables, TABLE, transferBench, type TransferBench } from '../support/transfer.ts';

const ROWS = 2_000;
const entry = { ...ENTRY, mount: { ...ENTRY.mount, updatedColumn: 'changed' } };
let bench: TransferBench;

beforeEach(async () => {
  bench = await transferBench(ROWS);
  await bench.provider.knex.raw(`alter table persons add column changed timestamptz default '2026-01-01'`);
  await deliver(order('d1'));
  await bench.provider.knex.raw(`update persons set name = '改名', changed = now() where id % 7 = 0;
    delete from persons where id % 11 = 0;
    insert into persons (id, name, changed) select n, '新', now() from generate_series(5001, 5050) n`);
});
afterEach(() => bench.drop());

const order = (deliveryId: string, more: Parameters<TransferBench['order']>[2] = {}) =>
  bench.order(deliveryId, {}, { entry, now: () => new Date(`2026-05-0${deliveryId.slice(1)}T04:00:00Z`), ...more });

/** A place whose server ends the session just before, or just after, the statement with this number. */
function cutting(place: DataSource, adminUrl: string, nth: number, when: 'before' | 'after'): DataSource {
  let statements = 0;
  const cut = (): Promise<unknown> =>
    connected(adminUrl, (admin) =>
      admin.query(
        `select pg_terminate_backend(pid, 2000) from pg_stat_activity
          where datname = current_database() and application_name like 'santong d%'`,
      ),
    );
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    const isNow = (statements += 1) === nth;
    if (isNow && when === 'before') await cut();
    const done = await work();
    if (isNow && when === 'after') await cut();
    return done;
  };
  return {
    sourceId: place.sourceId,
    async open(label, signal): Promise<Session> {
      const session = await place.open(label, signal);
      return {
        ...session,
        rows: (text, values) => around(() => session.rows(text, values)),
        run: (text) => around(() => session.run(text)),
      };
    },
  };
}

async function rowsThere(): Promise<unknown[]> {
  return bench.requester.knex(`received.${TABLE}`).orderBy('id').select('id', 'name');
}

/** Statements that an increment with deletes has on either side, and a few more than it needs. */
const STATEMENTS = 24;

test.each([
  ['requester', 'target', 'before'],
  ['requester', 'target', 'after'],
  ['provider', 'source', 'before'],
] as const)(
  'an increment cut off from the %s’s database at any statement loses and doubles nothing',
  async (whose, side, when) => {
    const before = await rowsThere();
    const wanted = await bench.provider.knex('persons').orderBy('id').select('id', 'name');
    let failures = 0;
    for (let nth = 1; nth <= STATEMENTS; nth += 1) {
      const place = cutting(bench[side], bench[whose].adminUrl, nth, when);
      const made = await deliver(order('d2', { [side]: place })).catch((error: unknown) => error);
      const ledger = await bench.requester.knex('received.deliveries').orderBy('delivery_id').pluck('delivery_id');
      if (ledger.length === 1) {
        failures += 1;
        expect(made).toMatchObject({ name: 'TransferFailure', retryable: true });
        expect(await rowsThere()).toEqual(before);
        expect(await receivedTables(bench.requester)).toEqual(['deliveries', TABLE].toSorted());
        continue;
      }
      // Through, or cut just after its commit: either way it is there as a whole.
      expect(ledger).toEqual(['d1', 'd2']);
      break;
    }
    expect(failures).toBeGreaterThanOrEqual(side === 'target' ? 12 : 5);
    const manifest = await deliver(order('d2'));
    expect(manifest.changes).toMatchObject({ base: 'd1', inserted: 50, deleted: 181, total: wanted.length });
    expect(await rowsThere()).toEqual(wanted);
    const again = await deliver(order('d3'));
    expect(again.changes).toMatchObject({ base: 'd2', inserted: 0, updated: 0, deleted: 0, total: wanted.length });
    expect(await rowsThere()).toEqual(wanted);
  },
  60_000,
);

test('of two increments at once one is made, and the other is told that the table is in use', async () => {
  const outcomes = await Promise.allSettled([deliver(order('d2')), deliver(order('d3'))]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const wanted = await bench.provider.knex('persons').orderBy('id').select('id', 'name');
  expect(await rowsThere()).toEqual(wanted);
});

test('an increment stopped on its way leaves the table as it was', async () => {
  const before = await rowsThere();
  const stop = new AbortController();
  const source: DataSource = {
    ...bench.source,
    async open(label, signal) {
      const session = await bench.source.open(label, signal);
      return {
        ...session,
        copyOut(query) {
          stop.abort();
          return session.copyOut(query);
        },
      };
    },
  };
  await expect(deliver(order('d2', { source, signal: stop.signal }))).rejects.toMatchObject({ code: 'Cancelled' });
  expect(await rowsThere()).toEqual(before);
});
