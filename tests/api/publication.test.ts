import { type Api, application, startApi } from '../support/api.ts';
import { draftBy, entryBody } from '../support/drafts.ts';
import { grantedCase, REQUESTER } from '../support/grant.ts';
import { AUTHORITY, LEAD, type Publications, publicationsOf, REVIEWER } from '../support/publications.ts';
import { until } from '../support/until.ts';

let api: Api;
let publications: Publications;

const REJECTION = { action: 'reject', reason: { code: 'other', text: '摘要不清' } };

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  publications = await publicationsOf(api);
}, 120_000);
afterAll(() => api.close());

const entryOf = async (id: string) => (await api.ask(REQUESTER, 'GET', `/api/catalogue/${id}`)).body;
const draftOf = async (id: string) => (await api.ask(REVIEWER, 'GET', `/api/catalogue/drafts/${id}`)).body;

test('a draft is filed, agreed to by the lead, published by the authority with its codes, and all departments are told', async () => {
  const { id, entryId } = (await draftBy(api, REVIEWER)).body;
  const filed = await publications.file({ draftId: id }, { kind: 'publish', ...publications.assessed() });
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
  expect((await entryOf(entryId)).code).toBe('NotFound');
  await publications.decide(LEAD, filed.body.id, 'lead');
  const { body: before } = await api.ask(AUTHORITY, 'GET', `/api/cases/${filed.body.id}`);
  expect(before.clocks).toMatchObject([{ kind: 'catalogue-review', legal: 2 }]);
  await publications.decide(AUTHORITY, filed.body.id, 'authority');
  await publications.comesTo(filed.body.id, 'completed');
  const entry = await entryOf(entryId);
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
  const entryId = await publications.published();
  const first = await entryOf(entryId);
  const asked = { entryId, items: ['name'], rowScope: { all: [] }, masks: {} };
  const request = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application(asked) });
  expect(request.body.entry).toEqual({ id: entryId, version: 1 });
  await publications.changed(entryId, { name: '居住证', classification: { base: '人口', theme: '旅游' } });
  const second = await entryOf(entryId);
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
  const refused = await publications.file({ draftId: id }, { kind: 'change', reason: '更新', secrecy: [] });
  expect(refused.status).toBe(422);
  expect(
    refused.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`),
  ).toEqual([
    '/form/secrecy FieldMissing',
    '/form/reason FieldNotAllowed',
    '/form/kind KindUnfit',
    '/form/draft/summary Missing',
    '/form/draft/key/0 KeyUnknown',
    '/form/personalInformation AssessmentMissing',
  ]);
  expect(await draftOf(id)).toMatchObject({ status: 'open', caseId: null });
});

test('only the provider’s reviewer files, and nobody decides in the place of lead and authority', async () => {
  const { id } = (await draftBy(api, REVIEWER)).body;
  const form = { kind: 'publish', ...publications.assessed() };
  expect((await publications.file({ draftId: id }, form, LEAD)).status).toBe(403);
  expect((await publications.file({ draftId: id }, form, AUTHORITY)).status).toBe(403);
  expect((await publications.file({ draftId: id }, form, 'transport.reviewer')).status).toBe(404);
  expect(
    (await publications.file({ entryId: 'persons' }, { kind: 'suspend', reason: '整改' }, 'transport.reviewer')).status,
  ).toBe(403);
  const filed = await publications.file({ draftId: id }, form);
  const task = (stage: string) => `/api/tasks/${filed.body.id}.${stage}.1/actions`;
  const approve = { body: { action: 'approve', seen: filed.body.form.digest } };
  expect((await api.ask(AUTHORITY, 'POST', task('lead'), approve)).status).toBe(403);
  expect((await api.ask('civil-affairs.lead', 'POST', task('lead'), approve)).status).toBe(404);
  expect(await publications.file({ draftId: id }, form)).toMatchObject({ status: 409, body: { code: 'DraftFiled' } });
});

test('a draft that was refused or withdrawn comes back, and can be changed and filed again', async () => {
  const { id } = (await draftBy(api, REVIEWER)).body;
  const form = { kind: 'publish', ...publications.assessed() };
  const first = (await publications.file({ draftId: id }, form)).body.id;
  await publications.decide(LEAD, first, 'lead');
  await publications.decide(AUTHORITY, first, 'authority', REJECTION);
  await publications.comesTo(first, 'refused');
  expect(await draftOf(id)).toMatchObject({ status: 'open', caseId: first });
  const second = (await publications.file({ draftId: id }, form)).body.id;
  const withdrawn = { body: { action: 'withdraw', reason: '再改' } };
  expect((await api.ask(REVIEWER, 'POST', `/api/cases/${second}/actions`, withdrawn)).status).toBe(200);
  await publications.comesTo(second, 'withdrawn');
  const edit = { body: { summary: '有效居住证。' }, headers: { 'If-Match': '*' } };
  expect((await api.ask(REVIEWER, 'PATCH', `/api/catalogue/drafts/${id}`, edit)).status).toBe(200);
  const third = await publications.file({ draftId: id }, form);
  expect(third.body.content.draft).toMatchObject({ revision: 2, body: { summary: '有效居住证。' } });
});

test('what the authority asks for is put right in the draft and frozen anew; what nobody asked for stays as filed', async () => {
  const { id } = (await draftBy(api, REVIEWER)).body;
  const caseId = (await publications.file({ draftId: id }, { kind: 'publish', ...publications.assessed() })).body.id;
  await publications.decide(LEAD, caseId, 'lead');
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

test('a suspended entry takes no request until a change is published', async () => {
  const entryId = await publications.published();
  await publications.carried({ entryId }, { kind: 'suspend', reason: '系统改造' });
  expect(await entryOf(entryId)).toMatchObject({ status: 'suspended', statusReason: '系统改造', actions: [] });
  const asked = { body: application({ entryId, items: ['name'], rowScope: { all: [] } }) };
  const refused = await api.ask(REQUESTER, 'POST', '/api/share-requests', asked);
  expect(refused.body.errors).toMatchObject([
    { pointer: '/entryId', code: 'EntrySuspended', message: '该目录已暂停：系统改造' },
  ]);
  const again = await publications.file({ entryId }, { kind: 'suspend', reason: '再次' });
  expect(again.body.errors).toMatchObject([{ pointer: '/form/kind', code: 'KindUnfit' }]);
  await publications.changed(entryId, { summary: '改造完成。' });
  expect(await entryOf(entryId)).toMatchObject({ status: 'published', version: 2 });
  expect((await api.ask(REQUESTER, 'POST', '/api/share-requests', asked)).status).toBe(201);
});

test('a withdrawal says what becomes of the grants: here they end with it', async () => {
  const { grantId } = await grantedCase(api);
  await publications.carried({ entryId: 'persons' }, { kind: 'withdraw', reason: '职责调整', grants: 'terminate' });
  await until(async () => (await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}`)).body.status === 'terminated');
  expect(await entryOf('persons')).toMatchObject({ status: 'withdrawn', version: 1 });
  const { body: listed } = await api.ask(REQUESTER, 'GET', '/api/catalogue?provider=public-security&limit=200');
  expect(listed.items.map(({ id }: { id: string }) => id)).not.toContain('persons');
  const refused = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  expect(refused.body.errors).toMatchObject([{ pointer: '/entryId', code: 'EntryWithdrawn' }]);
  const begun = await api.ask(REVIEWER, 'POST', '/api/catalogue/drafts', { body: { entryId: 'persons' } });
  expect(begun).toMatchObject({ status: 409, body: { code: 'EntryWithdrawn' } });
});
