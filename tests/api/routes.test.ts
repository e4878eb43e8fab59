import { type Api, application, startApi } from '../support/api.ts';
import { REQUESTER } from '../support/grant.ts';
import { readBpmn } from '../support/bpmn.ts';
import { AUTHORITY, CONDITIONAL_PATH as ROUTE, draft, publish, routeBodyOf } from '../support/routes.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

/** The first version with a promise of five working days. */
async function promising(days: number) {
  const route = await routeBodyOf(api);
  route.root.blocks[1].clock.promise = days;
  return route;
}

function validate(id: string, language = 'zh') {
  return api.ask(AUTHORITY, 'POST', `${ROUTE}/drafts/${id}/validation`, { headers: { 'Accept-Language': language } });
}

test('everybody reads the published versions; drafts are for the authority and the administrator', async () => {
  const { id } = await draft(api, await promising(5));
  for (const [account, sees] of [
    [AUTHORITY, true],
    ['admin', true],
    ['civil-affairs.lead', false],
    ['auditor', false],
  ] as const) {
    const { body } = await api.ask(account, 'GET', '/api/routes');
    const route = body.items.find((one: { id: string }) => one.id === 'share-request/conditional');
    expect(route).toMatchObject({ href: ROUTE, latest: { publishedBy: null } });
    expect(route.drafts.some((one: { id: string }) => one.id === id)).toBe(sees);
  }
  const { body } = await api.ask('civil-affairs.lead', 'GET', `${ROUTE}/versions/1`);
  expect(body.route).toMatchObject({ id: 'share-request/conditional', version: 1, root: { kind: 'sequence' } });
  const encoded = await api.ask('civil-affairs.lead', 'GET', '/api/routes/share-request%2Fconditional/versions');
  expect(encoded.body.items.at(-1)).toMatchObject({ version: 1 });
});

test('a draft is changed by whoever saw it last, and by nobody else', async () => {
  const made = await draft(api, await promising(5));
  const path = `${ROUTE}/drafts/${made.id}`;
  expect((await api.ask('admin', 'GET', path)).headers.get('ETag')).toBe('"1"');
  const body = { route: await promising(4) };
  const change = (tag?: string) =>
    api.ask('admin', 'PUT', path, { body, headers: tag === undefined ? {} : { 'If-Match': tag } });
  expect(await change()).toMatchObject({ status: 428, body: { code: 'PreconditionRequired' } });
  const changed = await change('"1"');
  expect(changed).toMatchObject({ status: 200, body: { revision: 2, updatedBy: { id: 'admin' } } });
  expect(changed.headers.get('ETag')).toBe('"2"');
  expect(await change('"1"')).toMatchObject({ status: 412, body: { code: 'PreconditionFailed' } });
  expect((await api.ask('admin', 'DELETE', path, { headers: { 'If-Match': '"1"' } })).status).toBe(412);
  expect((await api.ask('admin', 'DELETE', path, { headers: { 'If-Match': '"2"' } })).status).toBe(204);
  expect((await api.ask('admin', 'GET', path)).status).toBe(404);
});

test('what is no route is refused with every fault of its shape, and kept if its faults are of sense only', async () => {
  const route = await routeBodyOf(api);
  route.root.blocks[0].seat = { role: 'king', department: 'requester', crown: true };
  route.root.blocks[1].blocks[0].rule = { vote: { num: 1 } };
  route.root.blocks[1].blocks[1].kind = 'loop';
  delete route.root.blocks[0].basis;
  const refused = await api.ask(AUTHORITY, 'POST', `${ROUTE}/drafts`, { body: { route } });
  expect(refused.status).toBe(422);
  const places = refused.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]);
  expect(places.toSorted()).toEqual([
    ['/route/root/blocks/0/basis', 'Required'],
    ['/route/root/blocks/0/seat/crown', 'UnknownMember'],
    ['/route/root/blocks/0/seat/role', 'NotOffered'],
    ['/route/root/blocks/1/blocks/0/rule/vote/den', 'Required'],
    ['/route/root/blocks/1/blocks/1/kind', 'NotOffered'],
  ]);
  const both = await api.ask(AUTHORITY, 'POST', `${ROUTE}/drafts`, { body: { from: 1, route: await promising(5) } });
  expect(both.body.errors).toMatchObject([{ code: 'OneSource' }]);
});

