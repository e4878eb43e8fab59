import { type Api, startApi } from '../support/api.ts';
import {
  AUTHORITY,
  differencesOf,
  inDepartment,
  LEFT,
  reconciled,
  RIGHT,
  runAgain,
  townships,
} from '../support/reconciliations.ts';
import { until } from '../support/until.ts';

let api: Api;
let id: string;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
beforeEach(async () => {
  ({ id } = await reconciled(api, townships()));
});
afterAll(() => api.close());

interface Shown {
  readonly id: string;
  readonly seen: string;
  readonly key: readonly string[];
  readonly state: string;
}

const settle = (account: string, differences: readonly Pick<Shown, 'id' | 'seen'>[], decision: string, key?: string) =>
  api.ask(account, 'POST', `/api/reconciliations/${id}/settlements`, {
    body: {
      differences: differences.map(({ id: of, seen }) => ({ id: of, seen })),
      decision,
      reason: '以现行批复为准',
    },
    ...(key === undefined ? {} : { key }),
  });
const of = async (code: string, account = AUTHORITY) =>
  (await differencesOf(api, id, { account })).find(({ key }: Shown) => key?.[0] === code);
const codes = (body: { items: { problem: { code: string } | null }[] }) =>
  body.items.map(({ problem }) => problem?.code ?? 'settled');

test('the provider that gives way settles, many at once with a result for each; who settled what and why is on record', async () => {
  const all = await differencesOf(api, id);
  const [first, second] = all;
  const nowhere = { id: '0b2f6c1e-3f57-4d0a-8a55-0c6f3a7d9e01', seen: first.seen };
  const answer = await settle(RIGHT, [first, nowhere, { ...second, seen: '0'.repeat(16) }], 'left');
  expect(answer).toMatchObject({ status: 200, body: { counts: { settled: 1, refused: 2 } } });
  expect(codes(answer.body)).toEqual(['settled', 'NotFound', 'PreconditionFailed']);
  expect(await of(first.key[0])).toMatchObject({
    state: 'settled',
    settlement: {
      decision: 'left',
      reason: '以现行批复为准',
      by: { id: RIGHT },
      department: { id: 'statistics' },
      run: 1,
    },
  });
  const { body } = await api.ask(LEFT, 'GET', `/api/reconciliations/${id}`);
  expect(body).toMatchObject({ open: all.length - 1, settled: 1 });
  expect(await differencesOf(api, id, { query: 'limit=200&state=settled' })).toHaveLength(1);
});

test('nobody says of the other’s data that it is wrong, nor undoes what the other has said', async () => {
  const [one, two] = await differencesOf(api, id);
  expect(codes((await settle(LEFT, [one], 'left')).body)).toEqual(['NotYoursToConcede']);
  expect(codes((await settle(RIGHT, [one], 'right')).body)).toEqual(['NotYoursToConcede']);
  expect(codes((await settle(LEFT, [one, two], 'right')).body)).toEqual(['settled', 'settled']);
  expect(codes((await settle(RIGHT, [one], 'both')).body)).toEqual(['DifferenceSettled']);
  // One's own mind may change; what was said before stays.
  expect(codes((await settle(LEFT, [one], 'both')).body)).toEqual(['settled']);
  expect(await of(one.key[0])).toMatchObject({
    settlement: { decision: 'both' },
    earlier: [{ decision: 'right', by: { id: LEFT } }],
  });
});

test('what each may decide is offered, and the authority and the auditor settle nothing', async () => {
  const [one] = await differencesOf(api, id, { account: RIGHT });
  expect(one.actions).toEqual([{ action: 'settle', decisions: ['left', 'both', 'mended'] }]);
  const [other] = await differencesOf(api, id, { account: LEFT });
  expect(other.actions[0].decisions).toEqual(['right', 'both', 'mended']);
  for (const account of [AUTHORITY, 'auditor', 'statistics.requester']) {
    expect((await settle(account, [one], 'both')).status).toBe(403);
    if (account !== AUTHORITY)
      expect((await api.ask(account, 'GET', `/api/reconciliations/${id}`)).body.actions).toEqual([]);
  }
  expect((await settle('transport.reviewer', [one], 'both')).status).toBe(404);
});

test('under one key it is settled once, and the same is told again', async () => {
  const [one, two] = await differencesOf(api, id);
  const first = await settle(LEFT, [one], 'right', 'settle-once');
  expect((await settle(LEFT, [one], 'right', 'settle-once')).body).toEqual(first.body);
  expect((await settle(LEFT, [two], 'right', 'settle-once')).body.code).toBe('IdempotencyKeyReused');
  expect((await of(one.key[0])).earlier).toEqual([]);
});

