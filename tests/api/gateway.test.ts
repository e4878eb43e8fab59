import pg from 'pg';
import { mask } from '../../domain/masking.ts';
import { type Answer, type Api, startApi } from '../support/api.ts';
import { callService, issueKey, PROVIDER, PROVIDER_LEAD, registerService, serviceGrant } from '../support/gateway.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;
let key: string;
let keyId: string;
let grantId: string;
let source: pg.Client;
const logged: string[] = [];

beforeAll(async () => {
  api = await startApi({ log: (line) => logged.push(line) });
  await api.engine.startWorkers();
  await registerService(api);
  ({ key, keyId, grantId } = await serviceGrant(api));
  source = new pg.Client(api.engine.departmentUrl('public-security'));
  await source.connect();
  await api.gateway.hearing;
}, 120_000);
afterAll(async () => {
  await source.end();
  await api.close();
});

const call = (query = '', headers: Record<string, string> = {}, by = key): Promise<Answer> =>
  callService(api.url, by, `/gateway/persons${query}`, headers);

/** What the department has of the granted rows, in the key's order. */
async function held(where = 'true'): Promise<Record<string, string>[]> {
  const { rows } = await source.query(
    `select record_no, name, sex, birth_date::text as birth_date, mobile from persons
      where name like '王%' and ${where} order by record_no collate "C"`,
  );
  return rows;
}

function masked({ name = '', mobile = '', ...rest }: Record<string, string>): Record<string, string> {
  return { ...rest, name: mask('name', name), mobile: mask('mobile', mobile) };
}

test('a grant that is called is delivered with its key, and its manifest says so', async () => {
  const delivery = await deliveryOf(api, grantId);
  expect(delivery.manifest).toMatchObject({
    grantId,
    rows: 0,
    bytes: 0,
    service: { id: 'persons', keyId },
    items: ['record_no', 'name', 'sex', 'birth_date', 'mobile'],
  });
  const { body } = await api.ask(REQUESTER, 'POST', `/api/deliveries/${delivery.id}/verification`);
  expect(body).toMatchObject({ found: [{ code: 'ServiceOpened' }], chain: { verdict: 'whole', length: 1 } });
  const { body: kase } = await api.ask(REQUESTER, 'GET', `/api/cases/${delivery.manifest.caseId}`);
  expect(kase.status).toBe('completed');
});

test('a call gives the granted items of the granted rows, masked, page by page in the order of the key', async () => {
  const expected = (await held()).map(masked);
  expect(expected.length).toBeGreaterThan(5);
  const found: unknown[] = [];
  let cursor: string | null = null;
  do {
    const answer: Answer = await call(`?limit=3${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    expect(answer.status).toBe(200);
    expect(answer.body.items.length).toBeLessThanOrEqual(3);
    found.push(...answer.body.items);
    cursor = answer.body.nextCursor;
  } while (cursor !== null);
  expect(found).toEqual(expected);
});

test('items and filters narrow down what is given, never beyond the grant', async () => {
  const both = await call('?items=record_no,sex&sex=1&sex=2&birth_date.from=1980-01-01&birth_date.to=1999-12-31');
  const expected = await held(`sex in ('1', '2') and birth_date between '1980-01-01' and '1999-12-31'`);
  expect(both.body.items).toEqual(expected.map(({ record_no, sex }) => ({ record_no, sex })));
  const one = await call('?sex=1&limit=1000');
  expect(one.body.items).toEqual((await held(`sex = '1'`)).map(masked));
});

test('what a call asks wrongly is told at once', async () => {
  const answer = await call(
    '?items=record_no,id_card&limit=0&mobile=13800000000&district_code=210102&sex.from=1&birth_date.from=soon&nonsense=1',
  );
  expect(answer).toMatchObject({ status: 422, body: { code: 'Invalid' } });
  expect(
    answer.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`).toSorted(),
  ).toEqual([
    '/query/birth_date.from WrongType',
    '/query/district_code FilterNotOffered',
    '/query/items UnknownItem',
    '/query/limit Malformed',
    '/query/mobile FilterMasked',
    '/query/nonsense FilterNotOffered',
    '/query/sex.from FilterNotOffered',
  ]);
});

