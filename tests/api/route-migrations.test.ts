import { pino } from 'pino';
import { migrator } from '../../api/route-migrations.ts';
import { commandRunner } from '../../api/command-runner.ts';
import { createEngine } from '../../api/engine.ts';
import { openMigrations } from '../../store/route-migrations.ts';
import { type Api, application, startApi } from '../support/api.ts';
import { grantedCase, REQUESTER } from '../support/grant.ts';
import { AUTHORITY, CONDITIONAL_PATH as ROUTE, publishChanged } from '../support/routes.ts';
import { until } from '../support/until.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
}, 120_000);
afterAll(() => api.close());

// oxlint-disable-next-line typescript/no-explicit-any -- answers of every shape
type Json = any;

async function file(): Promise<Json> {
  return (await api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application() })).body;
}

function approve(filed: Json, stage: string, account: string) {
  const body = { action: 'approve', seen: filed.form.digest };
  return api.ask(account, 'POST', `/api/tasks/${filed.id}.${stage}.1/actions`, { body });
}

async function migrate(body: Record<string, unknown>, key?: string): Promise<Json> {
  const path = `${ROUTE}/migrations`;
  const answer = await api.ask(AUTHORITY, 'POST', path, { body, ...(key === undefined ? {} : { key }) });
  expect([200, 202]).toContain(answer.status);
  return until(async () => {
    const { body: run } = await api.ask(AUTHORITY, 'GET', answer.body.href);
    return run.status === 'done' && run;
  });
}

const itemOf = (run: Json, { id }: Json) => run.items.find(({ caseId }: Json) => caseId === id);
const routeOf = async ({ id }: Json) => (await api.ask(REQUESTER, 'GET', `/api/cases/${id}`)).body.route.version;

/** A version like the first, which the cases of a test are filed on. */
const publishPlain = () => publishChanged(api, () => undefined);

/** The lead of the requester signs on less: the signature lapses. */
const narrower = (root: Json): void => {
  root.blocks[0].seat = [root.blocks[0].seat];
};
/** Without the provider's reviewer. */
const shorter = (root: Json): void => {
  root.blocks[1].blocks.shift();
};
/** Without anything that is open: what remains has been answered. */
const decided = (root: Json): void => {
  root.blocks.pop();
};

test('a look at a move tells what lapses, what is dropped and why a case cannot go, and moves none', async () => {
  const from = await publishPlain();
  const signed = await file();
  await approve(signed, 'requester-lead', 'civil-affairs.lead');
  const fresh = await file();
  const granted = await grantedCase(api);
  const lapsing = await publishChanged(api, narrower);
  const dropping = await publishChanged(api, shorter);
  const deciding = await publishChanged(api, decided);
  const cases = [signed.id, fresh.id, granted.caseId, 'no-such-case'];
  const look = (to: number) => migrate({ to, cases, dryRun: true });
  const first = await look(lapsing);
  expect(first).toMatchObject({ dryRun: true, counts: { 'would-move': 2, refused: 2, moved: 0, waiting: 0 } });
  expect(itemOf(first, signed)).toMatchObject({ from, lapsed: ['requester-lead'], dropped: [], problem: null });
  expect(itemOf(first, fresh)).toMatchObject({ outcome: 'would-move', lapsed: [] });
  expect(itemOf(first, { id: granted.caseId })).toMatchObject({
    outcome: 'refused',
    problem: { code: expect.stringMatching(/^(AlreadyGranted|CaseEnded)$/), title: expect.stringMatching(/已经/) },
  });
  expect(first.items.at(-1)).toMatchObject({ caseId: 'no-such-case', number: null, problem: { code: 'NotFound' } });
  expect(itemOf(await look(dropping), signed)).toMatchObject({ outcome: 'would-move', dropped: ['provider-reviewer'] });
  const third = itemOf(await look(deciding), signed);
  expect(third.problem).toMatchObject({ code: 'MigrationDecides', type: '/problems/migration-decides' });
  expect(await routeOf(signed)).toBe(from);
});

