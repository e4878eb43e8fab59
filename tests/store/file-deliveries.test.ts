import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliverFile, type FileOrder } from '../../activities/transfer/file/deliver.ts';
import type { TransferFailure } from '../../activities/transfer/failures.ts';
import { sweepFolders } from '../../activities/transfer/file/folder-place.ts';
import { makeFile } from '../../activities/transfer/file/make.ts';
import { FILE_PARTS, fileNamesOf } from '../../domain/file-delivery.ts';
import type { FileManifest } from '../../domain/grant.ts';
import { findFile, readFile } from '../../store/delivery-files.ts';
import { fileOrder, filesIn, sha256Of } from '../support/files.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { connected, ENTRY, GRANT, transferBench, type TransferBench } from '../support/transfer.ts';

/** Enough that progress is told before the last row has left. */
const ROWS = 60_000;
const FORMATS = ['csv', 'xlsx', 'jsonl', 'parquet'] as const;

let bench: TransferBench;
let platform: TestDatabase;
let root: string;

beforeAll(async () => {
  bench = await transferBench(ROWS);
  platform = await platformDatabase();
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'santong-files-'));
});
afterEach(() => rm(root, { recursive: true }));
afterAll(async () => {
  await bench.drop();
  await platform.drop();
});

const order = (deliveryId: string, more: Partial<FileOrder> = {}) => fileOrder(bench, deliveryId, { root, more });

const failed = (delivery: Promise<unknown>) =>
  delivery.then(
    () => Promise.reject(new Error('It was delivered')),
    (error: TransferFailure) => error,
  );

/** What stands under a delivery's name, whole and sound; nothing else may be there. */
async function expectWhole(manifest: FileManifest): Promise<void> {
  const files = await filesIn(root);
  const names = fileNamesOf(ENTRY.id, manifest.deliveryId, manifest.file.format);
  const at = (part: (typeof FILE_PARTS)[number]) =>
    files.get(`civil-affairs/${manifest.file.place.split('/')[1]}/${names[part]}`);
  expect([...files.keys()]).toHaveLength(FILE_PARTS.length);
  const data = at('data') ?? Buffer.of();
  expect(sha256Of(data)).toBe(manifest.file.sha256);
  expect(at('digest')?.toString()).toBe(`${manifest.file.sha256}  ${names.data}\n`);
  expect(JSON.parse(at('manifest')?.toString() ?? '')).toEqual(manifest);
}

describe('a folder', () => {
  it('gets the data with its digest, dictionary and manifest, under names that bear the delivery’s id', async () => {
    const manifest = await deliverFile(order('d1'));
    expect(manifest.file).toMatchObject({
      name: 'public-security.persons_d1.csv',
      place: 'civil-affairs/public-security.persons_d1',
      to: 'folder',
    });
    await expectWhole(manifest);
    const files = await filesIn(root);
    const dictionary = JSON.parse(
      String(files.get(`${manifest.file.place}/public-security.persons_d1.dictionary.json`)),
    );
    expect(dictionary).toMatchObject({
      entry: { id: ENTRY.id, version: 3, name: '人口基本信息' },
      grant: { id: GRANT.id, purpose: '高龄津贴核验', validFrom: '2026-01-01', validTo: '2026-12-31' },
      delivery: { id: 'd1', rows: ROWS },
      file: { sha256: manifest.file.sha256 },
    });
    expect(dictionary.items[2]).toEqual({
      id: 'phone',
      name: '手机号码',
      nameEn: 'phone',
      type: 'C',
      column: 'text',
      length: 20,
      mask: 'mobile',
      grade: 3,
      personal: true,
    });
    expect(dictionary.items[5]).toMatchObject({ id: 'balance', column: 'numeric(14,2)', mask: 'none' });
    const table = String(files.get(`${manifest.file.place}/public-security.persons_d1.dictionary.csv`));
    expect(table.split('\r\n')).toHaveLength(GRANT.items.length + 2);
    expect(table).toContain(
      'phone,手机号码,phone,C,text,20,mobile,3,是 yes,301/0001 人口基本信息,3,grant-1,2026-01-01,2026-12-31',
    );
  });

  it('is not written to again by a delivery that is there, also where two race for it', async () => {
    const [one, two] = await Promise.allSettled([deliverFile(order('d1')), deliverFile(order('d1'))]);
    const done = [one, two].flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(done).toHaveLength(1);
    const again = await deliverFile(order('d1', { now: () => new Date('2026-07-01T00:00:00Z') }));
    expect(again).toEqual(done[0]);
    await expectWhole(again);
  });

  it('is rid of what an attempt that broke off has left, of this delivery at once, of others once they are old', async () => {
    const department = join(root, 'civil-affairs');
    const partials = ['.partial_public-security.persons_d1_x', '.partial_other_new', '.partial_other_old'];
    for (const partial of partials) {
      await mkdir(join(department, partial), { recursive: true });
      await writeFile(join(department, partial, 'half'), 'half');
    }
    const old = new Date(Date.now() - 14 * 3_600_000);
    await utimes(join(department, '.partial_other_old'), old, old);
    await deliverFile(order('d1'));
    expect(await readdir(department)).toEqual(['.partial_other_new', 'public-security.persons_d1']);
    await utimes(join(department, '.partial_other_new'), old, old);
    expect(await sweepFolders(root)).toBe(1);
    expect(await sweepFolders(join(root, 'none'))).toBe(0);
    expect(await readdir(department)).toEqual(['public-security.persons_d1']);
  });

  it('says in words that it cannot be written to', async () => {
    await writeFile(join(root, 'civil-affairs'), 'in the way');
    expect(await failed(deliverFile(order('d1')))).toMatchObject({ code: 'FilePlaceDown', retryable: true });
  });
});

