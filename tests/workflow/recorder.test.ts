import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import knex from 'knex';
import { projectRoot } from '../../config.ts';
import { chain, type Entry } from '../../domain/journal.ts';
import { type GrantEvent, type GrantPersonAction, grantMachine } from '../../domain/kernel/grant.ts';
import { replayEvents } from '../../domain/machine.ts';
import { eventsOf } from '../../store/record.ts';
import { act, grantWorkflowId, type Outcome, TASK_QUEUE } from '../../workflows/messages.ts';
import { PROVIDER_LEAD } from '../support/cases.ts';
import { type Engine, startEngine } from '../support/engine.ts';
import { storeGrant } from '../support/grants.ts';
import { adminUrl, temporalAddress } from '../support/servers.ts';

let engine: Engine;
let worker: ChildProcess;

beforeAll(async () => {
  engine = await startEngine();
  worker = await startWorker();
}, 120_000);
afterAll(async () => {
  worker.kill('SIGKILL');
  await engine.close();
});

async function startWorker(): Promise<ChildProcess> {
  const { platform, namespace, secretKey } = engine;
  const hooks = pathToFileURL(join(projectRoot, 'tests/support/typescript.mjs')).href;
  const child = fork(
    join(projectRoot, 'tests/support/worker-child.ts'),
    [platform.url, temporalAddress(), namespace, Buffer.from(secretKey).toString('hex')],
    { execArgv: ['--import', hooks, '--no-warnings'] },
  );
  await once(child, 'message');
  return child;
}

async function openGrant(): Promise<string> {
  const period = { validFrom: '2099-01-01', validTo: '2099-12-31' };
  const { id, begin } = await storeGrant(engine.platform.knex, { grantId: `${randomUUID()}.grant`, ...period });
  await engine.client.workflow.start('grant', {
    workflowId: grantWorkflowId(id),
    taskQueue: TASK_QUEUE,
    args: [{ streamId: id, begin, isBegun: true }],
  });
  return id;
}

/** Suspends and resumes in turn; whichever does not fit where the grant stands is refused. */
function send(grantId: string, nth: number): Promise<Outcome> {
  const action = nth % 2 === 0 ? 'suspend' : 'resume';
  const command = {
    id: `c${nth}`,
    at: new Date().toISOString(),
    actor: PROVIDER_LEAD,
    do: { action, reason: '核查' } as GrantPersonAction,
  };
  return engine.client.workflow
    .getHandle(grantWorkflowId(grantId))
    .executeUpdate(act, { args: [command], updateId: command.id });
}

/** Everything that was answered is recorded, once and in order, and the grant's row is what the events come to. */
async function expectWhole(grantId: string, outcomes: readonly PromiseSettledResult<Outcome>[]): Promise<void> {
  const events = await eventsOf(engine.platform.knex, grantId);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  let digest = '';
  for (const { seq, commandId, event, digest: kept } of events) {
    digest = chain(digest, grantId, { seq, commandId, event } as Entry<GrantEvent>);
    expect(kept).toBe(digest);
  }
  const answered = outcomes.flatMap((outcome, nth) => (outcome.status === 'fulfilled' ? [`c${nth}`] : []));
  const recorded = events.map(({ commandId }) => commandId).filter((id) => /^c\d/.test(id));
  expect(recorded.toSorted()).toEqual(answered.toSorted());
  const { state } = await engine.platform.knex('grants').where({ id: grantId }).first();
  expect(replayEvents(grantMachine, events.map(({ event }) => event) as GrantEvent[])).toEqual(state);
}

const thirty = (grantId: string): Promise<Outcome>[] => Array.from({ length: 30 }, (_, nth) => send(grantId, nth));

test('thirty commands at once are recorded one after another, as they were decided', async () => {
  const grantId = await openGrant();
  await expectWhole(grantId, await Promise.allSettled(thirty(grantId)));
}, 120_000);

test('a database that goes away and comes back loses nothing, and nobody is answered before it is written', async () => {
  const grantId = await openGrant();
  await send(grantId, 1_000);
  const admin = knex({ client: 'pg', connection: adminUrl(), pool: { min: 0, max: 1 } });
  const { name } = engine.platform;
  try {
    await admin.raw('alter database ?? with allow_connections false', [name]);
    await admin.raw('select pg_terminate_backend(pid) from pg_stat_activity where datname = ?', [name]);
    let answered = 0;
    const outcomes = Promise.allSettled(
      thirty(grantId).map((one) => one.then((outcome) => ((answered += 1), outcome))),
    );
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(answered).toBe(0);
    await admin.raw('alter database ?? with allow_connections true', [name]);
    const settled = await outcomes;
    const all: PromiseSettledResult<Outcome>[] = [...settled];
    all[1_000] = { status: 'fulfilled', value: { streamId: grantId, seq: 0, status: '' } };
    await expectWhole(
      grantId,
      Array.from(all, (one) => one ?? { status: 'rejected', reason: 'never sent' }),
    );
  } finally {
    await admin.raw('alter database ?? with allow_connections true', [name]);
    await admin.destroy();
  }
}, 120_000);

test('a worker killed in the middle is taken over by the next one, and nothing is lost or done twice', async () => {
  const grantId = await openGrant();
  const outcomes = Promise.allSettled(thirty(grantId));
  await new Promise((resolve) => setTimeout(resolve, 150));
  worker.kill('SIGKILL');
  worker = await startWorker();
  await expectWhole(grantId, await outcomes);
}, 120_000);
