import { Client, Connection } from '@temporalio/client';
import { startOf } from '../../embedded/process.ts';
import { deliveredAndDue, manifestOf, query } from '../support/books.ts';
import { becomes, type ComposedProcess, type Composition, startComposition } from '../support/compose-run.ts';
import { createIntegrator, type Integrator } from '../support/integrator.ts';
import { startPlatform } from '../support/platform.ts';
import { comesTo, file, personsAsk } from '../support/request-play.ts';

/** docker-compose.yml allows 10 s and more to stop; by itself each process needs less. */
const STOPS_WITHIN_MS = 10_000;

let servers: Composition;

beforeAll(async () => {
  servers = await startComposition();
  await Promise.all([servers.runScript('temporal-namespace'), servers.runToEnd('migrate')]);
  await servers.runToEnd('seed');
}, 120_000);
afterAll(() => servers.close(), 60_000);

test('with the settings of the compose file an API and two workers carry a request from filing to delivered rows, though one worker is killed', async () => {
  const api = servers.start('api');
  const workers = [servers.start('worker'), servers.start('worker')];
  await becomes(() => servers.isHealthy('api'), api.output);
  for (const one of workers) await becomes(() => one.output().includes('Worker ready'), one.output);
  const integrator = createIntegrator({ url: () => servers.apiUrl, dataDir: servers.dataDir });
  const ask = personsAsk('王');

  const caseId = await file(integrator, ask);
  await approve(integrator, 'civil-affairs.lead', `${caseId}.requester-lead.1`);
  const holder = await workerOf(caseId, workers);
  expect(await holder.end('SIGKILL')).toBe('SIGKILL');
  await approve(integrator, 'public-security.reviewer', `${caseId}.provider-reviewer.1`);
  // Compose starts a worker again that ended by itself.
  const again = servers.start('worker');
  await approve(integrator, 'public-security.lead', `${caseId}.provider-lead.1`);
  await comesTo(integrator, { caseId, ask, status: 'completed' });

  const databaseUrl = servers.environment('worker')['SANTONG_DATABASE_URL'] ?? '';
  const manifest = await manifestOf({ databaseUrl }, caseId);
  const { delivered, due } = await deliveredAndDue(servers.dataDir, manifest);
  expect(delivered).toEqual(due);
  expect(delivered.length).toBeGreaterThan(100);
  expect(integrator.faults).toEqual([]);

  const running = [api, again, ...workers.filter((one) => one !== holder)];
  await becomes(() => again.output().includes('Worker ready'), again.output);
  const began = Date.now();
  expect(await Promise.all(running.map((one) => one.end('SIGTERM')))).toEqual([0, 0, 0]);
  expect(Date.now() - began).toBeLessThan(STOPS_WITHIN_MS);
  expect([...running, ...workers].map(({ pid }) => startOf(pid))).toEqual(
    [...running, ...workers].map(() => undefined),
  );
}, 180_000);

test('each role reaches its own databases and no other', async () => {
  const reached = async (service: string, setting: string, database: string): Promise<boolean> => {
    const url = new URL(servers.environment(service)[setting] ?? '');
    url.pathname = `/${database}`;
    try {
      await query(url.href, 'select 1');
      return true;
    } catch (error) {
      // 42501: refused for want of the privilege to connect, and for nothing else.
      expect(error).toMatchObject({ code: '42501' });
      return false;
    }
  };
  const platform = (database: string) => reached('worker', 'SANTONG_DATABASE_URL', database);
  expect(await platform('santong')).toBe(true);
  for (const database of ['temporal', 'temporal_visibility', 'postgres', 'template1', 'dept_public_security']) {
    expect([database, await platform(database)]).toEqual([database, false]);
  }
  const seeder = (database: string) => reached('seed', 'SANTONG_DEPARTMENTS_DATABASE_URL', database);
  for (const database of ['santong', 'temporal']) expect([database, await seeder(database)]).toEqual([database, false]);
});

test('migration and seeding run again without harm, also after a seeding that was cut off', async () => {
  const { rows: before } = await counted();
  await query(servers.adminUrl('santong'), "delete from data_sources where id = 'transport-main'");
  await servers.runToEnd('migrate');
  await servers.runToEnd('seed');
  expect(await counted()).toEqual({ rows: before, sources: '7' });

  async function counted() {
    const [found] = await query(
      servers.adminUrl('santong'),
      `select (select count(*) from data_sources) as sources, (select count(*) from people) || '/'
              || (select count(*) from catalogue_entries) as rows`,
    );
    return found as { rows: string; sources: string };
  }
});

test('the namespace keeps closed histories for ten years, and making it again does no harm', async () => {
  await servers.runScript('temporal-namespace');
  const connection = await Connection.connect({ address: servers.temporalAddress });
  const namespace = servers.environment('worker')['SANTONG_TEMPORAL_NAMESPACE'] ?? '';
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  await connection.close();
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(3_650 * 86_400);
});

test('npm start with both addresses given starts a worker and an API and no server', async () => {
  const env = servers.environment('worker');
  const platform = await startPlatform({ env });
  try {
    expect(Object.keys(platform.state().pids).toSorted()).toEqual(['api', 'worker']);
    const { SANTONG_DATABASE_URL: databaseUrl, SANTONG_TEMPORAL_ADDRESS: temporalAddress } = env;
    expect(platform).toMatchObject({ databaseUrl, temporalAddress });
    const integrator = createIntegrator({ url: () => platform.url, dataDir: servers.dataDir });
    const ask = personsAsk('李');
    const caseId = await file(integrator, ask);
    await comesTo(integrator, { caseId, ask, status: 'in-approval' });
    const pids = platform.allPids();
    expect(await platform.stop()).toBe(0);
    expect(pids.map((pid) => startOf(pid))).toEqual(pids.map(() => undefined));
  } finally {
    await platform.remove();
  }
}, 120_000);

async function approve(integrator: Integrator, account: string, taskId: string): Promise<void> {
  const task = `/api/tasks/${taskId}`;
  const { body } = await integrator.get(account, task);
  const approval = { action: 'approve', seen: body.form?.digest, opinion: '同意' };
  const { answer } = await integrator.post(account, `${task}/actions`, approval);
  expect(answer).toMatchObject({ status: 200, body: { status: 'done' } });
}

/** The worker that did the case's last workflow task: it holds the case in its memory. */
async function workerOf(caseId: string, workers: readonly ComposedProcess[]): Promise<ComposedProcess> {
  const connection = await Connection.connect({ address: servers.temporalAddress });
  const namespace = servers.environment('worker')['SANTONG_TEMPORAL_NAMESPACE'] ?? '';
  try {
    const { events } = await new Client({ connection, namespace }).workflow
      .getHandle(`share-request/${caseId}`)
      .fetchHistory();
    const done = events?.findLast((event) => event.workflowTaskCompletedEventAttributes);
    const identity = done?.workflowTaskCompletedEventAttributes?.identity ?? '';
    const found = workers.find(({ pid }) => identity.startsWith(`${pid}@`));
    if (found === undefined) throw new Error(`No worker of ours is ${identity}`);
    return found;
  } finally {
    await connection.close();
  }
}
