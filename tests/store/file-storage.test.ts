import { readdir } from 'node:fs/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { FileOrder } from '../../activities/transfer/file/deliver.ts';
import { makeFile } from '../../activities/transfer/file/make.ts';
import { guarded } from '../../activities/transfer/file/place.ts';
import { s3Place, type S3Storage } from '../../activities/transfer/file/s3-place.ts';
import { verifyFile } from '../../activities/transfer/file/verify.ts';
import { FILE_PARTS } from '../../domain/file-delivery.ts';
import type { FileAsk } from '../../domain/file-delivery.ts';
import { fileOrder, sha256Of } from '../support/files.ts';
import { startS3, type S3Server } from '../support/s3-server.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { transferBench, type TransferBench } from '../support/transfer.ts';

/** More than one part of an upload, in CSV and JSON Lines. */
const ROWS = 120_000;

let bench: TransferBench;
let platform: TestDatabase;
let server: S3Server;
let client: S3Client;

beforeAll(async () => {
  [bench, platform, server] = await Promise.all([transferBench(ROWS), platformDatabase(), startS3()]);
  const { endpoint, region, accessKeyId, secretAccessKey } = server.storage;
  client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await bench.drop();
  await platform.drop();
});

function make(
  deliveryId: string,
  ask: FileAsk = {},
  { more = {}, s3 = server.storage }: { more?: Partial<FileOrder>; s3?: S3Storage } = {},
) {
  const { place: _, ...order } = fileOrder(bench, deliveryId, { ask: { to: 's3', ...ask }, more });
  return makeFile(platform.knex, order, { s3 });
}

async function keys(deliveryId: string): Promise<string[]> {
  const Prefix = `santong/civil-affairs/public-security.persons_${deliveryId}/`;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'shared', Prefix }));
  return Contents.map(({ Key = '' }) => Key);
}

async function bytesOf(Key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'shared', Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

it.each(['csv', 'jsonl'] as const)(
  '%s goes into the bucket in parts, whole, with what lies beside it',
  async (format) => {
    const manifest = await make(`${format}-1`, { format });
    const { name, place, sha256, bytes } = manifest.file;
    expect(place).toBe(`s3://shared/santong/civil-affairs/public-security.persons_${format}-1/`);
    expect(bytes).toBeGreaterThan(8 * 1024 * 1024);
    expect(await keys(`${format}-1`)).toHaveLength(FILE_PARTS.length);
    const folder = place.replace('s3://shared/', '');
    expect(sha256Of(await bytesOf(folder + name))).toBe(sha256);
    expect(String(await bytesOf(`${folder}${name}.sha256`))).toBe(`${sha256}  ${name}\n`);
    const later = { now: () => new Date('2026-07-01T00:00:00Z') };
    expect(await make(`${format}-1`, { format }, { more: later })).toEqual(manifest);
  },
);

it('what lies in the bucket is read again, and told of when it was changed or taken away', async () => {
  const manifest = await make('again-1', { format: 'csv' });
  const order = fileOrder(bench, 'again-1', { ask: { to: 's3', format: 'csv' } });
  const verify = (storage: S3Storage = server.storage) => verifyFile(guarded(s3Place(storage, order)), manifest);
  const { bytes, sha256, name, place } = manifest.file;
  expect(await verify()).toEqual({ content: { verdict: 'matches', bytes, sha256 }, listing: 'same' });
  const Key = place.replace('s3://shared/', '') + name;
  await client.send(new PutObjectCommand({ Bucket: 'shared', Key, Body: 'other' }));
  expect(await verify()).toMatchObject({ content: { verdict: 'differs', bytes: 5 }, listing: 'same' });
  await client.send(new DeleteObjectCommand({ Bucket: 'shared', Key }));
  expect(await verify()).toEqual({ content: { verdict: 'elsewhere' }, listing: 'unread' });
  const nobody = { ...server.storage, endpoint: 'http://127.0.0.1:1' };
  await expect(verify(nobody)).rejects.toMatchObject({ name: 'TransferFailure', code: 'FilePlaceDown' });
});

it('a file without a row is there as well', async () => {
  const order = { rowScope: { all: [{ item: 'id', operator: 'eq', value: -1 } as const] } };
  const { place: _, ...empty } = fileOrder(bench, 'none-1', { ask: { to: 's3', format: 'jsonl' }, changes: order });
  const { file, rows } = await makeFile(platform.knex, empty, { s3: server.storage });
  expect({ rows, bytes: file.bytes }).toEqual({ rows: 0, bytes: 0 });
  expect(await keys('none-1')).toHaveLength(FILE_PARTS.length);
});

it('one that is stopped leaves nothing to be seen and no parts, and is whole when run again', async () => {
  const stop = new AbortController();
  const more = { signal: stop.signal, onProgress: () => stop.abort() };
  await expect(make('stopped-1', {}, { more })).rejects.toMatchObject({ code: 'Cancelled', retryable: true });
  expect(await keys('stopped-1')).toEqual([]);
  const files = await readdir(server.directory, { recursive: true });
  expect(files.filter((path) => path.includes('stopped-1') && /upload/i.test(path))).toEqual([]);
  expect(await make('stopped-1')).toMatchObject({ rows: ROWS });
});

it('a storage that cannot be reached, or does not let the platform in, is said in words and tried again', async () => {
  for (const change of [{ endpoint: 'http://127.0.0.1:1' }, { accessKeyId: 'NOBODY' }, { bucket: 'no-such' }]) {
    const s3 = { ...server.storage, ...change };
    await expect(make('down-1', {}, { s3 })).rejects.toMatchObject({ code: 'FilePlaceDown', retryable: true });
  }
});
