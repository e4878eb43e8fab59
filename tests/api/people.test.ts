import { type Api, application, startApi } from '../support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

const NEW = { name: '林晓', department: 'transport', roles: ['requester'] };
const any = { 'If-Match': '*' };

const add = (id: string, changes: object = {}) =>
  api.ask('admin', 'POST', '/api/people', { body: { id, ...NEW, ...changes } });
const act = (id: string, action: string, account = 'admin') =>
  api.ask(account, 'POST', `/api/people/${id}/actions`, { body: { action } });
const login = (account: string, password: string) =>
  api.ask(null, 'POST', '/api/session', { body: { account, password }, key: null });

function bearer(token: string) {
  const headers = { Authorization: `Bearer ${token}` };
  return (method: string, path: string, body?: unknown) =>
    api.ask(null, method, path, body === undefined ? { headers } : { headers, body });
}

const codes = (answer: { body: { errors: { pointer: string; code: string }[] } }) =>
  answer.body.errors.map(({ pointer, code }) => `${pointer} ${code}`);

test('somebody who is added logs in once with what was shown, chooses a password, and only then gets in', async () => {
  const key = 'add-new-1';
  const body = { id: 'new-1', ...NEW };
  const made = await api.ask('admin', 'POST', '/api/people', { body, key });
  expect(made).toMatchObject({ status: 201, body: { mustChangePassword: true, active: true, roles: ['requester'] } });
  expect((await api.ask('admin', 'POST', '/api/people', { body, key })).body.oneTimePassword).toBeNull();
  const first = await login('new-1', made.body.oneTimePassword);
  expect(first).toMatchObject({ status: 201, body: { mustChangePassword: true } });
  const other = bearer((await login('new-1', made.body.oneTimePassword)).body.token);
  const own = bearer(first.body.token);
  expect(await own('GET', '/api/tasks')).toMatchObject({ status: 403, body: { code: 'PasswordToChange' } });
  expect((await own('GET', '/api/me')).status).toBe(200);
  const choose = (current: string, next: string) => own('PUT', '/api/me/password', { current, next });
  expect(codes(await choose('something else', 'something else'))).toEqual([
    '/current PasswordWrong',
    '/next PasswordSame',
  ]);
  const same = await choose(made.body.oneTimePassword, made.body.oneTimePassword);
  expect(codes(same)).toEqual(['/next PasswordSame']);
  expect(codes(await choose(made.body.oneTimePassword, 'my new-1 password'))).toEqual(['/next PasswordLikeAccount']);
  expect((await choose(made.body.oneTimePassword, 'a long password')).status).toBe(204);
  expect((await own('GET', '/api/tasks')).status).toBe(200);
  expect((await other('GET', '/api/me')).status).toBe(401);
  expect((await login('new-1', made.body.oneTimePassword)).status).toBe(401);
});

test('all that is wrong with a person is told at once', async () => {
  expect(codes(await add('admin', { department: 'nowhere', roles: ['auditor', 'reviewer'] }))).toEqual([
    '/id AccountTaken',
    '/department DepartmentUnknown',
    '/roles RoleElsewhere',
    '/roles RoleBesideWatch',
  ]);
  const change = (id: string, body: object) => api.ask('admin', 'PATCH', `/api/people/${id}`, { body, headers: any });
  expect(codes(await change('admin', { roles: ['authority'] }))).toEqual([
    '/roles OwnAccount',
    '/roles LastAdministrator',
  ]);
  expect((await act('admin', 'deactivate')).body.code).toBe('AccountStanding');
});

test('roles hold from the next request on; a late change is refused; who changed what is on record', async () => {
  await add('new-2');
  const before = await api.ask('admin', 'GET', '/api/people/new-2');
  const etag = before.headers.get('ETag') ?? '';
  const change = (headers: Record<string, string>) =>
    api.ask('admin', 'PATCH', '/api/people/new-2', {
      body: { roles: ['reviewer'], department: 'civil-affairs' },
      headers,
    });
  expect((await change({})).status).toBe(428);
  expect((await change({ 'If-Match': etag })).body).toMatchObject({
    roles: ['reviewer'],
    department: { id: 'civil-affairs' },
  });
  expect((await change({ 'If-Match': etag })).status).toBe(412);
  const { body } = await api.ask('auditor', 'GET', '/api/people/new-2');
  expect(body.actions).toEqual([]);
  expect(body.changes).toMatchObject([
    {
      action: 'change',
      by: { id: 'admin' },
      before: { department: 'transport', roles: ['requester'] },
      after: { department: 'civil-affairs', roles: ['reviewer'] },
    },
    { action: 'add', after: NEW },
  ]);
  expect(body.changes[0].after).not.toHaveProperty('name');
});

