import { digestOf } from '../../domain/digest.ts';
import type { Grant } from '../../domain/grant.ts';
import { digestBefore, hasManifest, manifestsUpTo } from '../../store/manifests.ts';
import { storeGrant } from '../support/grants.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import type { TestDatabase } from '../support/servers.ts';

let engine: Engine;
let database: TestDatabase;
let grant: Grant;
beforeAll(async () => {
  engine = await startEngine();
  database = engine.platform;
  const { id } = await storeGrant(database.knex, {
    grantId: 'case-1.grant',
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
  });
  const row = await database.knex('grants').where({ id }).first<{ body: Grant }>('body');
  grant = row.body;
});
afterAll(() => engine.close());
beforeEach(() => database.knex('deliveries').delete());

/** The nth delivery of the grant, asked for on the nth of May. */
async function delivery(n: number, status: string, digest?: string): Promise<string> {
  const id = `${grant.id}.${n}`;
  await database.knex('deliveries').insert({
    id,
    grant_id: grant.id,
    requested_by: 'system',
    status,
    created_at: new Date(Date.UTC(2026, 4, n)),
    ...(digest === undefined ? {} : { manifest: JSON.stringify({ deliveryId: id }), manifest_digest: digest }),
  });
  return id;
}

test('the first manifest of a grant holds the digest of the grant, each other that of the last one before it', async () => {
  expect(await digestBefore(database.knex, grant, await delivery(1, 'running'))).toBe(digestOf(grant));
  await database.knex('deliveries').delete();
  await delivery(8, 'delivered', 'eight');
  await delivery(9, 'delivered', 'nine');
  // It failed, and left no manifest.
  await delivery(10, 'failed');
  expect(await digestBefore(database.knex, grant, await delivery(11, 'waiting'))).toBe('nine');
});

test('a delivery that is over takes no place in the chain any more', async () => {
  for (const [n, status] of [
    [1, 'failed'],
    [2, 'delivered'],
  ] as const) {
    expect(await digestBefore(database.knex, grant, await delivery(n, status))).toBeUndefined();
  }
  expect(await digestBefore(database.knex, grant, 'no-such-delivery')).toBeUndefined();
});

test('the chain up to a delivery is in the order in which they were asked for, and leaves out only what never arrived', async () => {
  for (const n of [9, 10, 11]) await delivery(n, 'delivered', String(n));
  await delivery(12, 'failed');
  const late = await delivery(13, 'failed', '13');
  await delivery(14, 'delivered');
  await delivery(15, 'delivered', '15');
  const upTo = async (n: number) =>
    (await manifestsUpTo(database.knex, grant.id, `${grant.id}.${n}`)).map(({ digest }) => digest);
  expect(await upTo(10)).toEqual(['9', '10']);
  expect(await upTo(13)).toEqual(['9', '10', '11', '13']);
  expect(await upTo(15)).toEqual(['9', '10', '11', '13', null, '15']);
  expect(await hasManifest(database.knex, grant.id, late)).toBe(true);
  expect(await hasManifest(database.knex, grant.id, `${grant.id}.14`)).toBe(false);
  expect(await hasManifest(database.knex, 'another', late)).toBe(false);
});