test('a re-run keeps what was settled of what is unchanged, opens again what has changed, and lets go what is gone', async () => {
  const only = async (kind: string) => differencesOf(api, id, { query: `limit=200&kind=${kind}` });
  const [[left, gone], [right], [changes, mended]] = await Promise.all([
    only('only-left'),
    only('only-right'),
    only('differs'),
  ]);
  await settle(RIGHT, [left, gone, changes], 'left');
  await settle(LEFT, [right], 'right');
  await settle(RIGHT, [mended], 'mended');
  const [code, was] = [changes.key[0].slice(0, 9), changes.values[0].right];
  await inDepartment(
    api,
    'statistics',
    `update divisions_villages set name = '某街道' where code = '${code}'`,
    `insert into divisions_villages (code, name, level, parent_code)
       select '${gone.key[0].slice(0, 9)}', '${gone.values[0].left}', 4, '${gone.key[0].slice(0, 6)}'`,
  );
  try {
    expect(await runAgain(api, id)).toMatchObject({ status: 'done', run: 2, settled: 2 });
    expect(await of(left.key[0])).toMatchObject({ state: 'settled', seen: left.seen, firstRun: 1, lastRun: 2 });
    expect(await of(right.key[0])).toMatchObject({ state: 'settled' });
    expect(await of(changes.key[0])).toMatchObject({
      state: 'open',
      values: [{ right: '某街道' }, expect.anything()],
      settlement: null,
      earlier: [{ decision: 'left', run: 1 }],
    });
    // It was said to be mended, and is still there.
    expect(await of(mended.key[0])).toMatchObject({ state: 'open', earlier: [{ decision: 'mended' }] });
    expect(await of(gone.key[0])).toBeUndefined();
    expect(await differencesOf(api, id, { query: 'state=gone' })).toMatchObject([
      { id: gone.id, state: 'gone', actions: [] },
    ]);
    expect(codes((await settle(RIGHT, [gone], 'left')).body)).toEqual(['DifferenceGone']);
    expect(codes((await settle(RIGHT, [changes], 'left')).body)).toEqual(['PreconditionFailed']);
  } finally {
    await inDepartment(
      api,
      'statistics',
      `update divisions_villages set name = '${was}' where code = '${code}'`,
      `delete from divisions_villages where code = '${gone.key[0].slice(0, 9)}'`,
    );
  }
  // What comes back has been away: nobody has settled that.
  await runAgain(api, id);
  expect(await of(gone.key[0])).toMatchObject({ id: gone.id, state: 'open', earlier: [{ decision: 'left' }] });
});

test('all that is wrong with a settlement is told at once, and a run under way is not asked for again', async () => {
  const bad = await api.ask(LEFT, 'POST', `/api/reconciliations/${id}/settlements`, {
    body: { differences: [], decision: 'perhaps', reason: '' },
  });
  expect(bad.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '/differences',
    '/decision',
    '/reason',
  ]);
  const { knex } = api.engine.platform;
  await knex('reconciliations')
    .where({ id })
    .update({ status: 'running', taken_until: knex.raw("now() + interval '1 hour'") });
  expect((await api.ask(AUTHORITY, 'POST', `/api/reconciliations/${id}/runs`)).body.code).toBe('ReconciliationRuns');
  await knex('reconciliations').where({ id }).update({ status: 'done' });
  expect((await api.ask(LEFT, 'POST', `/api/reconciliations/${id}/runs`)).status).toBe(403);
});

test('the authority asks a provider to settle: a task in its inbox, approved once nothing is open', async () => {
  const file = (account: string, form: object, entryId = 'divisions-villages') =>
    api.ask(account, 'POST', '/api/cases', { body: { process: 'reconciliation', about: { entryId }, form } });
  expect((await file(RIGHT, { reconciliation: id })).status).toBe(403);
  const ofNone = await file(AUTHORITY, { reconciliation: id }, 'persons');
  expect(ofNone.body.errors).toMatchObject([{ pointer: '/form/reconciliation', code: 'UnknownReconciliation' }]);
  expect((await file(AUTHORITY, { note: '请核对' })).body.errors).toMatchObject([{ code: 'FieldMissing' }]);

  const filed = await file(AUTHORITY, { reconciliation: id, note: '请核对' });
  expect(filed).toMatchObject({
    status: 201,
    body: {
      number: expect.stringMatching(/^DZ-/),
      title: '数据对账：统计用区划代码（2023年，至村级）',
      clocks: [{ kind: 'reconciliation', legal: 10 }],
    },
  });
  const { body: inbox } = await api.ask(RIGHT, 'GET', '/api/tasks?box=mine');
  const task = inbox.items.find(({ case: of }: { case: { id: string } }) => of.id === filed.body.id);
  const approve = (key: string) =>
    api.ask(RIGHT, 'POST', `/api/tasks/${task.id}/actions`, {
      body: { action: 'approve', opinion: '已逐条处理', seen: filed.body.form.digest },
      key,
    });
  expect((await approve('too-early')).body.code).toBe('DifferencesOpen');
  const all = await differencesOf(api, id);
  expect((await settle(RIGHT, all, 'left')).body.counts).toEqual({ settled: all.length, refused: 0 });
  expect((await approve('settled')).status).toBe(200);
  await until(async () => (await api.ask(AUTHORITY, 'GET', `/api/cases/${filed.body.id}`)).body.status === 'completed');
  // Whoever repeats it is told the same, however things stand by then.
  await inDepartment(api, 'statistics', `update divisions_villages set name = name || '新' where code = '210106401'`);
  expect(await runAgain(api, id)).toMatchObject({ open: 1 });
  expect((await approve('settled')).status).toBe(200);
  const replay = await api.ask('auditor', 'POST', `/api/cases/${filed.body.id}/replay`, { body: {} });
  expect(replay.body.verdict).toBe('agrees');
});
