import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { postgresSource } from '../../activities/transfer/postgresql/session.ts';
import { deliver } from '../../activities/transfer/deliver.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import { mask } from '../../domain/masking.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { seed } from '../../seed.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { databaseOf, departments } from '../../seed/departments.ts';
import { adminUrl, type DepartmentDatabase, departmentDatabase, platformDatabase, unique } from '../support/servers.ts';
import type { TestDatabase } from '../support/servers.ts';
import { GRANT, NO_PSEUDONYMS, SECRET_KEY } from '../support/transfer.ts';

const suffix = unique('');
const databaseName = (department: string): string => databaseOf(department) + suffix;
let platform: TestDatabase;
let requester: DepartmentDatabase;
let dataDir: string;

beforeAll(async () => {
  platform = await platformDatabase();
  requester = await departmentDatabase('receiver');
  dataDir = await mkdtemp(join(tmpdir(), 'santong-transfer-'));
  const departmentsAdminUrl = adminUrl();
  await seed({ platform: platform.knex, departmentsAdminUrl, secretKey: Buffer.alloc(32, 7), dataDir, databaseName });
});
afterAll(async () => {
  await withKnex(adminUrl(), async (admin) => {
    for (const { id } of departments) {
      await admin.raw('drop database if exists ?? with (force)', [databaseName(id)]);
      await admin.raw('drop role if exists ??', [databaseName(id)]);
    }
  });
  await requester.drop();
  await platform.drop();
  await rm(dataDir, { recursive: true });
});

async function withKnex<T>(connection: string, work: (database: Knex) => Promise<T>): Promise<T> {
  const database = knex({ client: 'pg', connection, pool: { min: 0, max: 1 } });
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}

/** The source's rows in the order of the key, masked by the pure function: what must have arrived. */
function expectedRows(entry: TableEntry): Promise<Record<string, unknown>[]> {
  return withKnex(adminUrl(databaseName(entry.provider)), async (source) => {
    const table = source.withSchema(entry.mount.schema).table(entry.mount.table);
    const order = entry.key.map((id) => {
      const isText = entry.items.find((item) => item.id === id)?.type === 'C';
      return isText ? `"${id}" collate "C"` : `"${id}"`;
    });
    const rows = await table
      .orderByRaw(order.join(', '))
      .select<Record<string, unknown>[]>(entry.items.map(({ id }) => id));
    const masked = entry.items.filter((item) => item.mask !== 'none');
    return rows.map((row) => ({
      ...row,
      ...Object.fromEntries(
        masked.map(({ id, mask: rule }) => [id, mask(rule, row[id] as string | null, NO_PSEUDONYMS)]),
      ),
    }));
  });
}

it.each(catalogue.map((entry) => [entry.name, entry] as const))(
  'all of “%s” arrives as it is in the provider’s table, masked as the catalogue says, and verifies',
  async (_, entry) => {
    const items = entry.items.map(({ id }) => id);
    const target = postgresSource('target', 'receiver-main', requester.url);
    const manifest = await deliver({
      deliveryId: `d-${entry.id}`,
      grant: { ...GRANT, id: `g-${entry.id}`, entryId: entry.id, entryVersion: entry.version, items, masks: {} },
      entry,
      source: postgresSource('source', entry.mount.sourceId, adminUrl(databaseName(entry.provider))),
      target,
      policyVersion: 'test',
      policyLine: 'test',
      pseudonyms: pseudonymsOf(SECRET_KEY, `g-${entry.id}`),
      previous: async () => '0'.repeat(64),
      now: () => new Date('2026-05-01T00:00:00Z'),
    });
    const expected = await expectedRows(entry);
    expect(expected.length).toBeGreaterThan(0);
    const arrived = await requester.knex
      .withSchema('received')
      .table(manifest.target.table)
      .select<typeof expected>(items);
    expect(manifest.rows).toBe(expected.length);
    expect(arrived).toEqual(expected);
    expect(await verifyDelivery(target, manifest, entry)).toMatchObject({ verdict: 'matches' });
  },
);
