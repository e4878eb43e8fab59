import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import type { Actor } from '../../domain/language.ts';
import { type Journal, step } from '../../domain/journal.ts';
import { replayEvents } from '../../domain/machine.ts';
import { faultsOfRoute } from '../../domain/route-check.ts';
import { loadPolicies } from '../../policies/policy.ts';
import { type Api, application, startApi } from '../support/api.ts';
import {
  type ProposalAction,
  type ProposalEvent,
  proposalMachine,
  type ProposalState,
} from './examples/entry-proposal.ts';
import { REVIEWED_TWICE } from './examples/reviewed-twice.ts';
import { workingDayEndpoints } from './examples/working-day-route.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

test.each([
  ['adding-a-route.md', 'working-day-route.ts'],
  ['adding-a-route.md', 'reviewed-twice.ts'],
  ['adding-a-process.md', 'entry-proposal.ts'],
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

test('the example of a process decides, refuses, lets time count and replays', () => {
  const authority: Actor = { person: 'a', department: 'data-bureau', roles: ['authority'] };
  const lead: Actor = { person: 'l', department: 'transport', roles: ['sharing-lead'] };
  const events: ProposalEvent[] = [];
  let journal: Journal<ProposalState> = { state: undefined, seq: 0, settled: {} };
  let commands = 0;
  function send(actor: Actor, action: ProposalAction): string {
    const command = { id: `c${(commands += 1)}`, at: '2026-11-25T09:00:00+08:00', actor, do: action };
    const taken = step(proposalMachine, journal, command);
    if ('refusal' in taken) return taken.refusal.code;
    journal = taken.journal;
    events.push(...taken.entries.map(({ event }) => event));
    return journal.state?.status ?? '';
  }
  expect(send(lead, { action: 'publish' })).toBe('NotFiled');
  expect(send(lead, { action: 'propose', entryId: 'roads', department: 'transport', dueOn: '2026-11-27' })).toBe(
    'proposed',
  );
  expect(send(lead, { action: 'publish' })).toBe('NotYourTask');
  expect(send(authority, { action: 'sendBack', reason: ' ' })).toBe('ReasonMissing');
  const alarm = journal.state && proposalMachine.alarm(journal.state);
  expect(alarm).toEqual({ at: '2026-11-27T23:59:59.999+08:00', do: { action: 'passLimit' } });
  expect(send(authority, { action: 'passLimit' })).toBe('proposed');
  expect(send(authority, { action: 'publish' })).toBe('published');
  expect(send(authority, { action: 'publish' })).toBe('AlreadyDecided');
  expect(replayEvents(proposalMachine, events)).toEqual(journal.state);
  expect(journal.state?.isLate).toBe(true);
});
