import type { Entry } from '../../domain/catalogue.ts';
import { seal } from '../../store/sealed.ts';
import { type Api, startApi } from '../support/api.ts';
import {
  AUTHORITY,
  differencesOf,
  inDepartment,
  LEFT,
  publishEntry,
  reconciled,
  RIGHT,
  runAgain,
  townships,
} from '../support/reconciliations.ts';

let api: Api;

const TABLE = (rows: string) => [
  'drop table if exists lists',
  'create table lists (no text, name text, note text, amount numeric, seen timestamp, big text)',
  `insert into lists values ${rows}`,
  'grant select on lists to public',
];

beforeAll(async () => {
  api = await startApi();
  await inDepartment(
    api,
    'civil-affairs',
    ...TABLE(`('1', '王一', '左一', 1.50, '2026-01-01 08:00', null), ('2', '李二', '左二', 2, null, 'x'),
              ('3', '张三', '左三', 3, null, repeat('长', 600)), ('5', '赵五', '左五', 5, null, null),
              ('5', '赵五', '左五', 5, null, null), (null, '无号', '', 0, null, null)`),
  );
  await inDepartment(
    api,
    'statistics',
    ...TABLE(`('1', '王一', '左一', 1.5, '2026-01-01 08:00', null), ('2', '李贰', '右二', 2.0, null, ''),
              ('3', '张三', '左三', 3, null, repeat('长', 599) || '短'), ('4', '钱四', '右四', 4, null, null)`),
  );
  await entry('list-a', 'civil-affairs', 'conditional');
  await entry('list-b', 'statistics', 'unconditional');
}, 120_000);
afterAll(() => api.close());

const entry = (id: string, provider: string, shareType: Entry['shareType']) =>
  publishEntry(api, { id, provider, shareType });

const pair = (id: string) => ({ left: id, right: id });
const lists = (changes: Record<string, unknown> = {}) => ({
  name: '名单核对',
  left: { entryId: 'list-a' },
  right: { entryId: 'list-b' },
  key: [pair('no')],
  compare: ['name', 'note', 'amount', 'seen', 'big'].map(pair),
  ...changes,
});
type Sides = Record<'left' | 'right', string | null>;
const shownTo = async (account: string, id: string) =>
  (await differencesOf(api, id, { account })).map(({ kind, key, values }) => [
    kind,
    key?.[0] ?? null,
    ...values
      .slice(0, 2)
      .map(({ left, right, hidden }: Sides & { hidden: Sides }) => [left ?? hidden.left, right ?? hidden.right]),
  ]);

test('scale, missing and empty values, long texts, repeated and missing keys are told apart or alike as they should be', async () => {
  const done = await reconciled(api, lists());
  expect(done.counts).toMatchObject({
    left: { rows: 5, withoutKey: 1 },
    right: { rows: 4, withoutKey: 0 },
    same: 1,
    differences: { 'only-left': 0, 'only-right': 1, differs: 2, repeated: 1 },
  });
  const differences = await differencesOf(api, done.id, { account: LEFT });
  const differing = differences.map(({ values }) =>
    values.flatMap(({ differs }: { differs: boolean }, at: number) => (differs ? [at] : [])),
  );
  expect(differing).toEqual([[0, 1, 4], [4], [], []]);
  expect(differences[3]).toMatchObject({ kind: 'repeated', times: { left: 2, right: 0 }, values: [] });
  const [long] = [differences[1].values[4]];
  expect(long.left).toMatch(/^长{250}…[0-9a-f]{64}$/);
});

test('sensitive values are never kept; a side that is shared conditionally is shown to its own provider alone', async () => {
  const { id } = await reconciled(api, lists());
  const kept = await api.engine.platform.knex('reconciliation_differences').where({ reconciliation_id: id });
  expect(JSON.stringify(kept)).not.toMatch(/李二|李贰|张三|钱四/);
  const secret = ['sensitive', 'sensitive'];
  expect(await shownTo(LEFT, id)).toEqual([
    ['differs', '2', secret, ['左二', '右二']],
    ['differs', '3', secret, ['左三', '左三']],
    ['only-right', '4', [null, 'sensitive'], [null, '右四']],
    ['repeated', '5'],
  ]);
  for (const account of [RIGHT, AUTHORITY, 'auditor']) {
    expect(await shownTo(account, id)).toEqual([
      ['differs', '2', secret, ['not-shared', '右二']],
      ['differs', '3', secret, ['not-shared', '左三']],
      ['only-right', '4', [null, 'sensitive'], [null, '右四']],
      // Only the left has it.
      ['repeated', null],
    ]);
  }
  const { body: csv } = await api.ask(RIGHT, 'GET', `/api/reconciliations/${id}/export`);
  expect(csv).toContain('〔敏感 sensitive〕,〔敏感 sensitive〕,〔未共享 not shared〕,右二');
  expect(csv).not.toMatch(/左二|李二|赵五/);
});

test('a sensitive value that changes opens what was settled, without being kept', async () => {
  const { id } = await reconciled(api, lists());
  const [one] = await differencesOf(api, id, { account: LEFT });
  const body = { differences: [{ id: one.id, seen: one.seen }], decision: 'both', reason: '曾用名' };
  await api.ask(LEFT, 'POST', `/api/reconciliations/${id}/settlements`, { body });
  await inDepartment(api, 'statistics', `update lists set name = '李弍' where no = '2'`);
  expect(await runAgain(api, id)).toMatchObject({ settled: 0 });
  await inDepartment(api, 'statistics', `update lists set name = '李贰' where no = '2'`);
});