describe.each(FORMATS)('%s on its way', (format) => {
  it('stops within 5 seconds when it is told to, leaves nothing, and is whole when run again', async () => {
    const stop = new AbortController();
    let stoppedAt = 0;
    const onProgress = () => {
      stoppedAt ||= Date.now();
      stop.abort();
    };
    const stopped = fileOrder(bench, 'd1', { root, ask: { format }, more: { signal: stop.signal, onProgress } });
    expect(await failed(deliverFile(stopped))).toMatchObject({ code: 'Cancelled', retryable: true });
    expect(Date.now() - stoppedAt).toBeLessThan(5_000);
    expect(await readdir(join(root, 'civil-affairs'))).toEqual([]);
    const manifest = await deliverFile(fileOrder(bench, 'd1', { root, ask: { format } }));
    expect(manifest.rows).toBe(ROWS);
    await expectWhole(manifest);
  });
});

it('a source that is cut off is said to be down, and nothing is left', async () => {
  let cut: Promise<unknown> | undefined;
  const onProgress = () => {
    cut ??= connected(bench.provider.adminUrl, (admin) =>
      admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name like 'santong %'`,
      ),
    );
  };
  expect(await failed(deliverFile(order('d1', { onProgress })))).toMatchObject({ code: 'SourceDown', retryable: true });
  await cut;
  expect(await readdir(join(root, 'civil-affairs'))).toEqual([]);
});

describe('the platform’s own keeping', () => {
  const make = (deliveryId: string, more: Partial<FileOrder> = {}) =>
    makeFile(platform.knex, fileOrder(bench, deliveryId, { ask: { to: 'download' }, more }), {});
  const kept = async () => (await platform.knex('delivery_files').select('delivery_id', 'part')).length;
  afterEach(() => platform.knex('delivery_files').delete());

  it('holds every part in pieces, which are the file again', async () => {
    const manifest = await make('k1');
    expect(manifest.file.place).toBe('/api/deliveries/k1/file');
    const pieces: Buffer[] = [];
    for await (const piece of readFile(platform.knex, 'k1', 'data')) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(5);
    expect(sha256Of(Buffer.concat(pieces))).toBe(manifest.file.sha256);
    const { name, bytes } = manifest.file;
    expect(await findFile(platform.knex, 'k1', 'data')).toEqual({ name, bytes: String(bytes) });
    expect(await kept()).toBe(FILE_PARTS.length);
    expect(await make('k1', { now: () => new Date('2026-07-01T00:00:00Z') })).toEqual(manifest);
  });

  it('has nothing of a delivery that was stopped, nor of one whose connection was lost', async () => {
    const stop = new AbortController();
    expect(await failed(make('k1', { signal: stop.signal, onProgress: () => stop.abort() }))).toMatchObject({
      code: 'Cancelled',
    });
    let cut: Promise<unknown> | undefined;
    const onProgress = () => {
      cut ??= connected(platform.adminUrl, (admin) =>
        admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`),
      );
    };
    expect(await failed(make('k1', { onProgress }))).toMatchObject({ code: 'FilePlaceDown', retryable: true });
    await cut;
    expect(await kept()).toBe(0);
    expect(await make('k1')).toMatchObject({ rows: ROWS });
  });

  it('is written to by one at a time', async () => {
    const both = await Promise.allSettled([make('k1'), make('k1')]);
    const reasons = both.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(reasons).toMatchObject([{ code: 'TargetInUse', retryable: true }]);
    expect(await kept()).toBe(FILE_PARTS.length);
  });

  it('is told apart from a place that the platform is not set up for', async () => {
    for (const to of ['folder', 's3'] as const) {
      const elsewhere = makeFile(platform.knex, fileOrder(bench, 'k1', { ask: { to } }), {});
      expect(await failed(elsewhere)).toMatchObject({ code: 'FilePlaceOff', retryable: false, params: { detail: to } });
    }
  });
});
