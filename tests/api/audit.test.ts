import { createHash } from 'node:crypto';
import JSZip from 'jszip';
import { type Api, application, startApi } from '../support/api.ts';
import { deliveryOf, grantedCase, REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';

let api: Api;
let caseId: string;
let grantId: string;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  ({ caseId, grantId } = await grantedCase(api));
  await deliveryOf(api, grantId);
  await until(async () => (await api.ask('auditor', 'GET', `/api/cases/${caseId}`)).body.status === 'completed');
  await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application({ items: ['name'] }) });
}, 120_000);
afterAll(() => api.close());

async function found(query: string): Promise<string[]> {
  const { status, body } = await api.ask('auditor', 'GET', `/api/cases?${query}`);
  expect(status).toBe(200);
  return body.items.map(({ id }: { id: string }) => id);
}

type Link = { link: string; verdict: string; facts: object; differences: Record<string, unknown>[] };

async function verified(): Promise<{ verdict: string; links: Record<string, Link> }> {
  const { status, body } = await api.ask('auditor', 'POST', `/api/cases/${caseId}/verification`, { body: {} });
  expect(status).toBe(200);
  return { verdict: body.verdict, links: Object.fromEntries(body.links.map((link: Link) => [link.link, link])) };
}

test('cases are found by who decided and how, by item, entry, department, day and name', async () => {
  expect((await found('')).length).toBe(2);
  expect(await found('decider=public-security.reviewer')).toEqual([caseId]);
  expect(await found('decider=public-security.reviewer&decision=rejected')).toEqual([]);
  expect(await found('decision=approved')).toEqual([caseId]);
  expect(await found('item=mobile')).toEqual([caseId]);
  expect(await found('item=name&entry=persons')).toHaveLength(2);
  expect(await found('entry=persons-none')).toEqual([]);
  expect(await found('department=public-security')).toHaveLength(2);
  expect(await found('department=transport')).toEqual([]);
  expect(await found('person=public-security.lead')).toEqual([caseId]);
  expect(await found('person=%25')).toEqual([]);
  expect(await found('from=2000-01-01&to=2000-12-31')).toEqual([]);
  expect(await found('from=2000-01-01')).toHaveLength(2);
  const wrong = await api.ask('auditor', 'GET', '/api/cases?from=2026-02-30&to=2026-13-01');
  expect(wrong).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/query/from' }, { pointer: '/query/to' }] },
  });
});

test('a case is shown as it stood after any of its events, without anything to be done', async () => {
  const { body: first } = await api.ask('auditor', 'GET', `/api/cases/${caseId}/states/1`);
  expect(first).toMatchObject({
    seq: 1,
    event: { event: { type: 'filed' } },
    case: { status: 'in-approval', actions: [] },
  });
  const { of } = first;
  const { body: last } = await api.ask('auditor', 'GET', `/api/cases/${caseId}/states/${of}`);
  const { body: now } = await api.ask('auditor', 'GET', `/api/cases/${caseId}`);
  // The database keeps members of a state in an order of its own.
  const byId = (clocks: { id: string }[]) => clocks.toSorted((a, b) => a.id.localeCompare(b.id));
  expect({ ...last.case, clocks: byId(last.case.clocks) }).toEqual({ ...now, clocks: byId(now.clocks), actions: [] });
  const { body: events } = await api.ask('auditor', 'GET', `/api/cases/${caseId}/events`);
  const answered = events.items.find(({ event }: { event: { type: string } }) => event.type === 'answered');
  const { body: then } = await api.ask('auditor', 'GET', `/api/cases/${caseId}/states/${answered.seq}`);
  expect(then.case.stages[0]).toMatchObject({
    answer: { verdict: 'approved' },
    basis: expect.arrayContaining(['items']),
  });
  expect(then.case.stages[2].answer).toBeNull();
  expect((await api.ask('auditor', 'GET', `/api/cases/${caseId}/states/${of + 1}`)).status).toBe(404);
});

test('every link of a case that went as it should holds, and the same key gives the same answer', async () => {
  const { verdict, links } = await verified();
  expect(Object.values(links).flatMap(({ differences }) => differences)).toEqual([]);
  expect(verdict).toBe('holds');
  expect(Object.values(links).map((link) => link.verdict)).toEqual(Array.from({ length: 8 }, () => 'holds'));
  expect(links['decisions']?.facts).toMatchObject({ signatures: 3, lapsed: 0 });
});

