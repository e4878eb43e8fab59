import type { Entry } from '../../domain/catalogue.ts';
import { findEntry, insertEntryVersion } from '../../store/catalogue.ts';
import { type Api, application, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

async function search(query: Record<string, string>): Promise<string[]> {
  const { status, body } = await api.ask(
    'transport.lead',
    'GET',
    `/api/catalogue?${new URLSearchParams(query).toString()}`,
  );
  expect(status).toBe(200);
  return body.items.map((entry: { id: string }) => entry.id);
}

test('two characters, an item’s name, English and part of a code all find what they should', async () => {
  expect(await search({ q: '区划' })).toContain('divisions-2026');
  expect(await search({ q: '公民身份' })).toContain('persons');
  expect(await search({ q: 'juvenile' })).toEqual(['sealed-juvenile-records']);
  expect(await search({ q: '人口 住址' })).toContain('persons');
  expect(await search({ q: '100%_' })).toEqual([]);
});

test('filters narrow the list together', async () => {
  expect(await search({ shareType: 'withheld' })).toEqual(['sealed-juvenile-records']);
  const { body } = await api.ask('transport.lead', 'GET', '/api/catalogue?shareType=withheld');
  expect(body.items).toMatchObject([{ itemCount: 3, withheldBasis: { article: '第二百八十六条' }, actions: [] }]);
  expect(await search({ classification: '人口', provider: 'public-security' })).toContain('persons');
  expect(await search({ classification: '人口', provider: 'transport' })).toEqual([]);
  expect(await search({ classification: '103001/' })).toContain('divisions-2026');
});

test('page after page shows every entry once, in the order of the codes', async () => {
  const all = await search({ limit: '200' });
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await api.ask('transport.lead', 'GET', `/api/catalogue?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...body.items.map((entry: { id: string }) => entry.id));
    cursor = body.nextCursor;
  }
  expect(seen).toEqual(all);
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(5);
});

test('an entry is shown with its items and how they may be compared, not with the table behind it', async () => {
  const { body } = await api.ask('transport.requester', 'GET', '/api/catalogue/persons');
  const birth = body.items.find((item: { id: string }) => item.id === 'birth_date');
  expect(birth).toMatchObject({ type: 'D', personal: true, operators: expect.arrayContaining(['between']) });
  expect(body).toMatchObject({ provider: { id: 'public-security', name: '沈阳市公安局' }, shareType: 'conditional' });
  expect(body).not.toHaveProperty('mount');
  expect(body.publishedAt).toMatch(/\+08:00$/);
});

test('who may ask for an entry is offered to, and nobody else', async () => {
  const offered = async (account: string, id: string) =>
    (await api.ask(account, 'GET', `/api/catalogue/${id}`)).body.actions.length > 0;
  expect(await offered('transport.requester', 'persons')).toBe(true);
  expect(await offered('transport.lead', 'persons')).toBe(false);
  expect(await offered('public-security.requester', 'persons')).toBe(false);
  expect(await offered('transport.requester', 'sealed-juvenile-records')).toBe(false);
});

test('an entry or version that does not exist is not found', async () => {
  expect((await api.ask('auditor', 'GET', '/api/catalogue/no-such')).status).toBe(404);
  expect((await api.ask('auditor', 'GET', '/api/catalogue/persons?version=9')).status).toBe(404);
  expect((await api.ask('auditor', 'GET', '/api/catalogue/persons?version=1')).status).toBe(200);
});

test('pinyin initials, synonyms and several words find; the name comes before an item', async () => {
  expect(await search({ q: 'xzqh' })).toContain('divisions-2026');
  expect(await search({ q: '身份证' })).toContain('persons');
  expect(await search({ q: '行政区划 人口' })).not.toContain('divisions-2026');
  const ids = await search({ q: '行政区划' });
  expect(ids[0]).toMatch(/^divisions/);
});

test('facets count what fits, by department with its name, and only where asked for', async () => {
  const ask = (query: string) => api.ask('transport.lead', 'GET', `/api/catalogue?${query}`);
  const { body } = await ask('facets=true&limit=1');
  expect(body.items).toHaveLength(1);
  expect(body.total).toBe((await search({ limit: '200' })).length);
  const persons = body.facets.provider.find(({ value }: { value: string }) => value === 'public-security');
  expect(persons).toEqual({
    value: 'public-security',
    count: 2,
    department: { id: 'public-security', name: '沈阳市公安局', nameEn: 'Public Security Bureau' },
  });
  expect(body.facets.shareType).toContainEqual({ value: 'withheld', count: 1 });
  expect((await ask('limit=1')).body).not.toHaveProperty('facets');
});

test('a place in one order is refused in another, and all that is wrong is said at once', async () => {
  const { body } = await api.ask('transport.lead', 'GET', '/api/catalogue?limit=1&sort=published');
  const path = `/api/catalogue?limit=1&sort=code&cursor=${body.nextCursor}`;
  expect((await api.ask('transport.lead', 'GET', path)).body.errors).toMatchObject([{ pointer: '/query/cursor' }]);
  const wrong = await api.ask('transport.lead', 'GET', '/api/catalogue?sort=size&facets=some&openness=ajar');
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/query/facets',
    '/query/openness',
    '/query/sort',
  ]);
});

test('an item that a law withholds stands in its entry, and cannot be asked for', async () => {
  const { knex } = api.engine.platform;
  const entry = (await findEntry(knex, 'persons')) as Entry;
  const items = entry.items.map((item) => (item.id === 'mobile' ? { ...item, shareType: 'withheld' as const } : item));
  const withheldBasis = { document: '个人信息保护法', level: 'law', article: '第二十八条' } as const;
  await insertEntryVersion(knex, { ...entry, id: 'persons-partly', code: '101001/900000', items, withheldBasis });
  const body = application({ entryId: 'persons-partly', items: ['name', 'mobile'] });
  const refused = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { body });
  expect(refused.body.errors).toMatchObject([{ pointer: '/items/1', code: 'ItemWithheld' }]);
});
