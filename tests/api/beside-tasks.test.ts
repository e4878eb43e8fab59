import { type Api, application, nextYear, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  const { knex } = api.engine.platform;
  const lead = await knex('people').where({ id: 'civil-affairs.lead' }).first();
  for (const id of ['second.lead', 'gone.lead']) {
    await knex('people').insert({ ...lead, id, name: '周晓', active: id === 'second.lead' });
    await knex('person_roles').insert({ person_id: id, department_id: 'civil-affairs', role: 'sharing-lead' });
  }
}, 120_000);
afterAll(() => api.close());

const LEAD = 'civil-affairs.lead';

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
type Json = any;

async function file(): Promise<{ path: string; seen: string }> {
  const { body } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  return { path: `/api/tasks/${body.id}.requester-lead.1`, seen: body.form.digest };
}

const keep = (account: string, path: string, opinion: string) =>
  api.ask(account, 'PUT', `${path}/draft`, { body: { opinion } });

test('an opinion begun is kept for its author alone, and goes once the task is answered', async () => {
  const { path, seen } = await file();
  const draftOf = async (account: string) => (await api.ask(account, 'GET', path)).body.draft;
  expect(await draftOf(LEAD)).toBeNull();
  expect(await keep(LEAD, path, '拟同意，')).toMatchObject({ status: 200, body: { opinion: '拟同意，' } });
  await keep(LEAD, path, '拟同意，范围适当');
  await keep('second.lead', path, '再想想');
  expect(await draftOf(LEAD)).toMatchObject({ opinion: '拟同意，范围适当' });
  expect(await draftOf('second.lead')).toMatchObject({ opinion: '再想想' });
  expect(await draftOf(REQUESTER)).toBeNull();
  const { body: inbox } = await api.ask(LEAD, 'GET', '/api/tasks');
  expect(inbox.items.find(({ id }: Json) => path.endsWith(id)).draft.opinion).toBe('拟同意，范围适当');
  await api.ask(LEAD, 'POST', `${path}/actions`, { body: { action: 'approve', seen, opinion: '同意' } });
  expect(await api.engine.platform.knex('opinion_drafts').where({ task_id: path.split('/').pop() })).toEqual([]);
  expect((await api.ask(LEAD, 'GET', `${path}/draft`)).status).toBe(404);
  expect(await keep(LEAD, path, '迟了')).toMatchObject({ status: 409, body: { code: 'AlreadyDecided' } });
  const { body: history } = await api.ask(
    'auditor',
    'GET',
    `/api/cases/${path.split('/').pop()?.split('.')[0]}/history`,
  );
  const payloads = [...JSON.stringify(history).matchAll(/"data":"([^"]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString(),
  );
  expect(payloads.some((text) => text.includes('范围适当'))).toBe(false);
});

test('who cannot answer the task keeps no opinion at it; an author throws the own one away', async () => {
  const { path } = await file();
  expect(await keep(REQUESTER, path, 'x')).toMatchObject({ status: 403, body: { code: 'NotAllowed' } });
  expect(await keep('civil-affairs.reviewer', path, 'x')).toMatchObject({ status: 403, body: { code: 'NotYourTask' } });
  expect((await keep(LEAD, path, ' ')).status).toBe(422);
  expect((await keep(LEAD, path, '字'.repeat(4_001))).status).toBe(422);
  expect((await keep(LEAD, path, '字'.repeat(4_000))).status).toBe(200);
  expect((await api.ask('second.lead', 'DELETE', `${path}/draft`)).status).toBe(404);
  expect((await api.ask(LEAD, 'DELETE', `${path}/draft`)).status).toBe(204);
  expect((await api.ask(LEAD, 'GET', `${path}/draft`)).status).toBe(404);
});

test('a task is handed to those of the department whom the kernel would accept, in the ways that it would', async () => {
  const { path, seen } = await file();
  const recipients = async (account: string) => {
    const { status, body } = await api.ask(account, 'GET', `${path}/recipients`);
    expect(status).toBe(200);
    return body.items as Json[];
  };
  const own = await recipients(LEAD);
  const people = own.map(({ person }) => person.id);
  expect(people).toContain('second.lead');
  // Not the applicant, nor who is not active any more, nor anybody of another department.
  expect(people).not.toEqual(expect.arrayContaining([REQUESTER]));
  expect(people).not.toContain('gone.lead');
  expect(own.every(({ department }) => department.id === 'civil-affairs')).toBe(true);
  const second = own.find(({ person }) => person.id === 'second.lead');
  expect(second).toMatchObject({ person: { name: '周晓' }, roles: ['sharing-lead'] });
  expect(second.actions.map(({ action }: Json) => action)).toEqual(['reassign', 'delegate', 'addSeat']);
  for (const { person, actions } of own) {
    for (const { action } of actions as { action: string }[]) {
      const { path: other } = await file();
      const place = action === 'addSeat' ? { place: 'beside' } : {};
      const reason = action === 'reassign' ? { reason: '-' } : {};
      const body = { action, to: person.id, ...place, ...reason };
      expect(await api.ask(LEAD, 'POST', `${other}/actions`, { body })).toMatchObject({ status: 200 });
    }
  }
  const authority = await recipients('data-bureau.authority');
  expect(authority.find(({ person }) => person.id === 'second.lead').actions).toEqual([{ action: 'reassign' }]);
  expect(await recipients('civil-affairs.reviewer')).toEqual([]);
  await api.ask(LEAD, 'POST', `${path}/actions`, { body: { action: 'approve', seen } });
  expect(await recipients(LEAD)).toEqual([]);
});

test('a stand-in hands on what the absent could', async () => {
  const { path } = await file();
  const { from } = nextYear();
  const absence = { standIn: 'civil-affairs.reviewer', from, until: from };
  await api.ask(LEAD, 'POST', '/api/absences', { body: absence });
  const { body } = await api.ask('civil-affairs.reviewer', 'GET', `${path}/recipients`);
  const second = body.items.find(({ person }: Json) => person.id === 'second.lead');
  expect(second.actions).toContainEqual({ action: 'delegate', onBehalf: LEAD });
  expect((await keep('civil-affairs.reviewer', path, '代拟')).status).toBe(200);
});

test('a case is told of to the departments that it concerns and to the authority, to nobody else', async () => {
  const { path } = await file();
  const caseId = path.split('/').pop()?.split('.')[0];
  const copy = (...departments: string[]) =>
    api.ask(REQUESTER, 'POST', `/api/cases/${caseId}/actions`, {
      body: { action: 'copy', to: departments.map((department) => ({ role: 'sharing-lead', department })) },
    });
  const refused = await copy('civil-affairs', 'transport', 'moon');
  expect(refused).toMatchObject({ status: 422, body: { code: 'Invalid' } });
  expect(refused.body.errors).toMatchObject([
    { pointer: '/to/1/department', code: 'DepartmentNotAParty', message: '部门“transport”不是该事项的当事方' },
    { pointer: '/to/2/department' },
  ]);
  expect((await copy('civil-affairs', 'public-security', 'data-bureau')).status).toBe(200);
});
