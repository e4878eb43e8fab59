import { type Api, application, startApi } from '../support/api.ts';
import { FORM_OF_2027, NOTICE_OF_2027, NOTICES } from '../support/notices.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
beforeEach(() => api.engine.platform.knex('calendars').where('version', '>', 1).delete());
afterAll(() => api.close());

const AUTHORITY = 'data-bureau.authority';
const preview = (body: unknown, account = AUTHORITY) => api.ask(account, 'POST', '/api/calendars/preview', { body });
const send = (body: unknown, key?: string) =>
  api.ask(AUTHORITY, 'POST', '/api/calendars', key === undefined ? { body } : { body, key });

test('a notice is looked at first, then imported, and the year is official for everybody', async () => {
  const looked = await preview({ text: NOTICE_OF_2027 });
  expect(looked).toMatchObject({
    status: 200,
    body: { year: 2027, standing: 'provisional', isNew: true, source: '国办发明电〔2026〕9号', remarks: [] },
  });
  expect(looked.body.changes).toHaveLength(18);
  expect((await api.ask('transport.requester', 'GET', '/api/calendars')).body.items).toHaveLength(1);

  const imported = await send({ text: NOTICE_OF_2027 });
  expect(imported.status).toBe(201);
  expect(imported.headers.get('Location')).toBe('/api/calendars/2');
  expect(imported.body).toMatchObject({
    version: 2,
    noticeYear: 2027,
    importedBy: { id: AUTHORITY },
    changes: looked.body.changes,
    actions: [{ action: 'import' }],
  });
  const shown = await api.ask('transport.requester', 'GET', '/api/calendars/2?year=2027');
  expect(shown.body).toMatchObject({ actions: [], official: expect.arrayContaining([2027]) });
  expect(shown.body.days).toContainEqual({ date: '2027-02-14', kind: 'make-up', standing: 'official' });
  expect(shown.body.days.every(({ date }: { date: string }) => date.startsWith('2027-'))).toBe(true);
  const { body } = await api.ask('transport.requester', 'GET', '/api/calendars/1?year=2027');
  expect(body.days.map(({ standing }: { standing: string }) => standing)).toContain('provisional');
});

test('sent again under the same key or another it is the same version, and another notice under that key is refused', async () => {
  expect((await send({ text: NOTICE_OF_2027 }, 'first')).body.version).toBe(2);
  expect(await send({ text: NOTICE_OF_2027 }, 'first')).toMatchObject({ status: 200, body: { version: 2 } });
  expect(await send({ notice: FORM_OF_2027, source: '手工录入' })).toMatchObject({ status: 200, body: { version: 2 } });
  expect((await send({ text: NOTICES[2026] }, 'first')).body.code).toBe('IdempotencyKeyReused');
  const kept = await api.ask(AUTHORITY, 'GET', `/api/commands/${AUTHORITY}:first`);
  expect(kept.body).toMatchObject({ status: 'done', target: { href: '/api/calendars/2' }, action: 'importCalendar' });
  expect((await preview({ text: NOTICE_OF_2027 })).body).toMatchObject({ isNew: false, changes: [] });
  expect((await api.ask(AUTHORITY, 'GET', '/api/calendars?limit=1')).body).toMatchObject({ items: [{ version: 2 }] });
});

test('everything that is wrong with a notice is told at once, with its lines, in the language asked for', async () => {
  const text = NOTICE_OF_2027.replace('（周日）、2月20日', '（周六）、2月19日').replace('国办发明电〔2026〕9号', '');
  const headers = { 'Accept-Language': 'en' };
  const zh = await send({ text });
  const en = await api.ask(AUTHORITY, 'POST', '/api/calendars', { body: { text }, headers });
  expect([zh.status, en.status]).toEqual([422, 422]);
  expect(zh.body.errors).toEqual([
    { pointer: '/text', code: 'WeekdayWrong', message: '第5行：2027-02-14是星期日，不是星期六' },
    { pointer: '/text', code: 'WeekdayWrong', message: '第5行：2027-02-19是星期五，不是星期六' },
    { pointer: '/text', code: 'MakeUpNotWeekend', message: '第5行：补班日2027-02-19不是周末' },
    { pointer: '/source', code: 'Required', message: '此项必填' },
  ]);
  expect(en.body.errors[2].message).toBe('line 5: The make-up day 2027-02-19 is not a weekend day');
  expect((await api.ask(AUTHORITY, 'GET', '/api/calendars')).body.items).toHaveLength(1);
});

test.each([
  [{}, ['/text Required']],
  [{ text: '通知', csv: 'date' }, ['/csv OneFormOnly']],
  [{ text: 'a\u0000' }, ['/text ForbiddenCharacter']],
  [
    { notice: { year: 2027, holidays: [{ name: '元旦', from: '1月1日', to: '2027-01-01' }], makeUpDays: [7] } },
    ['/notice/holidays/0/from Malformed', '/notice/makeUpDays/0 WrongType'],
  ],
  [{ text: '通知', note: '急' }, ['/note UnknownMember']],
])('%j is no notice', async (body, expected) => {
  const answer = await send(body);
  expect(answer.status).toBe(422);
  const told = answer.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`);
  expect(told).toEqual(expected);
});

test('auditors and departments read the calendar and import nothing; who is both auditor and authority imports nothing', async () => {
  for (const account of ['auditor', 'civil-affairs.lead', 'integrator']) {
    expect((await preview({ text: NOTICE_OF_2027 }, account)).status).toBe(403);
    expect((await api.ask(account, 'GET', '/api/calendars/1')).body.actions).toEqual([]);
  }
  await api.engine.platform
    .knex('person_roles')
    .insert({ person_id: 'auditor', department_id: 'data-bureau', role: 'authority' });
  expect((await preview({ text: NOTICE_OF_2027 }, 'auditor')).status).toBe(403);
});

test('the preview names the due dates of running cases that would move, and a case filed afterwards counts by the new version', async () => {
  const filed = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { body: application() });
  const { knex } = api.engine.platform;
  const clocks = {
    reply: {
      clock: 'reply',
      limit: { kind: 'reply', legal: 10, onSupplement: 'restart' },
      startedOn: '2027-01-25',
      dueOn: '2027-02-10',
      pausedFor: [],
      stopped: false,
    },
  };
  await knex('cases')
    .where({ id: filed.body.id })
    .update({ state: knex.raw(`jsonb_set(state, '{clocks}', ?)`, [JSON.stringify(clocks)]) });
  const moved = { caseId: filed.body.id, clock: 'reply', from: '2027-02-10', to: '2027-02-15', isProvisional: false };
  expect((await preview({ text: NOTICE_OF_2027 })).body).toMatchObject({
    cases: 1,
    dueDates: { moved: 1, first: [moved] },
  });

  await send({ text: NOTICE_OF_2027 });
  const after = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { body: application() });
  const { state } = await knex('cases').first('state').where({ id: after.body.id });
  expect(state.calendar).toMatchObject({ version: 2, official: expect.arrayContaining([2027]) });
});
