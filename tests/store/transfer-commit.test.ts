import { deliver } from '../../activities/transfer/deliver.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import { connected, ENTRY, transferBench, type TransferBench } from '../support/transfer.ts';
import { until } from '../support/until.ts';

let bench: TransferBench;
beforeAll(async () => {
  bench = await transferBench(50);
  await deliver(bench.order('d1'));
  // What the server does at the commit takes as long as somebody holds the gate.
  await bench.requester.knex.raw(`
    create function received.gate() returns trigger language plpgsql as $$
      begin
        -- Tried again and again, as a delivery does not wait for a lock.
        while not pg_catalog.pg_try_advisory_xact_lock(42) loop perform pg_catalog.pg_sleep(0.02); end loop;
        return null;
      end $$;
    create constraint trigger gate after insert on received.deliveries deferrable initially deferred
      for each row execute function received.gate()`);
});
afterAll(() => bench.drop());

const isCommitting = () =>
  connected(bench.requester.adminUrl, async (admin) => {
    const { rows } = await admin.query(
      `select 1 from pg_stat_activity
        where datname = current_database() and application_name like 'santong %' and query = 'commit' and state = 'active'`,
    );
    return rows.length > 0;
  });

it('a delivery that is stopped while it commits is not left in doubt: the rows are there, and so it says', async () => {
  const stop = new AbortController();
  const later = { signal: stop.signal, now: () => new Date('2026-05-02T04:00:00Z') };
  await connected(bench.requester.url, async (holder) => {
    await holder.query('select pg_advisory_lock(42)');
    const delivering = deliver(bench.order('d2', {}, later));
    await until(isCommitting);
    stop.abort();
    await holder.query('select pg_advisory_unlock(42)');
    const manifest = await delivering;
    expect(manifest.deliveryId).toBe('d2');
    expect(await verifyDelivery(bench.target, manifest, ENTRY)).toMatchObject({ verdict: 'matches', rows: 50 });
  });
});

it('a delivery that is stopped just before it commits leaves nothing', async () => {
  const stop = new AbortController();
  const now = () => {
    // Asked for the last time when the manifest is made, after the last row has arrived.
    asked += 1;
    if (asked === 2) stop.abort();
    return new Date('2026-05-03T04:00:00Z');
  };
  let asked = 0;
  await expect(deliver(bench.order('d3', {}, { signal: stop.signal, now }))).rejects.toMatchObject({
    code: 'Cancelled',
  });
  const listed = await bench.requester
    .knex('received.deliveries')
    .whereNot({ delivery_id: 'd2' })
    .select('delivery_id');
  expect(listed).toEqual([{ delivery_id: 'd1' }]);
});
