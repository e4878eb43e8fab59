import { setTimeout } from 'node:timers/promises';
import { sharingAskOf } from '../../domain/sharing.ts';
import { loadPolicies } from '../../policies/policy.ts';
import { linesFor } from '../../store/sharing-lines.ts';
import { grantWithEntry } from '../../store/transfers.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { grantedCase, REQUESTER } from '../support/grant.ts';
import { AUTHORITY, LEAD, type Publishing, publishing, REJECTION, REVIEWER } from '../support/publishing.ts';
import { until } from '../support/until.ts';

let api: Api;
let by: Publishing;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  by = await publishing(api);
}, 120_000);
afterAll(() => api.close());

test('a suspended entry takes no request until it is resumed, or a change of it is published', async () => {
  const entryId = await by.published();
  await by.carried({ entryId }, { kind: 'suspend', reason: '系统改造' });
  expect(await by.entryOf(entryId)).toMatchObject({ status: 'suspended', statusReason: '系统改造', actions: [] });
  const { body: found } = await api.ask(REQUESTER, 'GET', '/api/catalogue?provider=public-security&limit=200');
  expect(found.items.find(({ id }: { id: string }) => id === entryId)).toMatchObject({
    status: 'suspended',
    statusReason: '系统改造',
    actions: [],
  });
  const asked = { body: application({ entryId, items: ['name'], rowScope: { all: [] } }) };
  const refused = await api.ask(REQUESTER, 'POST', '/api/share-requests', asked);
  expect(refused.body.errors).toMatchObject([
    { pointer: '/entryId', code: 'EntrySuspended', message: '该目录已暂停：系统改造' },
  ]);
  const again = await by.file({ entryId }, { kind: 'suspend', reason: '再次' });
  expect(again.body.errors).toMatchObject([{ pointer: '/form/kind', code: 'KindUnfit' }]);

  const unsaid = await by.file({ entryId }, { kind: 'resume', grants: 'keep' });
  expect(unsaid.body.errors).toMatchObject([
    { pointer: '/form/reason', code: 'FieldMissing' },
    { pointer: '/form/grants', code: 'FieldNotAllowed' },
  ]);
  await by.carried({ entryId }, { kind: 'resume', reason: '改造完成' });
  const resumed = await by.entryOf(entryId);
  expect(resumed).toMatchObject({ status: 'published', version: 1 });
  expect(resumed).not.toHaveProperty('statusReason');
  expect((await api.ask(REQUESTER, 'POST', '/api/share-requests', asked)).status).toBe(201);
  const unfit = await by.file({ entryId }, { kind: 'resume', reason: '再次' });
  expect(unfit.body.errors).toMatchObject([{ pointer: '/form/kind', code: 'KindUnfit' }]);

  await by.carried({ entryId }, { kind: 'suspend', reason: '系统改造' });
  await by.changed(entryId, { summary: '改造完成。' });
  expect(await by.entryOf(entryId)).toMatchObject({ status: 'published', version: 2 });
  expect(await changesOf(entryId)).toMatchObject([
    { kind: 'published', version: 1, status: 'published', reason: null },
    { kind: 'suspended', version: 1, status: 'suspended', reason: '系统改造' },
    { kind: 'resumed', version: 1, status: 'published', reason: '改造完成' },
    { kind: 'suspended', version: 1, status: 'suspended' },
    { kind: 'changed', version: 2, status: 'published' },
  ]);
});

/** What the order of changes tells of an entry, read page by page. */
async function changesOf(entryId: string): Promise<{ position: number; entryId: string; digest: string }[]> {
  const all = [];
  for (let after = 0; ;) {
    const { body } = await api.ask(AUTHORITY, 'GET', `/api/catalogue/changes?after=${after}&limit=7`);
    if (body.items.length === 0) {
      expect(body.next).toBe(after);
      break;
    }
    expect(body.items[0].position).toBe(after + 1);
    expect(body.next).toBe(body.items.at(-1).position);
    all.push(...body.items);
    after = body.next;
  }
  return all.filter((one) => one.entryId === entryId);
}

