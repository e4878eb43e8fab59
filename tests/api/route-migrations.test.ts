import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { migrator } from '../../api/route-migrations.ts';
import { commandRunner } from '../../api/command-runner.ts';
import { createEngine } from '../../api/engine.ts';
import { findMigration, insertMigration, takeMigration } from '../../store/route-migrations.ts';
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
  const from = await publishPlain();
  const cases = [await file(), await file(), await file()];
  const to = await publishChanged(api, shorter);
  const { knex: db } = api.engine.platform;
  const logger = pino({ level: 'silent' });
  const engine = createEngine(api.engine.client, { deadlineMs: 20_000, replayMs: 60_000 });
  const commands = commandRunner({ db, engine, logger });
  const [first, second] = cases;
  // It dies after it has sent the second and heard of it, and before it sends the third.
  const dying = migrator({
    db,
    logger,
    commands: {
      async submit(submission) {
        if (submission.target.id === first.id) return commands.submit(submission);
        if (submission.target.id === second.id) await commands.submit(submission);
        throw new Error('The process is dead');
      },
    },
  });
  const actor = { person: AUTHORITY, department: 'data-bureau', roles: ['authority'] as const };
  const run = { id: randomUUID(), routeId: 'share-request/conditional', to, isDryRun: false, actor };
  const kept = { ...run, commandId: `${AUTHORITY}:dying`, receivedAt: '2026-11-25T09:00:00+08:00' };
  const ids = cases.map(({ id }) => id);
  await db.transaction((trx) => insertMigration(trx, kept, ids));
  const stored = await findMigration(db, run.routeId, run.id);
  expect(stored && (await dying.advance(stored))).toBe(false);
  const path = `${ROUTE}/migrations/${run.id}`;
  const halfway = (await api.ask('auditor', 'GET', path)).body;
  expect(halfway).toMatchObject({ status: 'running', endedAt: null, counts: { moved: 1, waiting: 2 } });
  await migrator({ db, logger, commands }).round();
  const { body: done } = await api.ask('auditor', 'GET', path);
  expect(done).toMatchObject({ status: 'done', counts: { moved: 3, waiting: 0 } });
  expect(done.items).toMatchObject(ids.map((caseId) => ({ caseId, from, outcome: 'moved', problem: null })));
  const migrated = await db('events').whereRaw("event ->> 'type' = 'migrated'").whereIn('stream_id', ids);
  expect(migrated).toHaveLength(3);
});

test('while one process is at a migration another leaves it alone', async () => {
  const to = await publishPlain();
  const run = await migrate({ to, dryRun: true });
  const { knex: db } = api.engine.platform;
  await db('route_migrations').where({ id: run.id }).update({ ended_at: null });
  const stored = await findMigration(db, run.routeId, run.id);
  if (!stored) throw new Error('It is kept');
  await db.transaction(async (place) => {
    expect(await takeMigration(place, run.id)).toBe(true);
    expect(await api.app.moving.advance(stored)).toBe(false);
  });
  expect(await api.app.moving.advance(stored)).toBe(true);
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