test('a cursor is good for the very question that it came of, and tells nothing', async () => {
  const { body } = await call('?limit=1');
  const cursor = encodeURIComponent(body.nextCursor);
  expect(Buffer.from(body.nextCursor, 'base64url').toString('latin1')).not.toContain(body.items[0].record_no);
  expect((await call(`?limit=2&cursor=${cursor}`)).status).toBe(200);
  for (const query of [`?limit=1&sex=1&cursor=${cursor}`, '?cursor=AAAA']) {
    expect(await call(query)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/query/cursor' }] } });
  }
});

test('nobody gets through without a good key, and with one to no other service', async () => {
  for (const by of [undefined, 'nonsense', `stk_${'A'.repeat(43)}`]) {
    const answer = await callService(api.url, by, '/gateway/persons');
    expect(answer).toMatchObject({ status: 401, body: { code: 'KeyRefused' } });
  }
  const asApiKey = await callService(api.url, undefined, '/gateway/persons?limit=1', { 'X-API-Key': key });
  expect(asApiKey.status).toBe(200);
  expect(await callService(api.url, key, '/gateway/no-such')).toMatchObject({ status: 404 });
  const divisions = { id: 'divisions-too', entryId: 'divisions-2026', filters: [] };
  const registered = await api.ask('civil-affairs.reviewer', 'POST', '/api/services', {
    body: { ...divisions, name: '区划' },
  });
  expect(registered.status).toBe(201);
  expect(await callService(api.url, key, '/gateway/divisions-too')).toMatchObject({
    status: 403,
    body: { code: 'ServiceNotGranted' },
  });
});

test('an answer that the caller holds is not sent again, and nobody between may keep it', async () => {
  const first = await call('?limit=2');
  expect(first.headers.get('Cache-Control')).toMatch(/^private, max-age=\d+$/);
  expect(first.headers.get('Vary')).toContain('Authorization');
  const etag = first.headers.get('ETag') ?? '';
  const again = await call('?limit=2', { 'If-None-Match': etag });
  expect([again.status, again.body]).toEqual([304, '']);
  expect(again.headers.get('ETag')).toBe(etag);
  await source.query(`update persons set sex = case sex when '1' then '2' else '1' end where record_no =
    (select min(record_no collate "C") from persons where name like '王%')`);
  expect((await call('?limit=2', { 'If-None-Match': etag })).status).toBe(200);
});

test('a key is shown once; a new one lets the old go on for the overlap, and a revoked one ends with its next call', async () => {
  const request = { body: { overlapMinutes: 60 }, key: 'rotate' };
  const { body: issued } = await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/keys`, request);
  const { body: repeated } = await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/keys`, request);
  expect(repeated).toMatchObject({ id: issued.id, key: null });
  expect((await call('?limit=1')).status).toBe(200);
  expect((await call('?limit=1', {}, issued.key)).status).toBe(200);
  const { body: list } = await api.ask(PROVIDER_LEAD, 'GET', `/api/grants/${grantId}/keys`);
  expect(list.items).toMatchObject([
    { id: issued.id, expiresAt: null, hint: issued.key.slice(-4) },
    { id: keyId, expiresAt: expect.any(String), revokedAt: null },
  ]);
  const revoked = await api.ask(REQUESTER, 'DELETE', `/api/grants/${grantId}/keys/${issued.id}`);
  expect(revoked.status).toBe(204);
  await until(async () => ((await call('?limit=1', {}, issued.key)).status === 401 ? true : undefined));
  const atOnce = await issueKey(api, grantId, { overlapMinutes: 0 });
  await until(async () => ((await call('?limit=1')).status === 401 ? true : undefined));
  key = atOnce.body.key;
  expect((await call('?limit=1')).status).toBe(200);
  const { rows } = await api.engine.platform.knex.raw('select to_jsonb(k)::text as row from grant_keys k');
  const stored = rows.map(({ row }: { row: string }) => row).join('\n') + logged.join('\n');
  for (const secret of [issued.key, atOnce.body.key]) expect(stored).not.toContain(secret.slice(4));
});

