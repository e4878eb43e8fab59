import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type Answer, type Api, application, startApi } from '../support/api.ts';
import { filesIn, sha256Of } from '../support/files.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';

const PROVIDER_LEAD = 'public-security.lead';

let api: Api;
let root: string;
let grantId: string;
let deliveryId: string;
let delivery: Awaited<ReturnType<typeof deliveryOf>>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'santong-delivered-'));
  api = await startApi();
  await api.engine.platform.knex.raw(
    `update catalogue_entries set body = jsonb_set(body, '{shareModes}', '["batch", "file"]') where id = 'persons'`,
  );
  await api.engine.startWorkers({}, { deliveryFolders: root });
  ({ grantId } = await grantedCase(api, { mode: 'file' }));
  delivery = await deliveryOf(api, grantId);
  deliveryId = delivery.id;
}, 120_000);
afterAll(async () => {
  await api.close();
  await rm(root, { recursive: true });
});

const file = (account: string | null, query = ''): Promise<Answer> =>
  api.ask(account, 'GET', `/api/deliveries/${deliveryId}/file${query}`);
const act = (action: string) =>
  api.ask(PROVIDER_LEAD, 'POST', `/api/grants/${grantId}/actions`, { body: { action, reason: '核实' } });

async function bytesOf(href: string, init: RequestInit = {}) {
  const response = await fetch(href.replace('https://santong.example', api.url), init);
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()), headers: response.headers };
}

async function linkTo(body: Record<string, unknown> = {}, key?: string): Promise<Answer> {
  return api.ask(REQUESTER, 'POST', `/api/deliveries/${deliveryId}/links`, { body, ...(key ? { key } : {}) });
}

