import { randomUUID } from 'node:crypto';
import { type Api, application, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const PATH = '/api/share-request-drafts';

function put(id: string, match: string | undefined, { title = '低保核对', content = {}, account = REQUESTER } = {}) {
  const headers = match === undefined ? {} : { 'If-Match': match };
  return api.ask(account, 'PUT', `${PATH}/${id}`, { body: { title, content }, headers });
}

test('a draft is kept, gone on with at its revision, listed for its author alone and let go of', async () => {
  const id = randomUUID();
  const made = await put(id, '"0"', { content: { purpose: '核验\u0000\ud800', items: ['name'] } });
  expect(made).toMatchObject({
    status: 200,
    body: { id, title: '低保核对', revision: 1, content: { purpose: '核验\u0000\ud800', items: ['name'] } },
  });
  expect(made.headers.get('ETag')).toBe('"1"');
  const later = await put(id, '"1"', { title: '改名' });
  expect(later.body).toMatchObject({ revision: 2, title: '改名', content: {} });
  expect((await api.ask(REQUESTER, 'GET', PATH)).body).toMatchObject({ items: [{ id, title: '改名', revision: 2 }] });
  expect((await api.ask('transport.requester', 'GET', PATH)).body.items).toEqual([]);
  expect((await put(id, '*', { account: 'transport.requester' })).status).toBe(404);
  expect((await put(id, '"0"', { account: 'transport.requester' })).status).toBe(404);
  expect((await api.ask(REQUESTER, 'DELETE', `${PATH}/${id}`)).status).toBe(204);
  expect((await api.ask(REQUESTER, 'GET', `${PATH}/${id}`)).status).toBe(404);
});

test('who writes over what has changed since is refused, and nothing of it is lost', async () => {
  const id = randomUUID();
  await put(id, '"0"', { content: { purpose: '第一' } });
  await put(id, '"1"', { content: { purpose: '第二' } });
  expect(await put(id, '"1"', { content: { purpose: '第三' } })).toMatchObject({
    status: 412,
    body: { code: 'PreconditionFailed' },
  });
  expect(await put(id, '"0"')).toMatchObject({ status: 412 });
  expect(await put(id, undefined)).toMatchObject({ status: 428 });
  expect(await put(randomUUID(), '"1"')).toMatchObject({ status: 404 });
  expect((await api.ask(REQUESTER, 'GET', `${PATH}/${id}`)).body).toMatchObject({
    revision: 2,
    content: { purpose: '第二' },
  });
});

test('a draft that is too large is refused, and one too many', async () => {
  const large = await put(randomUUID(), '"0"', { content: { purpose: 'x'.repeat(300_000) } });
  expect(large).toMatchObject({ status: 413, body: { code: 'BodyTooLarge' } });
  const { knex } = api.engine.platform;
  const rows = Array.from({ length: 100 }, () => ({
    id: randomUUID(),
    person_id: 'statistics.requester',
    title: '',
    content: '{}',
  }));
  await knex('share_request_drafts').insert(rows);
  const account = 'statistics.requester';
  expect(await put(randomUUID(), '"0"', { account })).toMatchObject({ status: 409, body: { code: 'TooManyDrafts' } });
  const paged = await api.ask(account, 'GET', `${PATH}?limit=60`);
  const rest = await api.ask(account, 'GET', `${PATH}?limit=60&cursor=${paged.body.nextCursor}`);
  const ids = [...paged.body.items, ...rest.body.items].map(({ id: of }: { id: string }) => of);
  expect(new Set(ids).size).toBe(100);
});

test('a draft ends with the request that is filed from it', async () => {
  const id = randomUUID();
  await put(id, '"0"');
  const refused = await api.ask(REQUESTER, 'POST', `/api/share-requests?draft=${id}`, { body: {} });
  expect(refused.status).toBe(422);
  expect((await api.ask(REQUESTER, 'GET', `${PATH}/${id}`)).status).toBe(200);
  const filed = await api.ask(REQUESTER, 'POST', `/api/share-requests?draft=${id}`, { body: application() });
  expect(filed.status).toBe(201);
  expect((await api.ask(REQUESTER, 'GET', `${PATH}/${id}`)).status).toBe(404);
});