test('a draft with a fault is told all of them, with the place as it is staffed, and is not published', async () => {
  const route = await routeBodyOf(api);
  route.root.blocks[0].seat = [{ role: 'authority', department: 'transport' }];
  route.root.blocks[1].clock.promise = 11;
  route.root.blocks[1].clock.from = 'changedOn';
  route.root.blocks[1].blocks[1].copies = [
    { role: 'reviewer', department: 'requester' },
    { role: 'reviewer', department: 'moon' },
  ];
  route.root.blocks[1].blocks[0] = {
    kind: 'choice',
    id: 'how-much',
    branches: [{ when: 'itemz > 3', block: route.root.blocks[1].blocks[0] }],
  };
  const { id } = await draft(api, route);
  const { body: zh } = await validate(id);
  expect(zh.sound).toBe(false);
  const places = (body: { faults: { code: string; pointer: string }[] }) =>
    body.faults.map(({ code, pointer }) => [code, pointer]);
  expect(places(zh)).toEqual([
    ['PromiseBeyondLaw', '/root/blocks/1/clock/promise'],
    ['RestartsFromDay', '/root/blocks/1/clock/onSupplement'],
    ['NoOtherwise', '/root/blocks/1/blocks/0/otherwise'],
    ['ConditionUnsound', '/root/blocks/1/blocks/0/branches/0/when'],
    ['NoAssignee', '/root/blocks/0/seat/0'],
    ['DepartmentUnknown', '/root/blocks/1/blocks/1/copies/1/department'],
    ['DayUnknown', '/root/blocks/1/clock/from'],
  ]);
  expect(zh.faults[0]).toMatchObject({ block: 'provider', message: '承诺时限不得长于法定期限' });
  const { body: en } = await validate(id, 'en');
  expect(en.faults[4].message).toBe('Nobody holds the role “authority” (transport)');
  const refused = await publish(api, id);
  expect(refused).toMatchObject({ status: 422, body: { code: 'RouteUnsound' } });
  expect(places({ faults: refused.body.errors })).toEqual(places(zh));
  expect((await api.ask(AUTHORITY, 'GET', `${ROUTE}/drafts/${id}`)).body.publishedAs).toBeNull();
});

test('the authority alone publishes; a version never changes, new cases take the newest and running ones keep theirs', async () => {
  const file = async () => (await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() })).body;
  const before = await file();
  const { id } = await draft(api, await promising(5));
  expect((await validate(id)).body).toEqual({ sound: true, faults: [] });
  const path = `${ROUTE}/drafts/${id}/publication`;
  expect((await api.ask('admin', 'POST', path)).status).toBe(403);
  const stale = await api.ask(AUTHORITY, 'POST', path, { headers: { 'If-Match': '"7"' } });
  expect(stale.status).toBe(412);
  const ask = { body: { note: '承诺五个工作日' }, key: 'publish-five' };
  const done = await api.ask(AUTHORITY, 'POST', path, ask);
  expect(done).toMatchObject({ status: 201, body: { publishedBy: { id: AUTHORITY }, note: '承诺五个工作日' } });
  const { version } = done.body;
  expect(version).toBeGreaterThan(1);
  expect((await api.ask(AUTHORITY, 'POST', path, ask)).body).toEqual(done.body);
  expect(await publish(api, id)).toMatchObject({ status: 409, body: { code: 'DraftPublished' } });
  const change = { body: { route: await promising(3) }, headers: { 'If-Match': '*' } };
  expect((await api.ask(AUTHORITY, 'PUT', `${ROUTE}/drafts/${id}`, change)).status).toBe(409);
  const after = await file();
  expect(after.route).toEqual({ id: 'share-request/conditional', version });
  const { body: kept } = await api.ask(REQUESTER, 'GET', `/api/cases/${before.id}`);
  expect(kept.route.version).toBeLessThan(version);
  const { body: first } = await api.ask(REQUESTER, 'GET', `${ROUTE}/versions/1`);
  expect(first.route.root.blocks[1].clock.promise).toBeUndefined();
});

test('two drafts published at once become two versions', async () => {
  const drafts = await Promise.all([draft(api, await promising(6)), draft(api, await promising(7))]);
  const published = await Promise.all(drafts.map(({ id }) => publish(api, id)));
  const [one, other] = published.map(({ body }) => body.version);
  expect(Math.abs(one - other)).toBe(1);
  const { body } = await api.ask(AUTHORITY, 'GET', `${ROUTE}/versions`);
  const versions = body.items.map(({ version }: { version: number }) => version);
  expect(versions).toEqual(versions.toSorted((a: number, b: number) => b - a));
});

test('a version and a case are drawn as BPMN, with names in the language of whoever asks', async () => {
  const drawn = async (path: string, language: string) => {
    const { status, body, headers } = await api.ask('civil-affairs.lead', 'GET', path, {
      headers: { 'Accept-Language': language },
    });
    expect([status, headers.get('Content-Type')]).toEqual([200, 'application/xml; charset=utf-8']);
    return (await readBpmn(body)).filter(({ $type }) => $type === 'bpmn:UserTask').map(({ name }) => name);
  };
  expect(await drawn(`${ROUTE}/versions/1/diagram`, 'zh')).toEqual([
    '申请部门 · 共享负责人',
    '提供部门 · 审核岗',
    '提供部门 · 共享负责人',
  ]);
  const filed = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  const names = await drawn(`/api/cases/${filed.body.id}/diagram`, 'en');
  expect(names).toHaveLength(3);
  expect(names[0]).toMatch(/^[A-Z][a-z ]+.* · sharing lead$/);
});
