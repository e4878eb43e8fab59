import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliver } from '../../activities/transfer/deliver.ts';
import { postgresSource } from '../../activities/transfer/postgresql/session.ts';
import { targetTableOf } from '../../activities/transfer/target-table.ts';
import { verifyDelivery } from '../../activities/transfer/verify.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import type { Grant } from '../../domain/grant.ts';
import { findPlace } from '../../embedded/postgres-place.ts';
import { newPassword, startPostgres } from '../../embedded/postgres.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { connected, ENTRY, GRANT, SECRET_KEY, transferBench, type TransferBench } from '../support/transfer.ts';

let bench: TransferBench;
beforeAll(async () => {
  bench = await transferBench(500);
});
afterAll(() => bench.drop());

/** The same persons, keyed by a text that leaves as a pseudonym alone. */
const KEYED: TableEntry = { ...ENTRY, key: ['phone'] };
const HIDDEN: Partial<Grant> = { items: ['phone', 'born'], masks: { phone: 'pseudonym' } };
const later = (day: number) => ({ now: () => new Date(Date.UTC(2026, 5, day)) });

async function arrived(grant: Partial<Grant>): Promise<{ phone: string; born: string }[]> {
  const { rows } = await bench.requester.knex.raw<{ rows: { phone: string; born: string }[] }>(
    `select phone, born::text as born from received."${targetTableOf({ ...GRANT, ...grant })}" as s order by s.ctid`,
  );
  return rows;
}

describe('a grant under pseudonyms', () => {
  // The catalogue's least mask of the phone is one that shows a part: here it is shared under pseudonyms.
  const items = ENTRY.items.map((item) => (item.id === 'phone' ? { ...item, mask: 'none' as const } : item));
  const entry: TableEntry = { ...KEYED, items };

  it('has the same pseudonym for the same person in every delivery', async () => {
    const first = await deliver(bench.order('p1', { id: 'grant-p', ...HIDDEN }, { entry }));
    const before = await arrived({ id: 'grant-p' });
    expect(before).toHaveLength(500);
    expect(before.every(({ phone }) => /^[0-9a-f]{32}$/.test(phone))).toBe(true);
    const second = await deliver(bench.order('p2', { id: 'grant-p', ...HIDDEN }, { entry, ...later(2) }));
    expect(await arrived({ id: 'grant-p' })).toEqual(before);
    expect(second.sha256).toBe(first.sha256);
    const { of } = pseudonymsOf(SECRET_KEY, 'grant-p');
    const { rows } = await bench.provider.knex.raw<{ rows: { phone: string }[] }>('select phone from persons');
    expect(before.map(({ phone }) => phone)).toEqual(rows.map(({ phone }) => of(phone)).toSorted());
  });

  it('cannot be joined with another grant of the same persons: neither by value nor by place', async () => {
    await deliver(bench.order('q1', { id: 'grant-q', ...HIDDEN, items: ['phone', 'born'] }, { entry }));
    await deliver(bench.order('r1', { id: 'grant-r', ...HIDDEN, items: ['phone', 'born'] }, { entry }));
    const [one, other] = [await arrived({ id: 'grant-q' }), await arrived({ id: 'grant-r' })];
    const known = new Set(one.map(({ phone }) => phone));
    expect(other.filter(({ phone }) => known.has(phone))).toEqual([]);
    // By chance the rows of one or two persons stand at the same place in both.
    const inPlace = one.filter(({ born }, place) => other[place]?.born === born);
    expect(inPlace.length).toBeLessThan(20);
    expect(new Set(one.map(({ born }) => born))).toEqual(new Set(other.map(({ born }) => born)));
  });

  it('verifies by the order of the pseudonyms, also when its department has rewritten the table', async () => {
    const grant = { id: 'grant-s', ...HIDDEN };
    const manifest = await deliver(bench.order('s1', grant, { entry }));
    expect(await verifyDelivery(bench.target, manifest, entry)).toMatchObject({ verdict: 'matches' });
    const table = `received."${targetTableOf({ ...GRANT, ...grant })}"`;
    await bench.requester.knex.raw(`update ${table} set born = born where born < '1950-06-01'`);
    expect(await verifyDelivery(bench.target, manifest, entry)).toMatchObject({ verdict: 'matches' });
    await bench.requester.knex.raw(`update ${table} set phone = md5('x') where born = '1950-01-02'`);
    expect(await verifyDelivery(bench.target, manifest, entry)).toMatchObject({ verdict: 'differs', rows: 500 });
  });

  it('goes by everything that is delivered where the key is not, and verifies so', async () => {
    const grant = { id: 'grant-u', items: ['district', 'name', 'seen'], masks: { district: 'pseudonym' as const } };
    const manifest = await deliver(bench.order('u1', grant, { entry }));
    expect(await verifyDelivery(bench.target, manifest, entry)).toMatchObject({ verdict: 'matches', rows: 500 });
    const table = `received."${manifest.target.table}"`;
    await bench.requester.knex.raw(`update ${table} set name = name where seen < '2026-01-01 02:00'`);
    expect(await verifyDelivery(bench.target, manifest, entry)).toMatchObject({ verdict: 'matches' });
  });

  it('goes in the order of the key where the key is delivered as it is', async () => {
    const grant = { id: 'grant-t', items: ['id', 'phone'], masks: { phone: 'pseudonym' as const } };
    const manifest = await deliver(bench.order('t1', grant, { entry: { ...entry, key: ['id'] } }));
    expect(manifest.masks).toEqual({ id: 'none', phone: 'pseudonym' });
    const { rows } = await bench.requester.knex.raw<{ rows: { id: number }[] }>(
      `select id from received."${manifest.target.table}" as s order by s.ctid`,
    );
    expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).toSorted((one, other) => one - other));
  });
});

it('the salt is in no log of either database, though they log every statement with its parameters, nor in the manifest', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'santong-salt-'));
  const place = findPlace(folder);
  const logFile = join(folder, 'postgres.log');
  const settings = ['log_statement=all', 'log_connections=on', 'log_min_messages=debug1', 'log_duration=on'];
  const server = await startPostgres({ place, logFile, password: newPassword(), settings });
  try {
    const url = server.adminUrl();
    await connected(url, (client) => client.query('create table persons (id integer primary key, name text)'));
    await connected(url, (client) => client.query("insert into persons values (1, '张三')"));
    const pseudonyms = pseudonymsOf(SECRET_KEY, 'grant-1');
    const manifest = await deliver(
      bench.order(
        'd1',
        { items: ['name'], masks: { name: 'pseudonym' } },
        {
          pseudonyms,
          source: postgresSource('source', ENTRY.mount.sourceId, url),
          target: postgresSource('target', 'civil-affairs-main', url),
        },
      ),
    );
    const log = readFileSync(logFile, 'utf8');
    expect(log).toContain('santong.inner');
    expect(log).toContain('d1');
    for (const secret of Object.values(pseudonyms.settings())) {
      expect(log).not.toContain(secret);
      expect(JSON.stringify(manifest)).not.toContain(secret);
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    if (place.home.startsWith(tmpdir())) rmSync(place.home, { recursive: true, force: true });
  }
}, 60_000);