test('a withdrawal says what becomes of the grants: here they end with it, and so do the requests under way', async () => {
  const { grantId } = await grantedCase(api);
  const { body: other } = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  const refusedOne = (await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() })).body;
  await by.decide('civil-affairs.lead', refusedOne.id, 'requester-lead', REJECTION);
  await by.carried({ entryId: 'persons' }, { kind: 'withdraw', reason: '职责调整', grants: 'terminate' });
  await until(async () => (await api.ask(REQUESTER, 'GET', `/api/grants/${grantId}`)).body.status === 'terminated');
  expect(await by.entryOf('persons')).toMatchObject({ status: 'withdrawn', version: 1 });
  const { body: listed } = await api.ask(REQUESTER, 'GET', '/api/catalogue?provider=public-security&limit=200');
  expect(listed.items.map(({ id }: { id: string }) => id)).not.toContain('persons');

  const { body: ended } = await api.ask(REQUESTER, 'GET', `/api/cases/${other.id}`);
  expect(ended).toMatchObject({ status: 'terminated', grants: [] });
  const { body: events } = await api.ask(REQUESTER, 'GET', `/api/cases/${other.id}/events`);
  expect(events.items.map(({ event }: { event: object }) => event)).toContainEqual(
    expect.objectContaining({
      type: 'terminated',
      actor: AUTHORITY,
      reason: '目录《户籍人口基本信息》已撤销，申请随之终止',
    }),
  );

  const refused = await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() });
  expect(refused.body.errors).toMatchObject([{ pointer: '/entryId', code: 'EntryWithdrawn' }]);
  const refile = { body: { action: 'refile', form: { purpose: '社会救助资格核验' } } };
  const refiled = await api.ask(REQUESTER, 'POST', `/api/cases/${refusedOne.id}/actions`, refile);
  expect(refiled.body.errors).toMatchObject([{ pointer: '/entryId', code: 'EntryWithdrawn' }]);
  const begun = await api.ask(REVIEWER, 'POST', '/api/catalogue/drafts', { body: { entryId: 'persons' } });
  expect(begun).toMatchObject({ status: 409, body: { code: 'EntryWithdrawn' } });

  // Whatever became of a grant, the policies let nothing more out of it.
  const { knex } = api.engine.platform;
  await knex('sharing_lines').where({ grant_id: grantId }).update({ until: null });
  const { grant, entry } = await grantWithEntry(knex, grantId);
  const policies = await loadPolicies('policies');
  const verdict = policies.mayShare(
    await linesFor(knex, 'civil-affairs', 'persons'),
    sharingAskOf(grant, entry, grant.validFrom),
  );
  expect(verdict).toMatchObject({ allowed: false, why: 'Denied', line: `withdrawn/${grantId}/1.1` });
});

test('requests that are filed at the very moment of a withdrawal are refused or end with it: none is left under way', async () => {
  const entryId = await by.published();
  const { id } = (await by.file({ entryId }, { kind: 'withdraw', reason: '职责调整', grants: 'terminate' })).body;
  await by.decide(LEAD, id, 'lead');
  const asked = { body: application({ entryId, items: ['name'], rowScope: { all: [] } }) };
  const later = Array.from({ length: 12 }, async (_, nth) => {
    await setTimeout(nth * 25);
    return api.ask(REQUESTER, 'POST', '/api/share-requests', asked);
  });
  await setTimeout(80);
  await by.decide(AUTHORITY, id, 'authority');
  const answers = await Promise.all(later);
  await by.comesTo(id, 'completed');
  const taken = answers.filter(({ status }) => status === 201);
  expect(taken.length).toBeGreaterThan(0);
  for (const { body } of taken) {
    expect((await api.ask(REQUESTER, 'GET', `/api/cases/${body.id}`)).body.status).toBe('terminated');
  }
  const refused = answers.filter(({ status }) => status === 422).map(({ body }) => body.errors[0].code);
  expect(refused).toEqual(Array.from({ length: 12 - taken.length }, () => 'EntryWithdrawn'));
});

test('with `keep` grants and requests under way go on, on the version that they began with', async () => {
  const entryId = await by.published();
  const asked = { body: application({ entryId, items: ['name'], rowScope: { all: [] } }) };
  const { body: request } = await api.ask(REQUESTER, 'POST', '/api/share-requests', asked);
  await by.carried({ entryId }, { kind: 'withdraw', reason: '职责调整', grants: 'keep' });
  await by.decide('civil-affairs.lead', request.id, 'requester-lead');
  await by.decide(REVIEWER, request.id, 'provider-reviewer');
  await by.decide(LEAD, request.id, 'provider-lead');
  const grant = await until(async () => {
    const { body } = await api.ask(REQUESTER, 'GET', `/api/grants/${request.id}.grant`);
    return body.status === 'active' ? body : undefined;
  });
  expect(grant).toMatchObject({ entry: { id: entryId, version: 1 } });
  expect((await api.ask(REQUESTER, 'POST', '/api/share-requests', asked)).body.errors).toMatchObject([
    { pointer: '/entryId', code: 'EntryWithdrawn' },
  ]);
});
