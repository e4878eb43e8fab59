import { type Api, application, type Ask, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

const LEAD = 'civil-affairs.lead';

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
type Json = any;

async function file(): Promise<{ taskId: string; seen: string; id: string }> {
  const { body } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  return { taskId: `${body.id}.requester-lead.1`, seen: body.form.digest, id: body.id };
}

function decide(account: string, body: Json, ask: Ask = {}) {
  return api.ask(account, 'POST', '/api/tasks/actions', { body, ...ask });
}

const chosen = ({ taskId, seen }: { taskId: string; seen: string }) => ({ taskId, seen });

test('many tasks are approved with one opinion, and what one refuses holds up no other', async () => {
  const filed = await Promise.all(Array.from({ length: 6 }, file));
  const [stale, ...sound] = filed.map(chosen);
  const tasks = [{ ...stale, seen: '0'.repeat(64) }, ...sound, { taskId: 'no-such-task', seen: '0'.repeat(64) }];
  const body = { action: 'approve', tasks, opinion: '同意' };
  const answer = await decide(LEAD, body, { key: 'six' });
  expect(answer).toMatchObject({ status: 200, body: { counts: { done: 5, refused: 2, pending: 0 } } });
  expect(answer.body.items.map(({ taskId }: Json) => taskId)).toEqual(tasks.map(({ taskId }) => taskId));
  expect(answer.body.items[0]).toMatchObject({
    status: 'refused',
    problem: {
      code: 'FormChanged',
      errors: [{ pointer: '/seen' }],
      status: 409,
      title: '申请内容已变更，请重新查看后再办理',
    },
  });
  expect(answer.body.items[1]).toMatchObject({ status: 'done', case: { status: 'in-approval' }, problem: null });
  expect(answer.body.items[6].problem).toMatchObject({ code: 'NotFound', type: '/problems/not-found' });
  const { command } = answer.body.items[1];
  const { body: asked } = await api.ask(LEAD, 'GET', `/api/commands/${command}`);
  expect(asked).toMatchObject({ status: 'done', action: 'approve', target: { kind: 'case', id: filed[1]?.id } });
  const { body: events } = await api.ask(LEAD, 'GET', `/api/cases/${filed[1]?.id}/events`);
  expect(events.items.find(({ event }: Json) => event.type === 'answered').event).toMatchObject({ opinion: '同意' });
});

test('repeated under its key a batch tells the same and decides nothing twice; another batch is refused the key', async () => {
  const tasks = (await Promise.all([file(), file()])).map(chosen);
  const body = { action: 'approve', tasks: [...tasks, { taskId: 'nothing', seen: '0'.repeat(64) }] };
  const [first, second] = await Promise.all([decide(LEAD, body, { key: 'same' }), decide(LEAD, body, { key: 'same' })]);
  expect(first?.body).toEqual(second?.body);
  expect(first?.body.counts).toEqual({ done: 2, refused: 1, pending: 0 });
  expect((await decide(LEAD, body, { key: 'same' })).body).toEqual(first?.body);
  const other = await decide(LEAD, { ...body, opinion: '也同意' }, { key: 'same' });
  expect(other).toMatchObject({ status: 422, body: { code: 'IdempotencyKeyReused' } });
  const fresh = await decide(LEAD, body);
  expect(fresh.body.items[0].problem).toMatchObject({ code: 'AlreadyDecided' });
  const { body: command } = await api.ask(LEAD, 'GET', `/api/commands/${first?.body.id}`);
  expect(command).toMatchObject({ status: 'done', target: { kind: 'task-batch', href: '/api/tasks' } });
});

test('what a process left half done is finished under the same keys', async () => {
  const tasks = (await Promise.all([file(), file()])).map(chosen);
  const body = { action: 'reject', tasks, reason: { code: 'beyond-necessity', text: '超出必要' } };
  const { body: first } = await decide(LEAD, body, { key: 'half' });
  expect(first.items).toMatchObject([{ case: { status: 'refused' } }, { case: { status: 'refused' } }]);
  const { knex } = api.engine.platform;
  await knex('commands').where({ id: first.id }).update({ status: 'pending', outcome: null, settled_at: null });
  await knex('commands').where({ id: first.items[1].command }).delete();
  const { body: again } = await decide(LEAD, body, { key: 'half' });
  expect(again).toEqual(first);
});

test('who may not decide is refused each task; a batch is for approving and rejecting, of a hundred at most', async () => {
  const one = await file();
  const approve = { action: 'approve', tasks: [chosen(one)] };
  const refused = async (account: string) => (await decide(account, approve)).body.items[0].problem.code;
  expect(await refused(REQUESTER)).toBe('NotAllowed');
  expect(await refused('public-security.lead')).toBe('NotYourTask');
  expect(await refused('transport.lead')).toBe('NotFound');
  const faults = async (body: Json) => (await decide(LEAD, body)).body.errors.map((fault: Json) => fault.pointer);
  expect(await faults({ action: 'reassign', tasks: [chosen(one)] })).toEqual(['/action']);
  expect(await faults({ action: 'reject', tasks: [chosen(one)] })).toEqual(['/reason']);
  expect(await faults({ action: 'approve', tasks: [] })).toEqual(['/tasks']);
  expect(await faults({ action: 'approve', tasks: [chosen(one), chosen(one)] })).toEqual(['/tasks']);
  const many = Array.from({ length: 101 }, (_, at) => ({ taskId: `t${at}`, seen: one.seen }));
  expect(await faults({ action: 'approve', tasks: many })).toEqual(['/tasks']);
});
