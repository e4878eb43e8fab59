import { addDays } from '../../domain/civil-date.ts';
import { type Api, application, nextYear, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';

let api: Api;
const { from: TODAY } = nextYear();

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterEach(async () => {
  await api.engine.platform.knex('absences').delete();
});
afterAll(() => api.close());

const LEAD = 'civil-affairs.lead';
const REVIEWER = 'civil-affairs.reviewer';

function enter(account: string, body: Record<string, unknown>) {
  return api.ask(account, 'POST', '/api/absences', { body: { from: TODAY, until: addDays(TODAY, 3), ...body } });
}

async function codesOf(account: string, body: Record<string, unknown>): Promise<string[]> {
  const { status, body: answer } = await enter(account, body);
  expect(status).toBe(422);
  return answer.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`);
}

async function file() {
  return (await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() })).body;
}

async function mine(account: string) {
  const { body } = await api.ask(account, 'GET', '/api/tasks?box=mine');
  return body;
}

test('every way in which an absence cannot be entered is told', async () => {
  expect(await codesOf(LEAD, { standIn: 'transport.lead', from: '2020-01-01', until: '2019-01-01' })).toEqual([
    '/standIn StandInElsewhere',
    '/from DayPast',
    '/until DaysReversed',
  ]);
  expect(await codesOf(LEAD, { standIn: LEAD })).toEqual(['/standIn StandInIsAbsent']);
  expect(await codesOf(LEAD, { standIn: 'nobody', until: '2026-02-30' })).toEqual([
    '/standIn PersonUnknown',
    '/until DateUnknown',
  ]);
  expect(await codesOf('data-bureau.lead', { standIn: 'auditor' })).toEqual(['/standIn StandInBarred']);
  expect(await codesOf('admin', { person: 'nobody', standIn: LEAD })).toEqual(['/person PersonUnknown']);
  const { body } = await enter(LEAD, { standIn: LEAD });
  expect(body.errors[0].message).toBe('代理人不能是本人');
});

test('nobody is away twice on a day, and no chain of stand-ins leads back', async () => {
  expect((await enter(LEAD, { standIn: REVIEWER, from: addDays(TODAY, 5), until: addDays(TODAY, 9) })).status).toBe(
    201,
  );
  const overlap = { standIn: REQUESTER, from: TODAY, until: addDays(TODAY, 5) };
  expect(await codesOf(LEAD, overlap)).toEqual(['/from AbsenceOverlaps']);
  expect((await enter(LEAD, { ...overlap, until: addDays(TODAY, 4) })).status).toBe(201);
  const back = { standIn: LEAD, from: addDays(TODAY, 9), until: addDays(TODAY, 12) };
  expect(await codesOf(REVIEWER, back)).toEqual(['/standIn StandInCycle']);
  expect((await enter(REVIEWER, { ...back, standIn: REQUESTER })).status).toBe(201);
  expect(await codesOf(REQUESTER, back)).toEqual(['/standIn StandInCycle']);
  expect((await enter(REQUESTER, { ...back, from: addDays(TODAY, 10) })).status).toBe(201);
});

test('an absence is entered for oneself; an administrator enters that of others, once for each key', async () => {
  expect((await enter(LEAD, { person: REVIEWER, standIn: LEAD })).status).toBe(403);
  const body = { person: LEAD, standIn: REVIEWER, from: TODAY, until: TODAY };
  const first = await api.ask('admin', 'POST', '/api/absences', { body, key: 'away' });
  expect(first).toMatchObject({
    status: 201,
    body: { person: { id: LEAD }, standIn: { id: REVIEWER }, standing: 'in-force', createdBy: { id: 'admin' } },
  });
  const again = await api.ask('admin', 'POST', '/api/absences', { body, key: 'away' });
  expect(again.body.id).toBe(first.body.id);
  const listed = async (account: string) => (await api.ask(account, 'GET', '/api/absences?current=true')).body.items;
  expect(await listed(REVIEWER)).toMatchObject([{ id: first.body.id, actions: [] }]);
  expect(await listed('transport.lead')).toEqual([]);
  expect(await listed('auditor')).toMatchObject([{ id: first.body.id, actions: [] }]);
  expect(await listed('admin')).toMatchObject([{ actions: [{ action: 'end' }] }]);
});

test('the stand-in has the tasks of the absent in the inbox and answers them; both are recorded', async () => {
  const filed = await file();
  const taskId = `${filed.id}.requester-lead.1`;
  const before = await mine(REVIEWER);
  expect(before.items.some(({ id }: { id: string }) => id === taskId)).toBe(false);
  const approve = { action: 'approve', seen: filed.form.digest, onBehalf: LEAD };
  const act = () => api.ask(REVIEWER, 'POST', `/api/tasks/${taskId}/actions`, { body: approve });
  expect(await act()).toMatchObject({ status: 403, body: { code: 'NotTheirStandIn' } });
  expect((await enter(LEAD, { standIn: REVIEWER })).status).toBe(201);
  const inbox = await mine(REVIEWER);
  expect(inbox.counts.mine).toBeGreaterThan(before.counts.mine);
  const task = inbox.items.find(({ id }: { id: string }) => id === taskId);
  expect(task).toMatchObject({ onBehalf: { id: LEAD, name: expect.not.stringContaining('civil') } });
  expect(task.actions).toContainEqual({ action: 'approve', taskId, onBehalf: LEAD });
  expect((await mine(LEAD)).items.find(({ id }: { id: string }) => id === taskId)).toMatchObject({ onBehalf: null });
  expect(await act()).toMatchObject({ status: 200, body: { case: { stage: 'provider-reviewer' } } });
  const { body: events } = await api.ask('auditor', 'GET', `/api/cases/${filed.id}/events`);
  const answered = events.items.find(({ event }: { event: { type: string } }) => event.type === 'answered');
  expect(answered.event).toMatchObject({ actor: REVIEWER, onBehalf: LEAD });
  const { body: shown } = await api.ask('auditor', 'GET', `/api/cases/${filed.id}`);
  expect(shown.stages[0].seats[0].answer).toMatchObject({ by: { id: REVIEWER }, through: [{ id: LEAD }] });
});

test('the applicant answers nothing on behalf of the lead, and finds no such task in the inbox', async () => {
  const filed = await file();
  const taskId = `${filed.id}.requester-lead.1`;
  expect((await enter(LEAD, { standIn: REQUESTER })).status).toBe(201);
  expect((await mine(REQUESTER)).items.some(({ id }: { id: string }) => id === taskId)).toBe(false);
  const body = { action: 'approve', seen: filed.form.digest, onBehalf: LEAD };
  const answer = await api.ask(REQUESTER, 'POST', `/api/tasks/${taskId}/actions`, { body });
  expect(answer).toMatchObject({ status: 403, body: { code: 'OwnRequest' } });
});

test('an auditor who is made a stand-in behind the back of the rules still changes nothing', async () => {
  const { knex } = api.engine.platform;
  const absence = { person_id: 'data-bureau.authority', stand_in_id: 'auditor', created_by: 'admin' };
  await knex('absences').insert({ ...absence, first_day: TODAY, last_day: TODAY });
  const filed = await file();
  const body = { action: 'terminate', reason: '-', onBehalf: 'data-bureau.authority' };
  const answer = await api.ask('auditor', 'POST', `/api/cases/${filed.id}/actions`, { body });
  expect(answer).toMatchObject({ status: 403, body: { code: 'NotAllowed' } });
  expect((await api.ask('auditor', 'GET', `/api/cases/${filed.id}`)).body.actions).toEqual([]);
});

test('an absence ended early ends at once, by those whose business it is, and not twice', async () => {
  const filed = await file();
  const { body: entered } = await enter(LEAD, { standIn: REVIEWER });
  const end = (account: string) => api.ask(account, 'POST', `/api/absences/${entered.id}/end`);
  expect((await end('transport.lead')).status).toBe(404);
  expect((await end(REVIEWER)).status).toBe(403);
  expect(await end(LEAD)).toMatchObject({ status: 200, body: { standing: 'ended', actions: [] } });
  expect(await end('admin')).toMatchObject({ status: 409, body: { code: 'AbsenceOver' } });
  const body = { action: 'approve', seen: filed.form.digest, onBehalf: LEAD };
  const answer = await api.ask(REVIEWER, 'POST', `/api/tasks/${filed.id}.requester-lead.1/actions`, { body });
  expect(answer).toMatchObject({ status: 403, body: { code: 'NotTheirStandIn' } });
});

test('whoever is away is told who could stand in; an administrator for anybody', async () => {
  const idsFor = async (account: string, query = '') =>
    (await api.ask(account, 'GET', `/api/absences/stand-ins${query}`)).body.items.map(({ id }: { id: string }) => id);
  const colleagues = await idsFor(LEAD);
  expect(colleagues).toEqual(expect.arrayContaining([REVIEWER, REQUESTER]));
  expect(colleagues).not.toContain(LEAD);
  expect(await idsFor('admin', `?person=${LEAD}`)).toEqual(colleagues);
  expect(await idsFor('data-bureau.lead')).not.toContain('auditor');
  expect((await api.ask(REVIEWER, 'GET', `/api/absences/stand-ins?person=${LEAD}`)).status).toBe(403);
});
