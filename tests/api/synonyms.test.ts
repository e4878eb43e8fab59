import { type Api, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';

let api: Api;
const AUTHORITY = 'data-bureau.authority';
const PATH = '/api/catalogue/synonyms';

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

async function found(q: string): Promise<string[]> {
  const { body } = await api.ask(REQUESTER, 'GET', `/api/catalogue?q=${encodeURIComponent(q)}&limit=200`);
  return body.items.map(({ id }: { id: string }) => id);
}

const add = (words: readonly string[], key?: string) =>
  api.ask(AUTHORITY, 'POST', PATH, { body: { words }, ...(key === undefined ? {} : { key }) });

test('a group reaches searches at once, and is gone from them as soon as it is removed', async () => {
  const persons = await found('户籍人口');
  expect(persons).toContain('persons');
  expect(await found('人丁册')).toEqual([]);
  const added = await add(['人丁册', ' 户籍人口 ']);
  expect(added).toMatchObject({
    status: 201,
    body: { words: ['人丁册', '户籍人口'], createdBy: { id: AUTHORITY }, actions: [{ action: 'delete' }] },
  });
  expect(await found('人丁册')).toEqual(persons);
  const searched = await api.ask(REQUESTER, 'GET', `/api/catalogue?q=${encodeURIComponent('人丁册')}`);
  expect(searched.body.synonyms).toEqual(['户籍人口']);
  const { body: listed } = await api.ask('auditor', 'GET', `${PATH}?word=${encodeURIComponent('人丁册')}`);
  expect(listed.items).toMatchObject([{ id: added.body.id, actions: [] }]);
  expect((await api.ask(AUTHORITY, 'DELETE', `${PATH}/${added.body.id}`)).status).toBe(204);
  expect(await found('人丁册')).toEqual([]);
  expect((await api.ask(AUTHORITY, 'DELETE', `${PATH}/${added.body.id}`)).status).toBe(404);
});

test('all faults are told at once, and what are synonyms already are not added again', async () => {
  const refused = await add(['低 保', '低保', '甲、乙', '低保']);
  expect(refused.status).toBe(422);
  expect(
    refused.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`),
  ).toEqual(['/words/0 NotOneWord', '/words/2 NotOneWord', '/words/3 Duplicate']);
  const known = await add(['低保', '最低生活保障']);
  expect(known.body.errors).toMatchObject([{ pointer: '/words', code: 'SynonymsKnown' }]);
});

test('the same request twice adds one group; lists go on by cursor, those of the product first', async () => {
  const first = await add(['共富码', '惠民码'], 'twice');
  const second = await add(['共富码', '惠民码'], 'twice');
  expect([second.status, second.body.id]).toEqual([201, first.body.id]);
  const ids: number[] = [];
  for (let cursor = ''; ;) {
    const { body } = await api.ask('auditor', 'GET', `${PATH}?limit=10${cursor}`);
    if (ids.length === 0) expect(body.items[0]).toMatchObject({ id: 1, createdBy: null });
    ids.push(...body.items.map(({ id }: { id: number }) => id));
    if (body.nextCursor === null) break;
    cursor = `&cursor=${body.nextCursor}`;
  }
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  expect(ids.at(-1)).toBe(first.body.id);
  expect(ids.length).toBeGreaterThan(20);
});
