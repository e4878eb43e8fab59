import { changedProcessForm } from '../../api/process-form.ts';
import { addDays } from '../../domain/civil-date.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { findCase } from '../../store/cases.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { draftBy, entryBody } from '../support/drafts.ts';
import { REQUESTER } from '../support/grant.ts';
import { AUTHORITY, LEAD, type Publishing, publishing, REJECTION, REVIEWER, TODAY } from '../support/publishing.ts';
import { until } from '../support/until.ts';

let api: Api;
let by: Publishing;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  by = await publishing(api);
}, 120_000);
afterAll(() => api.close());

const draftOf = async (id: string) => (await api.ask(REVIEWER, 'GET', `/api/catalogue/drafts/${id}`)).body;

test('a draft is filed, agreed to by the lead, published by the authority with its codes, and all departments are told', async () => {
  const { id, entryId } = (await draftBy(api, REVIEWER)).body;
  const filed = await by.file({ draftId: id }, { kind: 'publish', ...by.assessed() });
  expect(filed).toMatchObject({
    status: 201,
    body: {
      title: '目录发布：居住证持有人',
      entry: { id: entryId, version: null },
      status: 'in-approval',
      stage: 'lead',
    },
  });
  expect(filed.body.number).toMatch(/^ML-\d{4}-\d{6}$/);
  expect(filed.body.content.draft).toMatchObject({ id, revision: 1, basedOn: null, body: { name: '居住证持有人' } });
  expect(await draftOf(id)).toMatchObject({ status: 'filed', caseId: filed.body.id, actions: [] });
  const edited = await api.ask(REVIEWER, 'PATCH', `/api/catalogue/drafts/${id}`, {
    body: { name: '甲' },
    headers: { 'If-Match': '*' },
  });
  expect(edited).toMatchObject({ status: 409, body: { code: 'DraftFiled' } });
  expect((await by.entryOf(entryId)).code).toBe('NotFound');
  await by.decide(LEAD, filed.body.id, 'lead');
  const { body: before } = await api.ask(AUTHORITY, 'GET', `/api/cases/${filed.body.id}`);
  expect(before.clocks).toMatchObject([{ kind: 'catalogue-review', legal: 2 }]);
  await by.decide(AUTHORITY, filed.body.id, 'authority');
  await by.comesTo(filed.body.id, 'completed');
  const entry = await by.entryOf(entryId);
  expect(entry).toMatchObject({ version: 1, status: 'published', name: '居住证持有人', openness: 'closed' });
  const classifications = entry.codes.map(({ classification }: { classification: string }) => classification);
  expect(classifications).toEqual(['101001', '206001', '301006']);
  expect(entry.code).toBe(entry.codes[0].code);
  expect(await draftOf(id)).toMatchObject({ status: 'published' });
  await until(async () => {
    const { body } = await api.ask('transport.lead', 'GET', '/api/tasks?box=copied');
    return body.items.some((one: { case: { id: string } }) => one.case.id === filed.body.id);
  });
  const { body: replay } = await api.ask('auditor', 'POST', `/api/cases/${filed.body.id}/replay`, { body: {} });
  expect(replay.verdict).toBe('agrees');
});

test('a change makes the next version, with its codes; a request on the first keeps it, and the two differ readably', async () => {
  const entryId = await by.published();
  const first = await by.entryOf(entryId);
  const asked = { entryId, items: ['name'], rowScope: { all: [] }, masks: {} };
  const request = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application(asked) });
  expect(request.body.entry).toEqual({ id: entryId, version: 1 });
  await by.changed(entryId, { name: '居住证', classification: { base: '人口', theme: '旅游' } });
  const second = await by.entryOf(entryId);
  expect(second).toMatchObject({ version: 2, name: '居住证', code: first.code });
  expect(second.codes.map(({ code }: { code: string }) => code)).toEqual([
    first.codes[0].code,
    expect.stringMatching(/^224001\/\d{6}$/),
    first.codes[2].code,
  ]);
  expect((await api.ask(REQUESTER, 'GET', `/api/cases/${request.body.id}`)).body.entry).toEqual({
    id: entryId,
    version: 1,
  });
  const { body: versions } = await api.ask(REQUESTER, 'GET', `/api/catalogue/${entryId}/versions`);
  expect(versions.items).toMatchObject([
    { version: 2, kind: 'change', name: '居住证' },
    { version: 1, kind: 'publish', name: '居住证持有人' },
  ]);
  const { body: differences } = await api.ask(REQUESTER, 'GET', `/api/catalogue/${entryId}/differences?from=1&to=2`);
  expect(differences.items).toContainEqual({
    pointer: '/name',
    change: 'changed',
    label: { zh: '名称', en: 'Name' },
    before: '居住证持有人',
    after: '居住证',
  });
});