test('a grant in the mode file says what the file is, CSV in UTF-8 with a byte-order mark where nothing was asked', async () => {
  const { body } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}`);
  expect(body).toMatchObject({ mode: 'file', file: { format: 'csv', encoding: 'utf-8', bom: true, to: 'download' } });
  const { body: batch } = await api.ask(REQUESTER, 'GET', `/api/cases/${body.caseId}`);
  expect(batch.application.file).toEqual(body.file);
});

test('the requester’s department fetches the file that the manifest speaks of, masked, and what lies beside it', async () => {
  const { manifest } = delivery;
  expect(manifest.file).toMatchObject({ to: 'download', place: `/api/deliveries/${deliveryId}/file` });
  expect(manifest.target).toBeUndefined();
  const headers = { Authorization: `Bearer ${await api.token(REQUESTER)}` };
  const { status, bytes, headers: told } = await bytesOf(`${api.url}/api/deliveries/${deliveryId}/file`, { headers });
  expect(status).toBe(200);
  expect(sha256Of(bytes)).toBe(manifest.file.sha256);
  expect(told.get('Content-Disposition')).toBe(`attachment; filename="${manifest.file.name}"`);
  expect(told.get('ETag')).toBe(`"${manifest.file.sha256}"`);
  const rows = parse(bytes, { columns: true, bom: true }) as Record<string, string>[];
  expect(rows).toHaveLength(manifest.rows);
  for (const { name, mobile } of rows) {
    expect(name).toMatch(/^王\*+$/);
    expect(mobile).toMatch(/^(\d{3}\*{4}\d{4})?$/);
  }
  expect((await file(REQUESTER, '?part=digest')).body).toBe(`${manifest.file.sha256}  ${manifest.file.name}\n`);
  const dictionary = JSON.parse((await file(REQUESTER, '?part=dictionary')).body);
  expect(dictionary).toMatchObject({ entry: { id: 'persons' }, grant: { id: grantId }, items: { length: 4 } });
  expect(JSON.parse((await file(REQUESTER, '?part=manifest')).body)).toEqual(manifest);
});

test('the file is for the requester’s department alone', async () => {
  for (const [account, status] of [
    [null, 401],
    [PROVIDER_LEAD, 403],
    ['auditor', 403],
    ['data-bureau.authority', 403],
    ['transport.requester', 404],
  ] as const) {
    expect((await file(account)).status).toBe(status);
  }
  expect((await file(REQUESTER, '?part=everything')).status).toBe(422);
});

test('a link works once, without a session, and is the same when it is asked for again under its key', async () => {
  const made = await linkTo({}, 'one-link');
  expect(made).toMatchObject({ status: 201, body: { part: 'data' } });
  expect((await linkTo({}, 'one-link')).body).toEqual(made.body);
  const { href } = made.body;
  expect(href).toMatch(/^https:\/\/santong\.example\/api\/delivery-file\?link=/);
  expect((await bytesOf(href, { method: 'HEAD' })).status).toBe(200);
  const both = await Promise.all([bytesOf(href), bytesOf(href)]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410]);
  const got = both.find(({ status }) => status === 200);
  expect(sha256Of(got?.bytes ?? Buffer.of())).toBe(delivery.manifest.file.sha256);
  const spent = await bytesOf(href);
  expect(JSON.parse(spent.bytes.toString())).toMatchObject({ code: 'LinkSpent' });
});

test('a link that was altered, or whose time is over, lets nobody in', async () => {
  const { href, id } = (await linkTo({ minutes: 1, part: 'digest' })).body;
  const url = new URL(href);
  for (const [name, value] of [
    ['expires', String(Number(url.searchParams.get('expires')) + 3_600)],
    ['link', '00000000-0000-4000-8000-000000000000'],
    ['signature', 'A'.repeat(43)],
  ] as const) {
    const altered = new URL(href);
    altered.searchParams.set(name, value);
    expect((await bytesOf(altered.href)).status).toBe(404);
  }
  const bad = await api.ask(null, 'GET', '/api/delivery-file?link=x&expires=soon');
  expect(bad).toMatchObject({ status: 422, body: { errors: { length: 3 } } });
  await api.engine.platform
    .knex('delivery_links')
    .where({ id })
    .update({ expires_at: new Date(0) });
  expect((await bytesOf(href)).status).toBe(410);
  const wrong = await linkTo({ minutes: 0, part: 'everything' });
  expect(wrong).toMatchObject({ status: 422, body: { errors: { length: 2 } } });
});

test('who fetched what is on record, for both parties and those who supervise', async () => {
  for (const account of [REQUESTER, PROVIDER_LEAD, 'auditor']) {
    const { body } = await api.ask(account, 'GET', `/api/deliveries/${deliveryId}/downloads`);
    const byLink = body.items.filter((one: { link: unknown }) => one.link !== null);
    expect(byLink).toMatchObject([{ part: 'data', person: null, link: { madeBy: REQUESTER } }]);
    const byPerson = body.items.filter((one: { person: unknown }) => one.person === REQUESTER);
    expect(byPerson.map(({ part }: { part: string }) => part)).toEqual(['manifest', 'dictionary', 'digest', 'data']);
    expect(byPerson[0].address).toMatch(/127\.0\.0\.1/);
  }
  const path = `/api/deliveries/${deliveryId}/downloads?limit=2`;
  const { body: first } = await api.ask(REQUESTER, 'GET', path);
  const { body: next } = await api.ask(REQUESTER, 'GET', `${path}&cursor=${first.nextCursor}`);
  expect([...first.items, ...next.items].map(({ part }: { part: string }) => part)).toHaveLength(4);
  expect(next.items[0].id).not.toBe(first.items[1].id);
});

test('a file goes into the folder of the requester where that was granted, in the format that was', async () => {
  const { grantId: other } = await grantedCase(api, { mode: 'file', file: { format: 'jsonl', to: 'folder' } });
  const { id, manifest } = await deliveryOf(api, other);
  const files = await filesIn(root);
  const data = files.get(`${manifest.file.place}/${manifest.file.name}`);
  expect(sha256Of(data ?? Buffer.of())).toBe(manifest.file.sha256);
  expect(String(data).trimEnd().split('\n')).toHaveLength(manifest.rows);
  const asked = await api.ask(REQUESTER, 'GET', `/api/deliveries/${id}/file`);
  expect(asked).toMatchObject({ status: 409, body: { code: 'FileNotHere' } });
  const link = await api.ask(REQUESTER, 'POST', `/api/deliveries/${id}/links`, { body: {} });
  expect(link).toMatchObject({ status: 409, body: { code: 'FileNotHere' } });
});

const verified = async (id: string) => (await api.ask('auditor', 'POST', `/api/deliveries/${id}/verification`)).body;

test('a file that the platform keeps is read again and held against its manifest', async () => {
  const { file: kept } = delivery.manifest;
  expect(await verified(deliveryId)).toMatchObject({
    verdict: 'matches',
    content: { verdict: 'matches', bytes: kept.bytes, sha256: kept.sha256 },
    listing: 'same',
    found: [],
  });
  const { knex } = api.engine.platform;
  const data = { delivery_id: deliveryId, part: 'data', nth: 0 };
  const { content } = await knex('delivery_file_pieces').first<{ content: Buffer }>('content').where(data);
  const altered = Buffer.from(content);
  altered[altered.length - 2] = 0x30;
  await knex('delivery_file_pieces').where(data).update({ content: altered });
  expect(await verified(deliveryId)).toMatchObject({ verdict: 'differs', found: [{ code: 'FileDiffers' }] });
  await knex('delivery_file_pieces').where(data).update({ content });
  expect(await verified(deliveryId)).toMatchObject({ verdict: 'matches' });
});

test('a file in a folder is read again there, and told of when it was changed or taken away', async () => {
  const { grantId: other } = await grantedCase(api, { mode: 'file', file: { format: 'csv', to: 'folder' } });
  const { id, manifest } = await deliveryOf(api, other);
  expect(await verified(id)).toMatchObject({ verdict: 'matches', listing: 'same' });
  const folder = join(root, manifest.file.place);
  const [beside = ''] = (await readdir(folder)).filter((name) => name.includes('manifest'));
  await appendFile(join(folder, beside), ' ');
  expect(await verified(id)).toMatchObject({ verdict: 'matches' });
  await writeFile(join(folder, beside), '{}');
  expect(await verified(id)).toMatchObject({ verdict: 'differs', found: [{ code: 'ListingAltered' }] });
  await appendFile(join(folder, manifest.file.name), 'x');
  expect((await verified(id)).found).toMatchObject([
    { code: 'FileDiffers', params: { bytes: manifest.file.bytes, found: manifest.file.bytes + 1 } },
    { code: 'ListingAltered' },
  ]);
  await rm(join(folder, manifest.file.name));
  expect(await verified(id)).toMatchObject({ verdict: 'unread', found: [{ code: 'FileGone' }] });
});

test('an application is told every fault of the file that it asks for', async () => {
  const faultsOf = async (changes: Record<string, unknown>) => {
    const body = application(changes);
    const { body: answer } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body });
    return answer.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`);
  };
  expect(await faultsOf({ file: { format: 'csv' } })).toEqual(['/file FileForOtherMode']);
  const file = { format: 'xlsx', encoding: 'gb18030', bom: true, to: 's3' };
  expect(await faultsOf({ mode: 'file', file })).toEqual([
    '/file/encoding EncodingForCsvOnly',
    '/file/bom BomForUtf8Only',
    '/file/to DestinationNotOffered',
  ]);
  expect(await faultsOf({ mode: 'file', file: { encoding: 'gb18030', bom: true } })).toEqual([
    '/file/bom BomForUtf8Only',
  ]);
  expect(await faultsOf({ mode: 'file', file: { format: 'doc' }, purpose: '商业推广' })).toEqual([
    '/file/format NotOffered',
    '/purpose PurposeNotAllowed',
  ]);
});

test('nothing is fetched while the grant is suspended, and its files go once it is over', async () => {
  const { href } = (await linkTo()).body;
  expect((await act('suspend')).status).toBe(200);
  expect(await file(REQUESTER)).toMatchObject({ status: 409, body: { code: 'GrantNotActive' } });
  expect(await linkTo()).toMatchObject({ status: 409, body: { code: 'GrantNotActive' } });
  expect((await bytesOf(href)).status).toBe(409);
  expect((await act('resume')).status).toBe(200);
  expect((await file(REQUESTER)).status).toBe(200);
  expect((await act('terminate')).status).toBe(200);
  expect((await file(REQUESTER)).status).toBe(409);
  // The next delivery of any grant that the platform keeps sweeps.
  const { grantId: next } = await grantedCase(api, { mode: 'file' });
  await deliveryOf(api, next);
  const left = await api.engine.platform.knex('delivery_files').where({ delivery_id: deliveryId });
  expect(left).toEqual([]);
});
