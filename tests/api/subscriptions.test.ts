import { type Api, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

const PATH = '/api/catalogue/subscriptions';
const post = (account: string, body: unknown, key?: string) =>
  api.ask(account, 'POST', PATH, { body, ...(key === undefined ? {} : { key }) });

test('one subscribes to an entry, a provider and a search, once each, and sees and ends one’s own alone', async () => {
  const made = [];
  for (const body of [
    { entryId: 'persons' },
    { provider: 'transport' },
    { search: { q: '人口', shareType: 'conditional' } },
  ]) {
    const answer = await post('statistics.lead', body);
    expect(answer).toMatchObject({ status: 201, body });
    made.push(answer.body.id);
    expect((await post('statistics.lead', body)).body.id).toBe(answer.body.id);
  }
  const list = async () =>
    (await api.ask('statistics.lead', 'GET', `${PATH}?limit=200`)).body.items.map(({ id }: { id: string }) => id);
  expect(await list()).toEqual(made.toReversed());
  const toEntry = async (entry: string) =>
    (await api.ask('statistics.lead', 'GET', `${PATH}?entryId=${entry}`)).body.items;
  expect(await toEntry('persons')).toMatchObject([{ id: made[0], entryId: 'persons', entryName: '户籍人口基本信息' }]);
  expect(await toEntry('divisions-2026')).toEqual([]);
  expect((await api.ask('transport.lead', 'DELETE', `${PATH}/${made[0]}`)).status).toBe(404);
  expect((await api.ask('statistics.lead', 'DELETE', `${PATH}/${made[0]}`)).status).toBe(204);
  expect((await api.ask('statistics.lead', 'DELETE', `${PATH}/${made[0]}`)).status).toBe(404);
  expect(await list()).toEqual(made.slice(1).toReversed());
});

test('the same request sent again is the same subscription, another under its key is refused', async () => {
  const first = await post('transport.reviewer', { entryId: 'persons' }, 'again');
  expect((await post('transport.reviewer', { entryId: 'persons' }, 'again')).body).toEqual(first.body);
  expect((await post('transport.reviewer', { provider: 'transport' }, 'again')).body.code).toBe('IdempotencyKeyReused');
});

test.each<[string, unknown, string, string]>([
  ['nothing', {}, '', 'Required'],
  ['two at once', { entryId: 'persons', provider: 'transport' }, '', 'OneTarget'],
  ['an entry that is not there', { entryId: 'no-such' }, '/entryId', 'UnknownEntry'],
  ['a department that is not there', { provider: 'no-such' }, '/provider', 'NotOffered'],
  ['a search for nothing', { search: {} }, '/search', 'Required'],
])('%s is refused', async (_, body, pointer, code) => {
  const answer = await post('transport.lead', body);
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toEqual([{ pointer, code, message: expect.stringMatching(/\p{Script=Han}/u) }]);
});
