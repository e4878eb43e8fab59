import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Entry } from '../../domain/catalogue.ts';
import { mask } from '../../domain/masking.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import { findEntry, insertEntryVersion } from '../../store/catalogue.ts';
import { type Answer, type Api, startApi } from '../support/api.ts';
import { callService, dayAhead, PROVIDER, registerService, serviceGrant } from '../support/gateway.ts';
import { type Nginx, startNginx } from '../support/nginx.ts';
import { json, type Service, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

let api: Api;
let service: Service;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let headers: IncomingMessage['headers'];
let granted: Awaited<ReturnType<typeof serviceGrant>>;

const RECORDS = [
  { record_no: 'R1', name: '王小明', id_card: '210102199001011234', sex: '1', secret: 'x', more: { a: 1 } },
  { record_no: 'R2', name: '李雷', id_card: '210102199001015678', sex: '2' },
  { record_no: 'R3', name: '王五', id_card: null, sex: null, secret: 'y' },
];
const REST_MS = 300;

beforeAll(async () => {
  answer = (_, response) => json(response, { data: { list: RECORDS }, total: 3 });
  service = await startService((request, response) => {
    headers = request.headers;
    answer(request, response);
  });
  api = await startApi({ restMs: REST_MS });
  await api.engine.startWorkers();
  await mounted();
  const registered = await registerService(api, {
    id: 'register',
    entryId: 'register',
    filters: [],
    parameters: ['q'],
    timeoutMs: 300,
    maxBytes: 4_096,
  });
  if (registered.status !== 201) throw new Error(JSON.stringify(registered.body));
  granted = await serviceGrant(api, {
    entryId: 'register',
    items: ['record_no', 'name', 'id_card', 'sex'],
    masks: { id_card: 'pseudonym' },
  });
}, 120_000);
afterAll(() => Promise.all([api.close(), service.close()]));

/** An entry like persons, mounted on the service. */
async function mounted(): Promise<void> {
  const body = {
    name: '登记服务',
    connection: { kind: 'http', url: service.url, headers: { Authorization: 'Basic s' } },
  };
  const { body: source } = await api.ask(PROVIDER, 'POST', '/api/catalogue/sources', { body });
  const { knex } = api.engine.platform;
  const persons = await findEntry(knex, 'persons');
  if (!persons) throw new Error('No persons');
  const entry: Entry = {
    ...persons,
    id: 'register',
    code: '101001/000099',
    shareModes: ['service'],
    items: persons.items.map((item) => (item.id === 'id_card' ? { ...item, mask: 'none' } : item)),
    mount: { sourceId: source.id, path: 'v1/register', records: '/data/list' },
  };
  await knex.transaction((trx) => insertEntryVersion(trx, entry));
}

const call = (query = ''): Promise<Answer> => callService(api.url, granted.key, `/gateway/register${query}`);

test('of what a service answers, granted items of granted records go on, masked, and nothing else', async () => {
  const found = await call('?q=a&q=b');
  const pseudonyms = pseudonymsOf(api.engine.secretKey, granted.grantId);
  expect(found).toMatchObject({ status: 200, body: { nextCursor: null } });
  expect(found.body.items).toEqual([
    { record_no: 'R1', name: mask('name', '王小明'), id_card: pseudonyms.of('210102199001011234'), sex: '1' },
    { record_no: 'R3', name: mask('name', '王五'), id_card: null, sex: null },
  ]);
  expect(service.asked.at(-1)).toEqual({ path: '/v1/register?q=a&q=b', authorization: 'Basic s' });
  const { body } = await call('?items=sex');
  expect(body.items).toEqual([{ sex: '1' }, { sex: null }]);
  const refused = await call('?size=9&items=secret');
  expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '/query/items',
    '/query/size',
  ]);
});

test('what cannot be given whole is not given in part', async () => {
  answer = (_, response) => json(response, { data: { list: [{ ...RECORDS[0], name: `王${'长'.repeat(5_000)}` }] } });
  expect(await call()).toMatchObject({ status: 502, body: { code: 'AnswerTooLarge' } });
  answer = (_, response) => response.end('<html></html>');
  expect(await call()).toMatchObject({ status: 502, body: { code: 'SourceFailed' } });
});

test('a source that fails again and again is left alone for a while, and then tried once', async () => {
  answer = (_, response) => void setTimeout(() => json(response, {}), 1_000);
  expect(await call()).toMatchObject({ status: 504, body: { code: 'SourceTimedOut' } });
  answer = (_, response) => json(response, {}, 500);
  const resting = await until(async () => {
    const last = await call();
    return last.status === 503 ? last : undefined;
  });
  expect(resting.body.code).toBe('ServiceResting');
  expect(Number(resting.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
  const asked = service.asked.length;
  expect((await call()).status).toBe(503);
  expect(service.asked).toHaveLength(asked);
  answer = (_, response) => json(response, { data: { list: RECORDS } });
  await until(async () => ((await call()).status === 200 ? true : undefined));
});

describe('a real nginx that asks for the decision', () => {
  let nginx: Nginx;
  beforeAll(async () => {
    answer = (_, response) => json(response, { own: 'answer' });
    nginx = await startNginx({ santong: api.url, service: service.url, serviceId: 'register' });
  });
  afterAll(() => nginx.stop());

  test('lets a granted call through, with the terms and without the key', async () => {
    const found = await callService(nginx.url, granted.key, '/any/path?x=1', { 'X-Santong-Items': 'everything' });
    expect(found).toMatchObject({ status: 200, body: { own: 'answer' } });
    expect(headers).toMatchObject({
      'x-santong-grant': granted.grantId,
      'x-santong-items': 'record_no,id_card,name,sex',
    });
    expect(headers['x-santong-row-scope']).toMatch(/^[0-9a-f]{64}$/);
    expect(headers.authorization).toBeUndefined();
  });

  test('refuses who has no key (401), what is not granted (403), and too many calls (429)', async () => {
    const asked = service.asked.length;
    expect((await callService(nginx.url, undefined, '/x')).status).toBe(401);
    const { key } = await serviceGrant(api, { entryId: 'persons' });
    expect((await callService(nginx.url, key, '/x')).status).toBe(403);
    const posted = await fetch(`${nginx.url}/x`, { method: 'POST', headers: { 'X-API-Key': granted.key } });
    expect(posted.status).toBe(403);
    expect(service.asked).toHaveLength(asked);
    const terms = { entryId: 'register', items: ['sex'], rate: { perDay: 2 } };
    await dayAhead();
    const few = await serviceGrant(api, terms);
    const calls = await Promise.all([1, 2, 3].map(() => callService(nginx.url, few.key, '/x')));
    expect(calls.map(({ status }) => String(status)).toSorted()).toEqual(['200', '200', '429']);
    const limited = calls.find(({ status }) => status === 429);
    expect(Number(limited?.headers.get('Retry-After'))).toBeGreaterThan(0);
  });
});
