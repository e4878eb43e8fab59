import type pg from 'pg';
import { type Api, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { connected } from '../support/transfer.ts';
import { until } from '../support/until.ts';

/** What misuse may go on for once it is stopped (R809 Art.27), in milliseconds. */
const WITHIN_MS = 5_000;
const ROWS = 60_000;
/** Of the rows that have reached the target before the source waits: enough to be told from the catalogue's own growth. */
const STAGED_BYTES = 4 * 1024 * 1024;
const GATE = 7_265_748;

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

/** Behind a view that stops at its last row for as long as somebody holds the gate, in the order of the key. */
const SLOW_SOURCE = `
  insert into persons select filled.*
    from (select * from persons limit 1) p,
         (select lpad(n::text, 8, '0') as no from generate_series(1, ${ROWS}) n union all select null) rows,
         jsonb_populate_record(null::persons, to_jsonb(p) || jsonb_build_object(
           'record_no', coalesce('S' || no, 'zzzz'), 'id_card', coalesce(no, 'z'), 'name', '王')) filled;
  alter table persons rename to all_persons;
  create function gate(text) returns boolean language plpgsql volatile as $$
    begin
      if $1 = 'zzzz' then perform pg_catalog.pg_advisory_xact_lock_shared(${GATE}); end if;
      return true;
    end $$;
  create view persons as select * from all_persons where gate(record_no);
  grant select on persons to public;
  analyze all_persons`;

const provider = <T>(work: (client: pg.Client) => Promise<T>) =>
  connected(api.engine.departmentUrl('public-security'), work);
const requester = <T>(work: (client: pg.Client) => Promise<T>) =>
  connected(api.engine.departmentUrl('civil-affairs'), work);

async function bytesIn(target: pg.Client): Promise<number> {
  const { rows } = await target.query<{ bytes: string }>('select pg_database_size(current_database()) as bytes');
  return Number(rows[0]?.bytes);
}

async function sessionsOf(deliveryId: string, target: pg.Client): Promise<number> {
  const { rows } = await target.query(
    `select 1 from pg_stat_activity where datname = current_database() and application_name = left($1, 63)`,
    [`santong ${deliveryId}`],
  );
  return rows.length;
}

test('a grant suspended mid-stream stops within five seconds, and nothing of the staging table is left', async () => {
  const { grantId } = await grantedCase(api);
  const before = await deliveryOf(api, grantId);
  await provider(async (owner) => {
    await owner.query(SLOW_SOURCE);
    // By the index of the key, so that rows flow before the last one is reached.
    await owner.query(
      `do $$ begin execute format('alter database %I set enable_sort = off', current_database()); end $$`,
    );
    await owner.query('select pg_advisory_lock($1)', [GATE]);
    await requester(async (target) => {
      const size = await bytesIn(target);
      const asked = await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/deliveries`);
      const deliveryId: string = asked.body.id;
      await until(async () => (await bytesIn(target)) > size + STAGED_BYTES);
      expect(await sessionsOf(deliveryId, target)).toBe(1);

      const suspendedAt = performance.now();
      const suspended = await api.ask('public-security.lead', 'POST', `/api/grants/${grantId}/actions`, {
        body: { action: 'suspend', reason: '疑似误用' },
      });
      expect(suspended).toMatchObject({ status: 200, body: { grant: { status: 'suspended' } } });
      await until(async () => (await sessionsOf(deliveryId, target)) === 0);
      const took = performance.now() - suspendedAt;
      process.stdout.write(`suspension: stopped after ${Math.round(took)} ms\n`);
      expect(took).toBeLessThan(WITHIN_MS);

      expect(await bytesIn(target)).toBeLessThan(size + STAGED_BYTES / 4);
      const { rows: tables } = await target.query<{ tablename: string }>(
        "select tablename from pg_tables where schemaname = 'received' and tablename <> 'deliveries'",
      );
      expect(tables).toEqual([{ tablename: before.manifest.target.table }]);
      const { rows: listed } = await target.query('select delivery_id from received.deliveries');
      expect(listed).toEqual([{ delivery_id: before.id }]);
      const ended = await until(async () => {
        const { body } = await api.ask(REQUESTER, 'GET', `/api/deliveries/${deliveryId}`);
        return body.status === 'failed' ? body : undefined;
      });
      expect(ended).toMatchObject({ reason: { code: 'Cancelled' }, manifest: null });
    });
  });
}, 120_000);
