import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays } from '../../domain/civil-date.ts';
import { type Api, application, nextYear, startApi } from '../support/api.ts';
import { type Ran, santong } from '../support/cli.ts';
import { routeBodyOf } from '../support/routes.ts';

let api: Api;
let folder: string;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  folder = await mkdtemp(join(tmpdir(), 'santong-cli-'));
}, 120_000);
afterAll(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

const LEAD = 'civil-affairs.lead';
const REVIEWER = 'civil-affairs.reviewer';
const REQUESTER = 'civil-affairs.requester';
const AUTHORITY = 'data-bureau.authority';
const { from: TODAY } = nextYear();

function as(account: string, ...args: readonly string[]): Promise<Ran> {
  return santong({ dataDir: api.engine.dataDir, url: api.url }, '--account', account, ...args, '--json');
}

async function file(): Promise<string> {
  const { body } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  return body.id;
}

/** Does something to a case; the case as it is then. */
async function act(account: string, id: string, ...args: readonly string[]) {
  const ran = await as(account, 'case', 'act', id, ...args);
  if (ran.exit !== 0) throw new Error(`${args.join(' ')}: ${ran.err}`);
  return ran.json.case;
}

test('a case is returned, handed in again, delegated, advised on, handed on and taken back from the command line', async () => {
  const id = await file();
  const returned = await act(LEAD, id, 'return', '--reason', '请写明依据', '--way', 'straight');
  expect(returned.status).toBe('returned');
  const changes = join(folder, 'changes.json');
  await writeFile(changes, JSON.stringify({ legalBasis: '《社会救助暂行办法》第五十九条' }));
  expect((await act(REQUESTER, id, 'resubmit', '--form', changes)).status).toBe('in-approval');
  await act(LEAD, id, 'delegate', '--to', REVIEWER, '--note', '请看');
  await act(LEAD, id, 'recall');
  await act(LEAD, id, 'delegate', '--to', REVIEWER);
  await act(REVIEWER, id, 'advise', '--opinion', '可以');
  expect((await act(LEAD, id, 'approve', '--opinion', '同意')).stage).toBe('provider-reviewer');
  expect((await act(LEAD, id, 'take-back', '--reason', '再想想')).stage).toBe('requester-lead');
});

test('an approver is added and removed, and a task is handed over for good', async () => {
  const id = await file();
  await act(LEAD, id, 'add-seat', '--to', REVIEWER, '--place', 'before', '--note', '请先看');
  const [open, added] = [`${id}.requester-lead.1`, `${id}.requester-lead.1-2`];
  expect((await as(LEAD, 'task', 'act', open, 'approve')).json.error.code).toBe('NotYetYourTurn');
  await act(LEAD, id, 'remove-seat', '--task', added, '--reason', '不必了');
  const { knex } = api.engine.platform;
  const role = { person_id: REVIEWER, department_id: 'civil-affairs', role: 'sharing-lead' };
  await knex('person_roles').insert(role);
  await act(LEAD, id, 'reassign', '--task', open, '--to', REVIEWER, '--reason', '出差');
  await knex('person_roles').where(role).delete();
  expect((await as(LEAD, 'task', 'act', open, 'approve')).json.error.code).toBe('NotYourTask');
});

test('urging, telling others, commenting, suspending, resuming and terminating', async () => {
  const id = await file();
  await act(REQUESTER, id, 'urge', '--note', '请尽快');
  await act(REQUESTER, id, 'copy', '--to', 'reviewer@civil-affairs', 'sharing-lead@civil-affairs', '--note', '请知悉');
  await act(REQUESTER, id, 'comment', '--text', '已电话联系');
  const later = addDays(TODAY, 10);
  expect((await act(AUTHORITY, id, 'suspend', '--reason', '核查', '--review-on', later)).status).toBe('suspended');
  expect((await act(AUTHORITY, id, 'resume', '--reason', '核查完毕')).status).toBe('in-approval');
  const asked = await as('public-security.reviewer', 'case', 'act', id, 'ask-extension', '--clock', 'x', '--days', '3');
  expect([6, 7, 8, 5]).toContain(asked.exit);
  expect((await act(AUTHORITY, id, 'terminate', '--reason', '不再需要')).status).toBe('terminated');
  expect((await as(REQUESTER, 'case', 'act', id, 'refile')).exit).toBe(7);
});

test('a stand-in is named, sees the task in the inbox, answers it, and is dismissed', async () => {
  const id = await file();
  const add = ['absence', 'add', '--stand-in', REVIEWER, '--from', TODAY, '--until', TODAY];
  const added = await as(LEAD, ...add);
  expect(added).toMatchObject({ exit: 0 });
  expect((await as(LEAD, ...add)).exit).toBe(8);
  const inbox = await as(REVIEWER, 'task', 'list');
  const task = inbox.json.items.find((one: { case: { id: string } }) => one.case.id === id);
  expect(task.onBehalf.id).toBe(LEAD);
  const done = await as(REVIEWER, 'task', 'act', task.id, 'approve', '--on-behalf', LEAD);
  expect(done.json.case.stage).toBe('provider-reviewer');
  const listed = await santong({ dataDir: api.engine.dataDir, url: api.url }, '--account', LEAD, 'absence', 'list');
  expect(listed.out).toContain('生效中');
  expect((await as(REVIEWER, 'absence', 'end', added.json.id)).exit).toBe(5);
  expect((await as(LEAD, 'absence', 'end', added.json.id)).json.standing).toBe('ended');
});

test('a route is shown, drafted, checked, published and running cases are moved to it', async () => {
  const ROUTE = 'share-request/conditional';
  const id = await file();
  const plain = await santong({ dataDir: api.engine.dataDir, url: api.url }, '--account', LEAD, 'route', 'show', ROUTE);
  expect(plain.out).toContain('提供部门审核员 (provider-reviewer)');
  expect(plain.out).toContain('10个工作日');
  const { json: routes } = await as(LEAD, 'route', 'list');
  expect(routes.items).toContainEqual(expect.objectContaining({ id: ROUTE }));
  const route = await routeBodyOf(api);
  const path = join(folder, 'route.json');
  route.root.blocks[1].clock.promise = 20;
  await writeFile(path, JSON.stringify(route));
  const bad = await as(AUTHORITY, 'route', 'draft', ROUTE, '--file', path);
  const faulty = await as(AUTHORITY, 'route', 'validate', ROUTE, bad.json.id);
  expect(faulty).toMatchObject({ exit: 8, json: { faults: [{ pointer: '/root/blocks/1/clock/promise' }] } });
  expect((await as(AUTHORITY, 'route', 'publish', ROUTE, bad.json.id)).exit).toBe(8);
  const draft = await as(AUTHORITY, 'route', 'draft', ROUTE, '--from', '2');
  expect((await as(AUTHORITY, 'route', 'validate', ROUTE, draft.json.id)).exit).toBe(0);
  expect((await as(LEAD, 'route', 'publish', ROUTE, draft.json.id)).exit).toBe(5);
  const published = await as(AUTHORITY, 'route', 'publish', ROUTE, draft.json.id, '--note', '同前');
  expect(published.json.version).toBe(3);
  const look = await as(AUTHORITY, 'route', 'migrate', ROUTE, '--to', '3', '--dry-run');
  const itemOf = ({ json }: Ran) => json.items.find(({ caseId }: { caseId: string }) => caseId === id);
  expect(itemOf(look)).toMatchObject({ outcome: 'would-move', from: 2 });
  const moved = await as(AUTHORITY, 'route', 'migrate', ROUTE, '--to', '3', '--case', id);
  expect(moved).toMatchObject({ exit: 0, json: { counts: { moved: 1 } } });
  const again = await as('auditor', 'route', 'migration', ROUTE, moved.json.id);
  expect(itemOf(again)).toMatchObject({ outcome: 'moved' });
  expect((await as(AUTHORITY, 'route', 'migrate', ROUTE, '--to', '3', '--case', 'no-such')).exit).toBe(7);
});