test('a deactivated account is out at once, and can be let in again; a reset password holds once', async () => {
  const { body: made } = await add('new-3');
  const own = bearer((await login('new-3', made.oneTimePassword)).body.token);
  expect((await act('new-3', 'deactivate')).body).toMatchObject({
    active: false,
    actions: [{ action: 'change' }, { action: 'activate' }],
  });
  expect((await own('GET', '/api/me')).status).toBe(401);
  expect((await login('new-3', made.oneTimePassword)).status).toBe(401);
  expect(await act('new-3', 'deactivate')).toMatchObject({ status: 409, body: { code: 'AccountStanding' } });
  expect((await act('new-3', 'activate')).body.active).toBe(true);
  const { body: reset } = await act('new-3', 'reset-password');
  expect(reset.mustChangePassword).toBe(true);
  expect((await login('new-3', made.oneTimePassword)).status).toBe(401);
  expect((await login('new-3', reset.oneTimePassword)).status).toBe(201);
});

test('a locked account is unlocked', async () => {
  const { body: made } = await add('new-4');
  for (let tries = 0; tries < 5; tries += 1) await login('new-4', 'wrong');
  expect((await login('new-4', made.oneTimePassword)).status).toBe(429);
  const { body: locked } = await api.ask('admin', 'GET', '/api/people/new-4');
  expect(locked.lockedUntil).not.toBeNull();
  expect((await act('new-4', 'unlock')).body.lockedUntil).toBeNull();
  expect((await login('new-4', made.oneTimePassword)).status).toBe(201);
});

test('people are found by part of a name, department, role and standing, page by page', async () => {
  await add('finder-a', { name: '单找甲' });
  await add('finder-b', { name: '单找乙', roles: ['reviewer'] });
  await act('finder-b', 'deactivate');
  const idsOf = async (query: string) =>
    (await api.ask('admin', 'GET', `/api/people?${query}`)).body.items.map(({ id }: { id: string }) => id);
  expect(await idsOf(`q=${encodeURIComponent('单找')}`)).toEqual(['finder-a', 'finder-b']);
  expect(await idsOf('q=FINDER&active=true')).toEqual(['finder-a']);
  expect(await idsOf('q=finder&role=reviewer&department=transport')).toEqual(['finder-b']);
  expect(await idsOf('q=santong')).toEqual([]);
  const { body } = await api.ask('admin', 'GET', '/api/people?q=finder&limit=1');
  expect(await idsOf(`q=finder&limit=1&cursor=${body.nextCursor}`)).toEqual(['finder-b']);
});

test('a department is added, is ended once nobody is left in it, and takes nobody then', async () => {
  const code = '11370000MB0000009X';
  const one = { id: 'harbour', name: '明湖市港航局', nameEn: 'Harbour Bureau', creditCode: code };
  const make = (body: object) => api.ask('admin', 'POST', '/api/departments', { body });
  expect(await make(one)).toMatchObject({ status: 201, body: { people: 0, endedAt: null } });
  expect(codes(await make({ ...one, id: 'transport' }))).toEqual([
    '/id DepartmentTaken',
    '/creditCode CreditCodeTaken',
  ]);
  const { body: made } = await add('new-5', { department: 'harbour' });
  expect(made.department).toEqual({ id: 'harbour', name: '明湖市港航局', nameEn: 'Harbour Bureau' });
  const end = () => api.ask('admin', 'PATCH', '/api/departments/harbour', { body: { ended: true }, headers: any });
  const peopled = await end();
  expect(peopled.body.errors[0].message).toBe('该部门还有 1 个在用账号，先把他们调走或停用');
  await act('new-5', 'deactivate');
  expect((await end()).body.endedAt).not.toBeNull();
  expect(codes(await add('new-6', { department: 'harbour' }))).toEqual(['/department DepartmentOver']);
  const { body } = await api.ask('auditor', 'GET', '/api/directory');
  expect(body.items.at(-1)).toMatchObject({ id: 'harbour', actions: [] });
});

test('what was changed of whom is listed for auditors, page by page', async () => {
  await add('new-7', { name: '单记录' });
  await act('new-7', 'deactivate');
  const { body: first } = await api.ask('auditor', 'GET', '/api/directory/changes?limit=1');
  expect(first.items).toMatchObject([
    { kind: 'person', id: 'new-7', name: '单记录', action: 'deactivate', by: { id: 'admin' } },
  ]);
  const { body: next } = await api.ask('auditor', 'GET', `/api/directory/changes?limit=1&cursor=${first.nextCursor}`);
  expect(next.items).toMatchObject([{ id: 'new-7', action: 'add', after: { name: '单记录' } }]);
});

test('what waits for somebody is told, with who else could do it', async () => {
  await api.engine.startWorkers();
  const { body: filed } = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', {
    body: application(),
  });
  const tasksOf = async (id: string) => (await api.ask('admin', 'GET', `/api/people/${id}`)).body.openTasks;
  const task = { caseId: filed.id, number: filed.number, role: 'sharing-lead', isTheirs: false };
  expect(await tasksOf('civil-affairs.lead')).toMatchObject([{ ...task, others: 0 }]);
  expect(await tasksOf('transport.lead')).toEqual([]);
  await add('new-8', { department: 'civil-affairs', roles: ['sharing-lead'] });
  expect(await tasksOf('civil-affairs.lead')).toMatchObject([{ ...task, others: 1 }]);
  await api.engine.platform.knex('tasks').where({ case_id: filed.id }).update({ holder_id: 'new-8' });
  expect(await tasksOf('civil-affairs.lead')).toEqual([]);
  expect(await tasksOf('new-8')).toMatchObject([{ isTheirs: true }]);
});
