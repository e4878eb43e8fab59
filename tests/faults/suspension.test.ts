import type pg from 'pg';
import { type Api, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { bytesIn, holdGate, sessionsOf, slowDown } from '../support/slow-source.ts';
import { connected } from '../support/transfer.ts';
import { until } from '../support/until.ts';

/** What misuse may go on for once it is stopped (R809 Art.27), in milliseconds. */
const WITHIN_MS = 5_000;
const ROWS = 60_000;
/** Of the rows that have reached the target before the source waits: enough to be told from the catalogue's own growth. */
const STAGED_BYTES = 4 * 1024 * 1024;

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const provider = <T>(work: (client: pg.Client) => Promise<T>) =>
  connected(api.engine.departmentUrl('public-security'), work);
const requester = <T>(work: (client: pg.Client) => Promise<T>) =>
  connected(api.engine.departmentUrl('civil-affairs'), work);

test('a grant suspended mid-stream stops within five seconds, and nothing of the staging table is left', async () => {
  const { grantId } = await grantedCase(api);
  const before = await deliveryOf(api, grantId);
  await provider(async (owner) => {
    await slowDown(owner, ROWS);
    await holdGate(owner);
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
