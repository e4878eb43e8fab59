import { randomUUID } from 'node:crypto';
import { type Answer, type Api, startApi } from '../support/api.ts';
import { draftBy, entryBody } from '../support/drafts.ts';

let api: Api;

const REVIEWER = 'public-security.reviewer';
const PATH = '/api/catalogue/drafts';

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api.close());

function patch(id: string, body: unknown, revision: number | '*' = '*', account = REVIEWER): Promise<Answer> {
  const match = revision === '*' ? '*' : `"${revision}"`;
  return api.ask(account, 'PATCH', `${PATH}/${id}`, { body, headers: { 'If-Match': match } });
}

const pointers = ({ body }: Answer): string[] => body.faults.map(({ pointer }: { pointer: string }) => pointer);

test('an empty draft is kept, told all that it lacks, and completed as one types', async () => {
  const begun = await api.ask(REVIEWER, 'POST', PATH, { body: {} });
  expect(begun).toMatchObject({
    status: 201,
    body: { status: 'open', origin: 'hand', basedOn: null, revision: 1, provider: { id: 'public-security' } },
  });
  expect(begun.body.entryId).toMatch(/^e-[0-9a-f]{16}$/);
  expect(pointers(begun)).toEqual(
    ['name', 'summary', 'format', 'updateCycle', 'provenance', 'classification', 'shareType', 'items', 'key'].map(
      (field) => `/${field}`,
    ),
  );
  const { id } = begun.body;
  const typed = await patch(id, entryBody({ conditions: { scope: '', purposes: [], departments: ['moon'] } }), 1);
  expect(typed).toMatchObject({ status: 200, body: { revision: 2, name: '居住证持有人' } });
  expect(typed.headers.get('ETag')).toBe('"2"');
  expect(typed.body.faults).toEqual([
    { pointer: '/conditions/scope', code: 'Missing', message: '此项必填' },
    { pointer: '/conditions/purposes', code: 'Missing', message: '此项必填' },
    expect.objectContaining({ pointer: '/conditions/departments/0', code: 'DepartmentUnknown' }),
  ]);
  const sound = await patch(id, { conditions: { scope: '本市', purposes: ['核验'], departments: null } }, 2);
  expect(sound.body.faults).toEqual([]);
  expect(sound.body.body.conditions).toEqual({ scope: '本市', purposes: ['核验'] });
  expect(sound.body.body).not.toHaveProperty('provider');
});

test('who changes what somebody else has changed meanwhile is told so, and who names no revision is asked for one', async () => {
  const { id } = (await draftBy(api, REVIEWER)).body;
  expect((await patch(id, { name: '甲' }, 1)).status).toBe(200);
  expect(await patch(id, { name: '乙' }, 1)).toMatchObject({ status: 412, body: { code: 'PreconditionFailed' } });
  expect(await api.ask(REVIEWER, 'PATCH', `${PATH}/${id}`, { body: { name: '丙' } })).toMatchObject({ status: 428 });
});

test('every fault of shape is told at once, and nothing of the patch is kept', async () => {
  const { id } = (await draftBy(api, REVIEWER)).body;
  const refused = await patch(id, {
    provider: 'transport',
    shareType: 'free',
    items: [{ id: 'a', grade: 7 }],
    name: 'x',
  });
  expect(refused.status).toBe(422);
  expect(refused.body.errors).toMatchObject([
    { pointer: '/shareType', code: 'NotOffered' },
    { pointer: '/items/0/grade' },
    { pointer: '/provider', code: 'UnknownMember' },
  ]);
  expect((await api.ask(REVIEWER, 'GET', `${PATH}/${id}`)).body).toMatchObject({ revision: 1, name: '居住证持有人' });
});

test('a published entry is changed from its current version, by its own department, in one draft at a time', async () => {
  const key = randomUUID();
  const begun = await api.ask(REVIEWER, 'POST', PATH, { body: { entryId: 'persons' }, key });
  expect(begun).toMatchObject({ status: 201, body: { entryId: 'persons', basedOn: 1, origin: 'entry', faults: [] } });
  expect((await api.ask(REVIEWER, 'POST', PATH, { body: { entryId: 'persons' }, key })).body.id).toBe(begun.body.id);
  expect(await api.ask(REVIEWER, 'POST', PATH, { body: { entryId: 'persons' } })).toMatchObject({
    status: 409,
    body: { code: 'DraftOpen' },
  });
  expect((await api.ask('transport.reviewer', 'POST', PATH, { body: { entryId: 'persons' } })).status).toBe(403);
  expect((await api.ask(REVIEWER, 'POST', PATH, { body: { entryId: 'nothing' } })).body.errors).toMatchObject([
    { pointer: '/entryId', code: 'UnknownEntry' },
  ]);
  const headers = { 'If-Match': '*' };
  expect((await api.ask(REVIEWER, 'DELETE', `${PATH}/${begun.body.id}`, { headers })).status).toBe(204);
  expect((await api.ask(REVIEWER, 'POST', PATH, { body: { entryId: 'persons' } })).status).toBe(201);
});

