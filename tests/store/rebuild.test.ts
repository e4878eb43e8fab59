import { rebuildProjection } from '../../store/rebuild.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { santong } from '../support/cli.ts';
import { grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  await grantedCase(api);
  const file = async () => (await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() })).body;
  const act = (account: string, id: string, body: unknown) =>
    api.ask(account, 'POST', `/api/cases/${id}/actions`, { body });
  const [returned, withdrawn, copied] = [await file(), await file(), await file()];
  const taskId = `${returned.id}.requester-lead.1`;
  await act('civil-affairs.lead', returned.id, {
    action: 'return',
    taskId,
    to: 'applicant',
    way: 'again',
    reason: '-',
  });
  await act(REQUESTER, withdrawn.id, { action: 'withdraw' });
  const to = [{ role: 'reviewer', department: 'civil-affairs' }];
  await act(REQUESTER, copied.id, { action: 'copy', to });
  const opinion = { body: { opinion: '拟同意' } };
  await api.ask('civil-affairs.lead', 'PUT', `/api/tasks/${copied.id}.requester-lead.1/draft`, opinion);
  // Nothing may go on by itself while rows are compared.
  const { knex } = api.engine.platform;
  await until(async () => (await knex('cases').where({ status: 'completed' })).length === 1);
}, 120_000);
afterAll(() => api.close());

const inOrder = { cases: ['id'], tasks: ['id'], copies: ['case_id', 'stage', 'role'], opinion_drafts: ['task_id'] };

async function rows() {
  const { knex } = api.engine.platform;
  const read = Object.entries(inOrder).map(async ([table, order]) => [table, await knex(table).orderBy(order)]);
  return Object.fromEntries(await Promise.all(read)) as Record<keyof typeof inOrder, unknown[]>;
}

/** What the events say is taken away; what people know a case by stays. */
async function blank() {
  const { knex } = api.engine.platform;
  await knex('tasks').delete();
  await knex('copies').delete();
  await knex('cases').update({
    ...{ status: 'unknown', stage: null, parties: [], state: 'null', seq: 0, form_version: 0 },
    ...{ due_on: null, updated_at: new Date(0), ended_at: null },
  });
}

test('what lists and inboxes show is built again from the events, row by row as it was', async () => {
  const { knex } = api.engine.platform;
  const before = await rows();
  expect(before.tasks.length).toBeGreaterThan(5);
  expect(before.copies).toHaveLength(1);
  await blank();
  expect(await rows()).not.toEqual(before);
  const seen: number[] = [];
  const done = await rebuildProjection(knex, ({ cases }) => seen.push(cases));
  expect(await rows()).toEqual(before);
  expect(done.cases).toBe(before.cases.length);
  expect(seen.at(-1)).toBe(done.cases);
});

test('an operator does it by a command that needs the database alone', async () => {
  const before = await rows();
  await blank();
  const { dataDir, platform } = api.engine;
  const place = { dataDir, inherited: { PATH: process.env['PATH'], SANTONG_DATABASE_URL: platform.url } };
  const ran = await santong(place, 'rebuild', '--json');
  expect(ran).toMatchObject({ exit: 0, err: '' });
  expect(ran.json.cases).toBe(before.cases.length);
  expect(await rows()).toEqual(before);
});

test('a rebuild that finds no database says what to set, and one that fails says why', async () => {
  const nowhere = await santong({ dataDir: '/tmp' }, 'rebuild');
  expect(nowhere).toMatchObject({ exit: 3, err: expect.stringContaining('SANTONG_DATABASE_URL') });
  const inherited = { SANTONG_DATABASE_URL: 'mysql://somewhere' };
  const wrong = await santong({ dataDir: '/tmp', inherited }, 'rebuild', '--lang', 'en');
  expect(wrong).toMatchObject({ exit: 1, err: expect.stringContaining('must be a postgresql:// address') });
});