test('the evidence holds every part under its digest, and its chain can be computed again from it alone', async () => {
  const response = await fetch(`${api.url}/api/cases/${caseId}/evidence`, {
    headers: { Authorization: `Bearer ${await api.token('auditor')}` },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(response.headers.get('Repr-Digest')).toBe(`sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`);
  const zip = await JSZip.loadAsync(bytes);
  const text = (path: string): Promise<string> => zip.file(path)?.async('string') ?? Promise.reject(new Error(path));
  const sums = (await text('SHA256SUMS'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split('  ') as [string, string]);
  expect(sums.map(([, path]) => path).toSorted()).toEqual(
    Object.values(zip.files)
      .filter(({ dir }) => !dir)
      .map(({ name }) => name)
      .filter((name) => name !== 'SHA256SUMS')
      .toSorted(),
  );
  for (const [sum, path] of sums) {
    expect(
      createHash('sha256')
        .update(await text(path))
        .digest('hex'),
    ).toBe(sum);
  }
  expect(await text('history/run-1.json')).toContain('eventId');
  expect(await text('index.html')).toContain('户籍人口基本信息');
  // As HOW-TO-VERIFY.md says it.
  let before = '';
  for (const line of (await text('events.jsonl')).trimEnd().split('\n')) {
    const { seq, commandId, event, digest } = JSON.parse(line);
    before = createHash('sha256')
      .update(`${before}\n${caseId}\n${canonical({ seq, commandId, event })}`)
      .digest('hex');
    expect(before).toBe(digest);
  }
});

/** JSON with sorted members, written anew so that the platform's own is not held against itself. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
}

test('what an auditor reads is on record, theirs for them and all of it for the authority; what others read is not', async () => {
  await api.ask('auditor', 'GET', `/api/cases/${caseId}/history`);
  await api.ask('auditor', 'GET', '/api/cases/no-such');
  await api.ask(REQUESTER, 'GET', `/api/cases/${caseId}/history`);
  const { body: own } = await api.ask('auditor', 'GET', `/api/reads?caseId=${caseId}`);
  expect(own.items[0]).toMatchObject({
    what: 'history',
    person: { id: 'auditor' },
    case: { id: caseId, title: '户籍人口基本信息' },
    address: expect.stringContaining('127.0.0.1'),
  });
  await api.ask('auditor', 'GET', `/api/cases?requester=civil-affairs&limit=5`);
  await api.ask('auditor', 'GET', '/api/sharing-lines?on=2026-11-01');
  await api.ask('auditor', 'GET', '/api/grants');
  const lists = await api.ask('auditor', 'GET', '/api/reads?limit=3');
  expect(lists.body.items).toMatchObject([
    { what: 'grants', targetId: '', case: null },
    { what: 'sharing-lines', targetId: 'on=2026-11-01', case: null },
    { what: 'cases', targetId: 'requester=civil-affairs', case: null },
  ]);
  const { body: all } = await api.ask('data-bureau.authority', 'GET', '/api/reads?limit=200');
  expect(new Set(all.items.map(({ person }: { person: { id: string } }) => person.id))).toEqual(new Set(['auditor']));
  expect(all.items.some(({ targetId }: { targetId: string }) => targetId === 'no-such')).toBe(false);
  expect((await api.ask('auditor', 'GET', '/api/reads?person=admin')).status).toBe(403);
  const page = await api.ask('auditor', 'GET', '/api/reads?limit=1');
  const next = await api.ask('auditor', 'GET', `/api/reads?limit=1&cursor=${page.body.nextCursor}`);
  expect(next.body.items[0].id).not.toBe(page.body.items[0].id);
});

test('a row that shows something else, and an event that was changed, are found with both values', async () => {
  const { knex } = api.engine.platform;
  await knex('cases')
    .where({ id: caseId })
    .update({ state: knex.raw(`jsonb_set(state, '{round}', '7')`) });
  const shown = await verified();
  expect(shown.verdict).toBe('fails');
  expect(shown.links['projection']).toMatchObject({
    verdict: 'fails',
    differences: [{ field: 'state.round', expected: '1', found: '7' }],
  });
  expect(shown.links['ledger']?.verdict).toBe('holds');
  await knex('cases')
    .where({ id: caseId })
    .update({ state: knex.raw(`jsonb_set(state, '{round}', '1')`) });

  const { seq, event } = await knex('events')
    .where({ stream_id: caseId })
    .whereRaw(`event->>'type' = 'answered'`)
    .orderBy('seq')
    .first('seq', 'event');
  const altered = { ...event, at: '2026-01-01T00:00:00.000+08:00' };
  await knex('events')
    .where({ stream_id: caseId, seq })
    .update({ event: JSON.stringify(altered) });
  const { links } = await verified();
  expect(links['ledger']).toMatchObject({ verdict: 'fails' });
  expect(links['ledger']?.differences).toEqual([
    { field: 'at', seq, expected: JSON.stringify(event.at), found: JSON.stringify(altered.at) },
    expect.objectContaining({ field: 'digest', seq }),
  ]);
  expect(links['replay']?.verdict).toBe('holds');
  expect(links['projection']?.verdict).toBe('unknown');
  const { body: listed } = await api.ask('auditor', 'GET', '/api/chains');
  const chain = listed.items.find((one: { case: { id: string } }) => one.case.id === caseId);
  expect(chain).toMatchObject({ verdict: 'broken', difference: { seq }, grants: [{ verdict: 'whole', manifests: 1 }] });
  await knex('events')
    .where({ stream_id: caseId, seq })
    .update({ event: JSON.stringify(event) });
});

test('a manifest with more than was granted and a line that is gone fail their links', async () => {
  const { knex } = api.engine.platform;
  const kept = await knex('deliveries').where({ grant_id: grantId }).first('id', 'manifest');
  const more = { ...kept.manifest, items: [...kept.manifest.items, 'birth_date'], policyLine: 'no-such' };
  await knex('deliveries')
    .where({ id: kept.id })
    .update({ manifest: JSON.stringify(more) });
  const { links } = await verified();
  expect(links['grant']).toMatchObject({ verdict: 'fails', differences: [{ field: 'items' }] });
  expect(links['policy']).toMatchObject({
    verdict: 'fails',
    differences: [{ field: 'policyLine', expected: 'no-such' }],
  });
  expect(links['delivery']?.differences).toContainEqual(expect.objectContaining({ field: 'ManifestAltered' }));
});