test('running cases are moved one by one, what cannot go stays, and repeating the ask moves nothing twice', async () => {
  const from = await publishPlain();
  const signed = await file();
  await approve(signed, 'requester-lead', 'civil-affairs.lead');
  const withdrawn = await file();
  await api.ask(REQUESTER, 'POST', `/api/cases/${withdrawn.id}/actions`, { body: { action: 'withdraw' } });
  const to = await publishChanged(api, shorter);
  const after = await file();
  const run = await migrate({ to }, 'move-all');
  expect(itemOf(run, after)).toBeUndefined();
  expect(itemOf(run, withdrawn)).toBeUndefined();
  expect(itemOf(run, signed)).toMatchObject({ outcome: 'moved', from, dropped: ['provider-reviewer'] });
  expect(await routeOf(signed)).toBe(to);
  expect(await migrate({ to }, 'move-all')).toEqual(run);
  const { body: events } = await api.ask('auditor', 'GET', `/api/cases/${signed.id}/events`);
  const moves = events.items.filter(({ event }: Json) => event.type === 'migrated');
  expect(moves).toMatchObject([{ event: { actor: AUTHORITY, capacity: { role: 'authority' } } }]);
  const next = await migrate({ to, cases: [signed.id, withdrawn.id] });
  expect(itemOf(next, signed)).toMatchObject({ outcome: 'unchanged' });
  expect(itemOf(next, withdrawn).problem).toMatchObject({ code: 'CaseEnded' });
  const refused = await api.ask(AUTHORITY, 'GET', `${next.href}?outcome=refused`);
  expect(refused.body.items.map(({ caseId }: Json) => caseId)).toEqual([withdrawn.id]);
  expect((await approve(signed, 'provider-lead', 'public-security.lead')).body.case.grantId).not.toBeNull();
});

test('what a process that died had begun is gone on with by the rounds of another, and nothing is done twice', async () => {
  await publishPlain();
  const cases = [await file(), await file(), await file()];
  const to = await publishChanged(api, narrower);
  const { knex } = api.engine.platform;
  const body = { to, cases: cases.map(({ id }) => id) };
  const run = await migrate(body, 'interrupted');
  // As if the process had died before it wrote down what became of the first two, and before it sent the third.
  await knex('route_migrations').where({ id: run.id }).update({ ended_at: null });
  await knex('route_migration_cases').where({ migration_id: run.id }).update({ outcome: 'waiting', detail: '{}' });
  const late = await file();
  await knex('route_migration_cases')
    .where({ migration_id: run.id, case_id: cases[2].id })
    .update({ case_id: late.id });
  const logger = pino({ level: 'silent' });
  const engine = createEngine(api.engine.client, { deadlineMs: 20_000, replayMs: 60_000 });
  const moving = migrator({ db: knex, logger, commands: commandRunner({ db: knex, engine, logger }) });
  await moving.round();
  expect(await openMigrations(knex)).toEqual([]);
  const { body: done } = await api.ask('auditor', 'GET', run.href);
  expect(done).toMatchObject({ status: 'done', counts: { moved: 2, unchanged: 1, waiting: 0 } });
  const migrated = await knex('events').whereRaw("event ->> 'type' = 'migrated'").whereIn('stream_id', body.cases);
  expect(migrated).toHaveLength(3);
});

test('a move is asked for in words that can be carried out', async () => {
  const ask = (body: unknown) => api.ask(AUTHORITY, 'POST', `${ROUTE}/migrations`, { body });
  expect((await ask({ to: 99 })).body.errors).toMatchObject([{ pointer: '/to', code: 'VersionUnknown' }]);
  expect((await ask({ to: 1, cases: ['a', 'a'] })).body.errors).toMatchObject([
    { pointer: '/cases', code: 'Duplicate' },
  ]);
  expect((await ask({ to: 1, cases: 'some' })).status).toBe(422);
  const nowhere = { body: { to: 1 } };
  expect((await api.ask(AUTHORITY, 'POST', '/api/routes/no~such/migrations', nowhere)).status).toBe(404);
});