test('all faults of form, draft and assessments are told at once, and the draft stays open', async () => {
  const { id } = (await draftBy(api, REVIEWER, entryBody({ summary: '', key: ['who'] }))).body;
  const refused = await by.file({ draftId: id }, { kind: 'change', reason: '更新', secrecy: [] });
  expect(refused.status).toBe(422);
  expect(
    refused.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`),
  ).toEqual([
    '/form/changedOn FieldMissing',
    '/form/secrecy FieldMissing',
    '/form/reason FieldNotAllowed',
    '/form/kind KindUnfit',
    '/form/draft/summary Missing',
    '/form/draft/key/0 KeyUnknown',
    '/form/personalInformation AssessmentMissing',
  ]);
  expect(await draftOf(id)).toMatchObject({ status: 'open', caseId: null });
});

test('a change is due ten working days from the day that it states; one that is late is counted and brought before the authority at once', async () => {
  const entryId = await by.published();
  const { id } = (await api.ask(REVIEWER, 'POST', '/api/catalogue/drafts', { body: { entryId } })).body;
  const form = { kind: 'change', ...by.assessed() };
  const tomorrow = await by.file({ draftId: id }, { ...form, changedOn: addDays(TODAY, 1) });
  expect(tomorrow.body.errors).toMatchObject([{ pointer: '/form/changedOn', code: 'DayNotYet' }]);
  const late = (await by.file({ draftId: id }, { ...form, changedOn: addDays(TODAY, -60) })).body;
  expect(late).toMatchObject({
    status: 'in-approval',
    clocks: [{ id: 'lead', kind: 'catalogue-update', legal: 10, startedOn: addDays(TODAY, -60) }],
  });
  expect(late.clocks[0].passedAt).not.toBeNull();
  const { body: recorded } = await api.ask(REVIEWER, 'GET', `/api/cases/${late.id}/events`);
  const types = recorded.items.map(({ event }: { event: { type: string } }) => event.type);
  expect(types).toEqual(expect.arrayContaining(['limitPassed', 'escalated']));
  expect(types).not.toContain('reminded');
  await api.ask(REVIEWER, 'POST', `/api/cases/${late.id}/actions`, { body: { action: 'withdraw', reason: '再改' } });
  await by.comesTo(late.id, 'withdrawn');
  const fresh = (await by.file({ draftId: id }, { ...form, changedOn: TODAY })).body;
  expect(fresh.clocks).toMatchObject([{ startedOn: TODAY, passedAt: null }]);
  const ask = { action: 'askExtension', clock: 'lead', days: 5, reason: '系统改造未完成' };
  expect((await api.ask(LEAD, 'POST', `/api/cases/${fresh.id}/actions`, { body: ask })).status).toBe(200);
  const grant = { body: { action: 'grantExtension', clock: 'lead' } };
  expect((await api.ask(AUTHORITY, 'POST', `/api/cases/${fresh.id}/actions`, grant)).status).toBe(200);
  await by.decide(LEAD, fresh.id, 'lead');
  const { body: after } = await api.ask(AUTHORITY, 'GET', `/api/cases/${fresh.id}`);
  expect(after.clocks).toMatchObject([
    { kind: 'catalogue-update', stopped: true, extendedBy: 5, startedOn: TODAY },
    { kind: 'catalogue-review', legal: 2, startedOn: TODAY },
  ]);
});

test('only the provider’s reviewer files, and nobody decides in the place of lead and authority', async () => {
  const { id } = (await draftBy(api, REVIEWER)).body;
  const form = { kind: 'publish', ...by.assessed() };
  expect((await by.file({ draftId: id }, form, LEAD)).status).toBe(403);
  expect((await by.file({ draftId: id }, form, AUTHORITY)).status).toBe(403);
  expect((await by.file({ draftId: id }, form, 'transport.reviewer')).status).toBe(404);
  expect(
    (await by.file({ entryId: 'persons' }, { kind: 'suspend', reason: '整改' }, 'transport.reviewer')).status,
  ).toBe(403);
  const filed = await by.file({ draftId: id }, form);
  const task = (stage: string) => `/api/tasks/${filed.body.id}.${stage}.1/actions`;
  const approve = { body: { action: 'approve', seen: filed.body.form.digest } };
  expect((await api.ask(AUTHORITY, 'POST', task('lead'), approve)).status).toBe(403);
  expect((await api.ask('civil-affairs.lead', 'POST', task('lead'), approve)).status).toBe(404);
  expect(await by.file({ draftId: id }, form)).toMatchObject({ status: 409, body: { code: 'DraftFiled' } });
});

test('a draft that was refused or withdrawn comes back, and can be changed and filed again', async () => {
  const { id } = (await draftBy(api, REVIEWER)).body;
  const form = { kind: 'publish', ...by.assessed() };
  const first = (await by.file({ draftId: id }, form)).body.id;
  await by.decide(LEAD, first, 'lead');
  await by.decide(AUTHORITY, first, 'authority', REJECTION);
  await by.comesTo(first, 'refused');
  expect(await draftOf(id)).toMatchObject({ status: 'open', caseId: first });
  const second = (await by.file({ draftId: id }, form)).body.id;
  const withdrawn = { body: { action: 'withdraw', reason: '再改' } };
  expect((await api.ask(REVIEWER, 'POST', `/api/cases/${second}/actions`, withdrawn)).status).toBe(200);
  await by.comesTo(second, 'withdrawn');
  const edit = { body: { summary: '有效居住证。' }, headers: { 'If-Match': '*' } };
  expect((await api.ask(REVIEWER, 'PATCH', `/api/catalogue/drafts/${id}`, edit)).status).toBe(200);
  const third = await by.file({ draftId: id }, form);
  expect(third.body.content.draft).toMatchObject({ revision: 2, body: { summary: '有效居住证。' } });
});

test('what the authority asks for is put right in the draft and frozen anew; what nobody asked for stays as filed', async () => {
  const { id } = (await draftBy(api, REVIEWER)).body;
  const caseId = (await by.file({ draftId: id }, { kind: 'publish', ...by.assessed() })).body.id;
  await by.decide(LEAD, caseId, 'lead');
  const ask = { action: 'askSupplement', missing: [{ part: 'draft', text: '摘要不清' }] };
  const asked = await api.ask(AUTHORITY, 'POST', `/api/tasks/${caseId}.authority.1/actions`, { body: ask });
  expect(asked.status).toBe(200);
  const edit = { body: { summary: '', provenance: '' }, headers: { 'If-Match': '*' } };
  expect((await api.ask(REVIEWER, 'PATCH', `/api/catalogue/drafts/${id}`, edit)).status).toBe(200);
  const supplement = { body: { action: 'supplement', form: { draft: id } } };
  const refused = await api.ask(REVIEWER, 'POST', `/api/cases/${caseId}/actions`, supplement);
  expect(refused.body.errors).toMatchObject([
    { pointer: '/form/draft/summary', code: 'Missing' },
    { pointer: '/form/draft/provenance', code: 'Missing' },
  ]);
  const sound = { body: { summary: '有效居住证。', provenance: '人口库' }, headers: { 'If-Match': '*' } };
  await api.ask(REVIEWER, 'PATCH', `/api/catalogue/drafts/${id}`, sound);
  expect((await api.ask(REVIEWER, 'POST', `/api/cases/${caseId}/actions`, supplement)).status).toBe(200);
  const { body } = await api.ask(REVIEWER, 'GET', `/api/cases/${caseId}`);
  expect(body).toMatchObject({ form: { version: 2 }, content: { draft: { body: { summary: '有效居住证。' } } } });
});

test('a case that was filed before the form had a field is completed without it', async () => {
  const entryId = await by.published();
  const { id } = (await api.ask(REVIEWER, 'POST', '/api/catalogue/drafts', { body: { entryId } })).body;
  const filed = (await by.file({ draftId: id }, { kind: 'change', changedOn: TODAY, ...by.assessed() })).body;
  const { knex } = api.engine.platform;
  const row = await findCase(knex, filed.id, { all: true });
  if (!row) throw new Error('Not filed');
  await knex('forms')
    .where({ case_id: filed.id })
    .update({ body: knex.raw(`body - 'changedOn'`) });
  const { changedOn: _, ...parts } = row.state.form.parts;
  const older = { ...row, state: { ...row.state, form: { ...row.state.form, parts } } };
  const change = (changes: Record<string, unknown>) =>
    changedProcessForm({ db: knex, processes: PROCESSES, mounts: { check: async () => ({ faults: [] }) } }, older, {
      changes,
      at: `${TODAY}T12:00:00+08:00`,
    });
  const { form } = await change({ secrecy: by.assessed().secrecy });
  expect(Object.keys(form.parts).toSorted()).toEqual(Object.keys(parts).toSorted());
  expect(form).not.toHaveProperty('dates');
  expect((await change({ changedOn: TODAY })).form).toMatchObject({ dates: { changedOn: TODAY } });
  await expect(change({ secrecy: [] })).rejects.toMatchObject({
    code: 'Invalid',
    faults: [{ pointer: '/form/secrecy', code: 'FieldMissing' }],
  });
});
