import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import type { Actor } from '../../domain/language.ts';
import { faultsOfRoute } from '../../domain/route-check.ts';
import { loadPolicies } from '../../policies/policy.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { grantedCase } from '../support/grant.ts';
import { until } from '../support/until.ts';
import { RETURN_FLOW, returnFlowEffects } from './examples/return-flow.ts';
import { REVIEWED_TWICE } from './examples/reviewed-twice.ts';
import { workingDayEndpoints } from './examples/working-day-route.ts';

let api: Api;
let grantId: string;

beforeAll(async () => {
  api = await startApi({ processes: [RETURN_FLOW] });
  await api.engine.startWorkers({ 'return-flow': returnFlowEffects });
  // By the route as it ships, before an example publishes another.
  ({ grantId } = await grantedCase(api));
}, 120_000);
afterAll(() => api.close());

test.each([
  ['adding-a-route.md', 'working-day-route.ts'],
  ['adding-a-route.md', 'reviewed-twice.ts'],
  ['adding-a-process.md', 'return-flow.ts'],
])('%s shows %s as it is tested here', async (page, example) => {
  const [shown, code] = await Promise.all([
    readFile(join(projectRoot, 'docs', page), 'utf8'),
    readFile(join(import.meta.dirname, 'examples', example), 'utf8'),
  ]);
  // The page leaves the imports out.
  const body = code.slice(code.search(/^(?!import)\S/m)).trim();
  expect(shown).toContain(body);
});

test('the example of a URL route tells working days, holidays and dates that do not exist apart', async () => {
  const [endpoint] = workingDayEndpoints({ db: api.engine.platform.knex });
  if (!endpoint) throw new Error('The example has no endpoint');
  const ask = (date: string) => endpoint.handle({ params: { date } } as never);
  expect(await ask('2026-10-01')).toMatchObject({ body: { isWorkingDay: false, standing: 'official' } });
  expect(await ask('2026-11-25')).toMatchObject({ status: 200, body: { isWorkingDay: true } });
  await expect(ask('2026-02-30')).rejects.toThrow('NotFound');
  const policies = await loadPolicies(join(projectRoot, 'policies'));
  const { object, action } = endpoint.access as { object: string; action: string };
  const reader: Actor = { person: 'p', department: 'transport', roles: ['requester'] };
  expect(policies.may(reader, action, object, 'transport')).toBe(true);
});

test('the example of an approval route is sound, and new cases take it while running ones keep theirs', async () => {
  expect(faultsOfRoute(REVIEWED_TWICE)).toEqual([]);
  const before = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { body: application() });
  const { id, version } = REVIEWED_TWICE;
  await api.engine.platform.knex('routes').insert({ id, version, body: JSON.stringify(REVIEWED_TWICE) });
  const after = await api.ask('civil-affairs.requester', 'POST', '/api/share-requests', { body: application() });
  expect([before.body.stage, after.body.stage]).toEqual(['requester-lead', 'requester-reviewer']);

  const { body: shown } = await api.ask('civil-affairs.reviewer', 'GET', `/api/cases/${after.body.id}`);
  const { taskId } = shown.actions[0];
  const answered = await api.ask('civil-affairs.reviewer', 'POST', `/api/tasks/${taskId}/actions`, {
    body: { action: 'approve', seen: shown.form.digest },
  });
  expect(answered.body.case.stage).toBe('requester-lead');
});

test('the example of a process is filed, answered and closed on a platform that knows nothing else of it', async () => {
  const { knex } = api.engine.platform;
  await knex.raw(sqlOf(await readFile(join(projectRoot, 'docs/adding-a-process.md'), 'utf8')));
  const { route } = RETURN_FLOW;
  expect(faultsOfRoute(route)).toEqual([]);
  await knex('routes').insert({ id: route.id, version: route.version, body: JSON.stringify(route) });
  const form = { results: '核验结果统计', until: '2027-03-31', form: 'table' };
  const file = (account: string, changes: object = {}) =>
    api.ask(account, 'POST', '/api/cases', {
      body: { process: 'return-flow', about: { grantId }, form: { ...form, ...changes } },
    });
  expect((await file('public-security.reviewer', { until: 'soon' })).status).toBe(422);
  expect((await file('civil-affairs.requester')).status).toBe(403);
  const filed = await file('public-security.reviewer');
  expect(filed).toMatchObject({ status: 201, body: { number: expect.stringMatching(/^HL-/) } });
  const { id, form: seen } = filed.body;
  for (const [account, stage] of [
    ['civil-affairs.reviewer', 'prepare'],
    ['civil-affairs.lead', 'agree'],
  ] as const) {
    const body = { action: 'approve', seen: seen.digest };
    expect((await api.ask(account, 'POST', `/api/tasks/${id}.${stage}.1/actions`, { body })).status).toBe(200);
  }
  await until(async () => (await api.ask('auditor', 'GET', `/api/cases/${id}`)).body.status === 'completed');
  expect(await knex('return_flows')).toMatchObject([{ case_id: id, grant_id: grantId }]);
  const replay = await api.ask('auditor', 'POST', `/api/cases/${id}/replay`, { body: {} });
  expect(replay.body.verdict).toBe('agrees');
});

function sqlOf(page: string): string {
  return /```sql\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
}
