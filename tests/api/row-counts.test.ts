import type { Entry } from '../../domain/catalogue.ts';
import { findEntry, insertEntryVersion } from '../../store/catalogue.ts';
import { type Api, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

const PATH = '/api/catalogue/persons/counts';
const count = (all: readonly unknown[], account = REQUESTER) =>
  api.ask(account, 'POST', PATH, { body: { rowScope: { all } } });

test('rows are counted in the provider’s system, as conditions say; fewer than ten are not told', async () => {
  const whole = await count([]);
  expect(whole).toMatchObject({ status: 200, body: { rows: expect.any(Number), least: 10 } });
  const some = await count([{ item: 'sex', operator: 'eq', value: '男' }]);
  expect(some.body.rows).toBeGreaterThanOrEqual(10);
  expect(some.body.rows).toBeLessThan(whole.body.rows);
  const nobody = await count([{ item: 'name', operator: 'eq', value: `'; drop table x; --` }]);
  expect(nobody.body).toMatchObject({ rows: null, least: 10 });
});

test('every fault of a count is told at once, and nothing is counted', async () => {
  const answer = await api.ask(REQUESTER, 'POST', PATH, {
    body: {
      table: 'persons',
      rowScope: {
        all: [
          { item: 'no_such', operator: 'eq', value: 1 },
          { item: 'name', operator: 'like', value: '%' },
        ],
      },
    },
  });
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code])).toEqual([
    ['/table', 'UnknownMember'],
    ['/rowScope/all/0/item', 'UnknownItem'],
    ['/rowScope/all/1/operator', 'UnknownOperator'],
  ]);
  expect((await api.ask(REQUESTER, 'POST', '/api/catalogue/no-such/counts', { body: {} })).status).toBe(404);
});

test('what is withheld is no condition, and a table that is gone is no count', async () => {
  const { knex } = api.engine.platform;
  const entry = await findEntry(knex, 'persons');
  const [first, ...others] = entry?.items ?? [];
  if (!entry || !first) throw new Error('The seed has no entry of persons');
  const mount = { ...(entry.mount as object), table: 'no_such_table' } as NonNullable<Entry['mount']>;
  const hidden = {
    ...entry,
    id: 'hidden',
    code: '999999/000001',
    codes: [],
    version: 1,
    mount,
    items: [{ ...first, shareType: 'withheld' as const }, ...others],
  };
  await knex.transaction((trx) => insertEntryVersion(trx, hidden));
  const ask = (all: readonly unknown[]) =>
    api.ask(REQUESTER, 'POST', '/api/catalogue/hidden/counts', { body: { rowScope: { all } } });
  expect((await ask([{ item: first.id, operator: 'eq', value: 'x' }])).body.errors).toMatchObject([
    { code: 'UnknownItem' },
  ]);
  expect(await ask([])).toMatchObject({ status: 502, body: { code: 'SourceFailed' } });
});

test('nobody has rows counted without end', async () => {
  const answers = [];
  for (let nth = 0; nth < 22; nth += 1) answers.push(await count([], 'transport.requester'));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
  const last = answers.at(-1);
  expect(last).toMatchObject({ status: 429, body: { code: 'TooManyCounts' } });
  expect(Number(last?.headers.get('Retry-After'))).toBeGreaterThan(0);
});