test('what becomes sensitive, conditional or withheld after a run is shown no more', async () => {
  await entry('list-c', 'statistics', 'unconditional');
  const { id } = await reconciled(api, lists({ right: { entryId: 'list-c' }, compare: [pair('note')] }));
  const notes = async () =>
    (await differencesOf(api, id, { account: LEFT })).map(({ values }) => values[0]?.right ?? null);
  expect(await notes()).toContain('右二');
  await entry('list-c', 'statistics', 'conditional');
  expect(await notes()).not.toContain('右二');
  await entry('list-c', 'statistics', 'withheld');
  expect(await runAgain(api, id)).toMatchObject({
    status: 'failed',
    run: 1,
    failure: { code: 'NoLongerSound', side: null, message: expect.stringMatching(/目录已变更/) },
  });
});

test('everything that stands against it is told at once; who may not see the data is told nothing', async () => {
  const explainedBy = { entryId: 'list-a', before: 'no', after: 'no', on: 'no' };
  const bad = lists({
    right: {
      entryId: 'list-b',
      scope: {
        all: [
          { item: 'name', operator: 'startsWith', value: '王' },
          { item: 'none', operator: 'eq', value: 1 },
        ],
      },
    },
    key: [pair('name'), { left: 'no', right: 'nothing' }],
    compare: [pair('blob'), pair('kept'), { left: 'note', right: 'amount' }, { ...pair('amount'), width: 12 }],
    explainedBy,
  });
  const answer = await api.ask(AUTHORITY, 'POST', '/api/reconciliations', { body: bad });
  expect(answer.status).toBe(422);
  expect(answer.body.errors.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`)).toEqual([
    '/right/scope/all/1/item UnknownItem',
    '/right/scope/all/0/item ItemSensitive',
    '/key/0/left ItemSensitive',
    '/key/0/right ItemSensitive',
    '/key/1/right UnknownItem',
    '/compare/0 NotComparable',
    '/compare/1/left ItemWithheld',
    '/compare/1/right ItemWithheld',
    '/compare/2 TypesDiffer',
    '/compare/3/width WidthUnfit',
    '/explainedBy/entryId ExplanationNotOpen',
  ]);
  for (const account of [LEFT, RIGHT, 'integrator', 'auditor', 'admin']) {
    expect((await api.ask(account, 'POST', '/api/reconciliations', { body: bad })).status).toBe(403);
  }
  const sealed = lists({ left: { entryId: 'sealed-juvenile-records' }, right: { entryId: 'no-such' } });
  const withheld = await api.ask(AUTHORITY, 'POST', '/api/reconciliations', { body: sealed });
  expect(withheld.body.errors).toMatchObject([
    { pointer: '/left/entryId', code: 'EntryWithheld' },
    { pointer: '/right/entryId', code: 'UnknownEntry' },
    ...withheld.body.errors.slice(2),
  ]);
});

test('the provider of both sides compares its own', async () => {
  await entry('list-d', 'civil-affairs', 'conditional');
  const done = await reconciled(api, lists({ right: { entryId: 'list-d' } }), LEFT);
  expect(done.counts).toMatchObject({ same: 3, differences: { repeated: 1 } });
  const [one] = await differencesOf(api, done.id, { account: LEFT });
  expect(one.actions).toEqual([{ action: 'settle', decisions: ['both', 'mended'] }]);
});

test('a source that is away, has changed or fails ends the run with its side, and what was found before stays', async () => {
  const { knex } = api.engine.platform;
  const { id, open } = await reconciled(api, lists());
  const failing = async (how: readonly string[]) => {
    await inDepartment(api, 'statistics', ...how);
    const { status, failure, open: still } = await runAgain(api, id);
    expect([status, still]).toEqual(['failed', open]);
    return [failure.code, failure.side];
  };
  expect(await failing(['alter table lists rename to lists_away'])).toEqual(['SourceChanged', 'right']);
  const view = (note: string) => [
    'drop view if exists lists',
    `create view lists as select no, name, ${note} as note, amount, seen, big from lists_away`,
    'grant select on lists to public',
  ];
  expect(await failing(view('(1 / (amount - 4))::text'))).toEqual(['SourceFailing', 'right']);
  await inDepartment(api, 'statistics', 'drop view lists', 'alter table lists_away rename to lists');
  const source = () => knex('data_sources').where({ id: 'civil-affairs-main' });
  const { sealed_connection: before } = await source().first('sealed_connection');
  await source().update({ sealed_connection: seal(api.engine.secretKey, 'postgresql://nobody:x@127.0.0.1:1/none') });
  expect(await failing([])).toEqual(['SourceUnreachable', 'left']);
  await source().update({ sealed_connection: before });
  expect(await runAgain(api, id)).toMatchObject({ status: 'done', failure: null, run: 2 });
});

test('one whose process has died is taken up again, once', async () => {
  const { knex } = api.engine.platform;
  const { id } = await reconciled(api, townships());
  const left = {
    status: 'running',
    taken_by: id,
    taken_until: knex.raw("now() - interval '1 second'"),
    ended_at: null,
  };
  await knex('reconciliations').where({ id }).update(left);
  await Promise.all([api.app.reconciling.round(), api.app.reconciling.round()]);
  expect((await api.ask(AUTHORITY, 'GET', `/api/reconciliations/${id}`)).body).toMatchObject({
    status: 'done',
    run: 2,
  });
});