test('what was found out changes nothing until somebody accepts it', async () => {
  const { id } = (await draftBy(api, REVIEWER, entryBody({ items: [{ id: 'mobile' }] }))).body;
  const evidence = { code: 'Mobiles', params: { matching: 198, of: 200 } };
  const suggestions = [
    { pointer: '/items/0/mask', value: 'mobile', evidence },
    { pointer: '/items/0/personal', value: true, evidence },
    { pointer: '/items/7/personal', value: true, evidence },
  ];
  const { knex } = api.engine.platform;
  await knex('catalogue_drafts')
    .where({ id })
    .update({ suggestions: JSON.stringify(suggestions) });
  const accept = (nth: number[]) =>
    api.ask(REVIEWER, 'POST', `${PATH}/${id}/suggestions`, { body: { accept: nth }, headers: { 'If-Match': '*' } });
  expect((await accept([0, 9, 8])).body.errors).toMatchObject([
    { pointer: '/accept/1', code: 'SuggestionUnknown' },
    { pointer: '/accept/2', code: 'SuggestionUnknown' },
  ]);
  expect((await accept([2])).body.errors).toMatchObject([{ pointer: '/accept/0', code: 'SuggestionOutdated' }]);
  const accepted = await accept([0, 1]);
  const left = { ...suggestions[2], evidence: { ...evidence, message: expect.any(String) } };
  expect(accepted).toMatchObject({ status: 200, body: { revision: 2, suggestions: [left] } });
  expect(accepted.body.body.items).toEqual([{ id: 'mobile', mask: 'mobile', personal: true }]);
});

test('suggestions are refused, say why in words, and follow their items as these move, go or are called otherwise', async () => {
  const items = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  const { id } = (await draftBy(api, REVIEWER, { items })).body;
  const evidence = { code: 'MobilePhones', params: { matching: 9, of: 10 } };
  const about = (place: number) => ({ pointer: `/items/${place}/mask`, value: 'mobile', evidence });
  const { knex } = api.engine.platform;
  const suggestions = JSON.stringify([
    about(0),
    about(1),
    about(2),
    { pointer: '/updateCycle', value: 'daily', evidence },
  ]);
  await knex('catalogue_drafts').where({ id }).update({ suggestions });
  const answer = (body: object) =>
    api.ask(REVIEWER, 'POST', `${PATH}/${id}/suggestions`, { body, headers: { 'If-Match': '*' } });
  expect((await answer({})).body.errors).toMatchObject([{ code: 'Required' }]);
  expect((await answer({ accept: [7], refuse: [8, 0] })).body.errors).toMatchObject([
    { pointer: '/accept/0', code: 'SuggestionUnknown' },
    { pointer: '/refuse/0', code: 'SuggestionUnknown' },
  ]);
  const pointers = ({ body }: Answer) => body.suggestions.map(({ pointer }: { pointer: string }) => pointer);
  const refused = await answer({ refuse: [1] });
  expect(pointers(refused)).toEqual(['/items/0/mask', '/items/2/mask', '/updateCycle']);
  expect(refused.body.body.items).toEqual(items);
  expect(refused.body.suggestions[0].evidence.message).toBe('10个值中有9个是手机号码');
  const moved = await patch(id, { items: [{ id: 'c' }, { id: 'b' }, { id: 'a' }] }, '*');
  expect(pointers(moved)).toEqual(['/items/2/mask', '/items/0/mask', '/updateCycle']);
  const renamed = await patch(id, { items: [{ id: 'd' }, { id: 'b' }, { id: 'a' }] }, '*');
  expect(pointers(renamed)).toEqual(['/items/2/mask', '/items/0/mask', '/updateCycle']);
  const shorter = await patch(id, { items: [{ id: 'b' }, { id: 'a' }] }, '*');
  expect(pointers(shorter)).toEqual(['/items/1/mask', '/updateCycle']);
});

test('the list says how much each draft lacks, and is narrowed to what is open, filed, or of one entry', async () => {
  const { id, entryId } = (await draftBy(api, REVIEWER, { name: '空', items: [{ id: 'a' }] })).body;
  const listed = async (query: string) => (await api.ask(REVIEWER, 'GET', `${PATH}?limit=200&${query}`)).body.items;
  expect(await listed(`entryId=${entryId}`)).toMatchObject([{ id, items: 1, suggested: 0, gaps: expect.any(Number) }]);
  const [mine] = await listed(`entryId=${entryId}&status=open`);
  expect(mine.gaps).toBeGreaterThan(5);
  expect(await listed(`entryId=${entryId}&status=filed`)).toEqual([]);
  const sound = (await draftBy(api, REVIEWER)).body;
  expect(await listed(`entryId=${sound.entryId}`)).toMatchObject([{ gaps: 0 }]);
});

test('the own department compiles and reads along, authority and auditor read, nobody else knows', async () => {
  const { id } = (await draftBy(api, REVIEWER)).body;
  for (const account of ['public-security.lead', 'data-bureau.authority', 'auditor']) {
    expect(await api.ask(account, 'GET', `${PATH}/${id}`)).toMatchObject({ status: 200, body: { actions: [] } });
    expect((await patch(id, { name: '甲' }, '*', account)).status).toBe(403);
  }
  expect((await api.ask('transport.reviewer', 'GET', `${PATH}/${id}`)).status).toBe(404);
  expect((await patch(id, { name: '甲' }, '*', 'transport.reviewer')).status).toBe(404);
  const listed = (account: string, query = '') => api.ask(account, 'GET', `${PATH}?limit=200${query}`);
  const ids = ({ body }: Answer) => body.items.map((one: { id: string }) => one.id);
  expect(ids(await listed('auditor', '&provider=public-security'))).toContain(id);
  expect(ids(await listed('auditor', '&provider=transport'))).toEqual([]);
  expect(ids(await listed('transport.reviewer', '&provider=public-security'))).toEqual([]);
});