test('a grant that is suspended is refused from its next call on, and answers again once it is resumed', async () => {
  const act = (action: string) =>
    api.ask(PROVIDER_LEAD, 'POST', `/api/grants/${grantId}/actions`, { body: { action, reason: '核查' } });
  expect((await act('suspend')).status).toBe(200);
  const refused = await call('?limit=1');
  expect(refused).toMatchObject({
    status: 403,
    body: { code: 'SharingRefused', errors: [{ pointer: '/grant', code: 'NoLine' }] },
  });
  expect((await api.ask(REQUESTER, 'POST', `/api/grants/${grantId}/keys`)).body.code).toBe('GrantNotActive');
  expect((await act('resume')).status).toBe(200);
  expect((await call('?limit=1')).status).toBe(200);
});

test('a grant waits for its service, then for its key, and goes on by itself once they are there', async () => {
  const change = (status: string) =>
    api.ask(PROVIDER, 'PATCH', '/api/services/persons', { body: { status }, headers: { 'If-Match': '*' } });
  expect(await change('closed')).toMatchObject({
    status: 200,
    body: { status: 'closed', revision: 2, pageLimit: 1_000 },
  });
  expect(await call('?limit=1')).toMatchObject({ status: 404 });
  const { grantId: waiting } = await grantedCase(api, { items: ['sex'], mode: 'service' });
  const waitsFor = (code: string) =>
    until(async () => {
      const { body } = await api.ask(REQUESTER, 'GET', `/api/grants/${waiting}/deliveries`);
      return body.items[0]?.reason?.code === code && body.items[0];
    });
  expect(await waitsFor('ServiceMissing')).toMatchObject({ status: 'waiting' });
  expect((await change('open')).status).toBe(200);
  await waitsFor('KeyNotIssued');
  await issueKey(api, waiting);
  expect(await deliveryOf(api, waiting)).toMatchObject({ id: `${waiting}.1`, reason: null });
  // One that was given up is run again with the key.
  const { grantId: stopped } = await grantedCase(api, { items: ['sex'], mode: 'service' });
  for (const action of ['suspend', 'resume']) {
    await api.ask(PROVIDER_LEAD, 'POST', `/api/grants/${stopped}/actions`, { body: { action, reason: '核查' } });
  }
  await deliveryOf(api, stopped, 'failed');
  await issueKey(api, stopped);
  expect(await deliveryOf(api, stopped)).toMatchObject({ id: `${stopped}.2` });
});

test('every call under the grant is on record, and its usage is seen by both parties', async () => {
  const marked = await call('?limit=2', { 'X-Request-Id': 'on-record' });
  const row = await until(async () => {
    const { body } = await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}/calls?limit=200`);
    return body.items.find(({ requestId }: { requestId: string }) => requestId === 'on-record');
  });
  expect(row).toMatchObject({ serviceId: 'persons', outcome: 'answered', status: 200, rows: 2 });
  expect(row.bytes).toBe(Buffer.byteLength(JSON.stringify(marked.body)));
  const day = (ms: number): string => new Date(Date.now() + 8 * 3_600_000 + ms).toISOString().slice(0, 10);
  const path = `/api/gateway/usage?from=${day(-86_400_000)}&to=${day(86_400_000)}&grantId=${grantId}`;
  const [mine, theirs, others] = await Promise.all(
    [REQUESTER, PROVIDER_LEAD, 'transport.lead'].map(async (account) => (await api.ask(account, 'GET', path)).body),
  );
  expect(mine).toEqual(theirs);
  expect(others).toMatchObject({ items: [], total: { calls: 0 } });
  const items: { outcome: string; serviceId: string; calls: number }[] = mine.items;
  const ofPersons = items.filter(({ serviceId }) => serviceId === 'persons');
  const callsThat = (outcome: string): number =>
    ofPersons.filter((one) => one.outcome === outcome).reduce((sum, { calls }) => sum + calls, 0);
  expect([callsThat('invalid'), callsThat('unchanged')]).toEqual([3, 1]);
  expect(callsThat('answered')).toBeGreaterThan(5);
  // The suspended grant, a revoked key, one that had run out, a service that was closed.
  expect(callsThat('refused')).toBeGreaterThanOrEqual(3);
  expect(mine.total.calls).toBe(items.reduce((sum, { calls }) => sum + calls, 0));
  const wrong = await api.ask(REQUESTER, 'GET', '/api/gateway/usage?from=2026-02-30&to=2026-99-01');
  expect(wrong.body.errors).toHaveLength(2);
});
