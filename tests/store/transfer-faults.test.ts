import { deliver } from '../../activities/transfer/deliver.ts';
import type { TransferFailure } from '../../activities/transfer/failures.ts';
import { createAddressGuard } from '../../notices/addresses.ts';
import { guardedSocket } from '../../sources/guarded-socket.ts';
import { postgresSource } from '../../activities/transfer/postgresql/session.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import { failureSentence } from '../../domain/delivery-failure-text.ts';
import { databaseProxy } from '../support/proxy.ts';
import { connected, ENTRY, receivedTables, TABLE, transferBench, type TransferBench } from '../support/transfer.ts';

/** Enough that progress is told before the last row has left. */
const ROWS = 120_000;
const FEW = 50;
let bench: TransferBench;
const withRows = (rows: number) =>
  beforeEach(async () => {
    bench = await transferBench(rows);
  });
afterEach(() => bench.drop());

const failed = (delivery: Promise<unknown>) =>
  delivery.then(
    () => Promise.reject(new Error('It was delivered')),
    (error: TransferFailure) => error,
  );

/** Ends the delivery's connection to one side as soon as the first rows have passed. */
function cutting(side: 'provider' | 'requester') {
  let cut: Promise<unknown> | undefined;
  const { adminUrl } = bench[side];
  const onProgress = () => {
    cut ??= connected(adminUrl, (admin) =>
      admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name like 'santong %'`,
      ),
    );
  };
  return { onProgress, cut: () => cut };
}

async function expectWholeAndOnce(deliveryId: string): Promise<void> {
  const manifest = await deliver(bench.order(deliveryId));
  expect(manifest.rows).toBe(ROWS);
  expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'matches', rows: ROWS });
  expect(await bench.requester.knex('received.deliveries').select('delivery_id')).toEqual([
    { delivery_id: deliveryId },
  ]);
  expect(await receivedTables(bench.requester)).toEqual(['deliveries', TABLE].toSorted());
}

describe('a delivery that is cut off', () => {
  withRows(ROWS);

  it.each([
    ['provider', 'SourceDown'],
    ['requester', 'TargetDown'],
  ] as const)('from the %s’s database leaves nothing, says %s, and is whole when run again', async (side, code) => {
    const cutter = cutting(side);
    const error = await failed(deliver(bench.order('d1', {}, { onProgress: cutter.onProgress })));
    await cutter.cut();
    expect(error).toMatchObject({ name: 'TransferFailure', code, retryable: true });
    expect(await receivedTables(bench.requester)).toEqual(['deliveries']);
    expect(await bench.requester.knex('received.deliveries').select()).toEqual([]);
    await expectWholeAndOnce('d1');
  });

  it('by its own signal stops at once, leaves nothing, and is whole when run again', async () => {
    const stop = new AbortController();
    const order = bench.order('d1', {}, { signal: stop.signal, onProgress: () => stop.abort() });
    expect(await failed(deliver(order))).toMatchObject({ code: 'Cancelled', retryable: true });
    expect(await receivedTables(bench.requester)).toEqual(['deliveries']);
    await expectWholeAndOnce('d1');
    expect(await failed(deliver(bench.order('d2', {}, { signal: AbortSignal.abort() })))).toMatchObject({
      code: 'Cancelled',
    });
  });
});

describe('what happens to the source meanwhile', () => {
  withRows(ROWS);

  it('a network that is cut between it and the platform leaves nothing, and what is run again is whole', async () => {
    const proxy = await databaseProxy(bench.provider.url);
    try {
      const source = postgresSource('source', ENTRY.mount.sourceId, proxy.url);
      const order = bench.order('d1', {}, { source, onProgress: () => proxy.cut() });
      expect(await failed(deliver(order))).toMatchObject({ code: 'SourceDown', retryable: true });
      expect(await failed(deliver(order))).toMatchObject({ code: 'SourceDown', retryable: true });
      expect(await receivedTables(bench.requester)).toEqual(['deliveries']);
    } finally {
      await proxy.close();
    }
    await expectWholeAndOnce('d1');
  });

  it('a column is renamed only after the rows that are on their way; the next delivery is told of it', async () => {
    let renamed: Promise<unknown> | undefined;
    let isRenamed = false;
    const seen: boolean[] = [];
    const onProgress = () => {
      seen.push(isRenamed);
      renamed ??= connected(bench.provider.url, (owner) =>
        owner.query('alter table persons rename column phone to mobile'),
      ).then(() => (isRenamed = true));
    };
    const manifest = await deliver(bench.order('d1', {}, { onProgress }));
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).not.toContain(true);
    expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'matches', rows: ROWS });
    await renamed;
    expect(await failed(deliver(bench.order('d2')))).toMatchObject({
      code: 'SourceChanged',
      params: { columns: 'phone' },
    });
  });
});

describe('two deliveries at once', () => {
  withRows(ROWS);

  it('into one table: one moves the rows, the other is told that the table is in use', async () => {
    const outcomes = await Promise.allSettled(['d1', 'd1', 'd2'].map((id) => deliver(bench.order(id))));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused).toHaveLength(2);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'TargetInUse', retryable: true });
    expect(await bench.requester.knex('received.deliveries').select()).toHaveLength(1);
  });

  it('under two grants go into two tables', async () => {
    const [one, two] = await Promise.all([
      deliver(bench.order('d1')),
      deliver(bench.order('d2', { id: 'grant-2', items: ['name'] })),
    ]);
    expect(one.target.table).not.toBe(two.target.table);
    expect(await verifyDelivery(bench.target, two, ENTRY)).toMatchObject({ verdict: 'matches' });
  });
});

describe('a delivery that meets an obstacle', () => {
  withRows(FEW);

  it('waits a little for a reader of the earlier rows, then says that the table is in use and leaves it as it was', async () => {
    const first = await deliver(bench.order('d1'));
    await connected(bench.requester.url, async (reader) => {
      await reader.query(`begin; select count(*) from received."${TABLE}"`);
      expect(await failed(deliver(bench.order('d2')))).toMatchObject({ code: 'TargetInUse', retryable: true });
      setTimeout(() => void reader.query('commit'), 300);
      const patience = { tries: 20, timeoutMs: 150 };
      const now = () => new Date('2026-05-02T00:00:00Z');
      expect(await deliver(bench.order('d3', {}, { patience, now }))).toMatchObject({ rows: FEW });
    });
    expect(await verifyDelivery(bench.target, first, ENTRY)).toMatchObject({ verdict: 'superseded', by: 'd3' });
  });

  it('says so when the provider’s table is locked', async () => {
    await connected(bench.provider.url, async (owner) => {
      await owner.query('begin; lock table persons in access exclusive mode');
      expect(await failed(deliver(bench.order('d1')))).toMatchObject({ code: 'SourceInUse', retryable: true });
    });
  });

  it('names the columns that are gone or of another type, and moves nothing', async () => {
    await bench.provider.knex.raw('alter table persons drop column phone, alter column born type text');
    const error = await failed(deliver(bench.order('d1')));
    expect(error).toMatchObject({ code: 'SourceChanged', retryable: false, params: { columns: 'phone, born (text)' } });
    expect(failureSentence(error.code, error.params, 'zh')).toContain('phone, born (text)');
    expect(await deliver(bench.order('d2', { items: ['name', 'note'] }))).toMatchObject({ rows: FEW });
    await bench.provider.knex.raw('drop table persons');
    expect(await failed(deliver(bench.order('d3')))).toMatchObject({ code: 'SourceChanged', retryable: false });
  });

  it('says so when a view of the requester’s depends on the table that would be replaced', async () => {
    await deliver(bench.order('d1'));
    await bench.requester.knex.raw(`create view mine as select name from received."${TABLE}"`);
    expect(await failed(deliver(bench.order('d2')))).toMatchObject({ code: 'TargetDependedOn', retryable: false });
  });

  it('goes to no address that a department may not name', async () => {
    const stream = guardedSocket(createAddressGuard([]));
    for (const url of ['postgresql://x:y@127.0.0.1:1/x', 'postgresql://x:y@localhost:1/x', bench.provider.url]) {
      const source = postgresSource('source', ENTRY.mount.sourceId, url, stream);
      const expected = { code: 'AccessRefused', retryable: false };
      expect(await failed(deliver(bench.order('d1', {}, { source })))).toMatchObject(expected);
    }
  });

  it('is told from which side when a database cannot be reached or does not let the platform in', async () => {
    const nowhere = 'postgresql://x:y@localhost/x?host=/nonexistent/santong';
    const wrong = new URL(bench.provider.url);
    wrong.password = 'wrong';
    const source = (url: string) => postgresSource('source', ENTRY.mount.sourceId, url);
    const cases = [
      [{ source: source(nowhere) }, 'SourceDown', true],
      [{ source: source('postgresql://x:y@127.0.0.1:1/x') }, 'SourceDown', true],
      [{ target: postgresSource('target', 'civil-affairs-main', nowhere) }, 'TargetDown', true],
      [{ source: source(wrong.href) }, 'AccessRefused', false],
    ] as const;
    for (const [changes, code, retryable] of cases) {
      expect(await failed(deliver(bench.order('d1', {}, changes)))).toMatchObject({ code, retryable });
    }
    await bench.provider.knex.raw(`revoke all on persons from current_user`);
    expect(await failed(deliver(bench.order('d1')))).toMatchObject({ code: 'AccessRefused', retryable: false });
  });
});
