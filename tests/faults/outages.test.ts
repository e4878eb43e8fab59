import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { administratorUrl, caseBooks, deliveredAndDue, departmentUrl, manifestOf, query } from '../support/books.ts';
import { freeze } from '../support/freeze.ts';
import { createIntegrator, type Integrator } from '../support/integrator.ts';
import { type Platform, startPlatform } from '../support/platform.ts';
import { approveAll, comesTo, file, personsAsk } from '../support/request-play.ts';
import { bytesIn, holdGate, sessionsOf, slowDown } from '../support/slow-source.ts';
import { until } from '../support/until.ts';

const ASK = personsAsk('王');
const REQUESTER = 'civil-affairs.requester';

let platform: Platform;
let integrator: Integrator;

beforeAll(async () => {
  platform = await startPlatform();
  integrator = createIntegrator({ url: () => platform.url, dataDir: platform.dataDir });
  // Logins are not what is tested here.
  await Promise.all([ASK.requester, ASK.provider].map((one) => integrator.get(`${one}.lead`, '/api/me')));
}, 120_000);
afterAll(() => platform.remove(), 60_000);
afterEach(() => {
  if (integrator.faults.length > 0) throw new Error(`Answered by a fault: ${integrator.faults.join(', ')}`);
});

test('PostgreSQL hangs, is killed and comes back while requests come in: none that was answered is lost or doubled', async () => {
  const before = await caseBooks(platform.state());
  const filings = Array.from({ length: 8 }, async (_, nth) => {
    await sleep(nth * 250);
    return file(integrator, ASK);
  });
  await sleep(300);
  const thaw = freeze(pidOf('postgres'));
  await sleep(1_500);
  platform.kill('postgres');
  thaw();
  const filed = await Promise.all(filings);
  const fresh = (await caseBooks(platform.state())).slice(before.length);
  expect(fresh.map(({ caseId }) => caseId).toSorted()).toEqual(filed.toSorted());
  expect(fresh.map(({ events }) => events['filed'])).toEqual(filed.map(() => 1));
}, 120_000);

test('while Temporal hangs a decision is answered with an address to ask, and carried out once afterwards', async () => {
  const caseId = await file(integrator, ASK);
  const task = `/api/tasks/${caseId}.requester-lead.1`;
  const { body } = await integrator.get('civil-affairs.lead', task);
  const thaw = freeze(pidOf('temporal'));
  const decision = integrator.post('civil-affairs.lead', `${task}/actions`, {
    action: 'approve',
    seen: body.form.digest,
  });
  await sleep(6_500);
  thaw();
  const { asked, answer } = await decision;
  expect({ asked, status: answer.status }).toEqual({ asked: true, status: 200 });
  const [book] = (await caseBooks(platform.state())).filter((one) => one.caseId === caseId);
  expect(book?.events).toMatchObject({ filed: 1, 'answered:approved': 1 });
}, 120_000);

test('a decision that Temporal is killed over is carried out once when Temporal is back', async () => {
  const caseId = await file(integrator, ASK);
  platform.kill('temporal');
  await approveAll(integrator, caseId, ASK);
  await comesTo(integrator, { caseId, ask: ASK, status: 'completed' });
  const [book] = (await caseBooks(platform.state())).filter((one) => one.caseId === caseId);
  expect(book?.events).toMatchObject({ 'answered:approved': 3, granted: 1, deliveryReported: 1 });
}, 120_000);

test('a delivery waits while the provider’s database is closed, the case says why, and it goes on by itself', async () => {
  const close = (allowed: boolean) =>
    asAdministrator(`alter database dept_public_security with allow_connections ${allowed}`);
  await close(false);
  const caseId = await file(integrator, ASK);
  await approveAll(integrator, caseId, ASK);
  const held = await hindered(caseId, 'delivering');
  expect(held).toMatchObject({ reason: { code: 'SourceDown' } });
  expect(held.reason.message).toMatch(/提供部门的数据库暂时无法连接/);
  expect(await latestDelivery(caseId)).toMatchObject({ reason: held.reason, manifest: null });
  await close(true);
  await comesTo(integrator, { caseId, ask: ASK, status: 'completed' });
  await expectDelivered(caseId);
}, 120_000);

test.each([
  {
    what: 'a column that is gone',
    harm: ['public-security', 'alter table persons rename column plate to plate_before'],
    mend: ['public-security', 'alter table persons rename column plate_before to plate'],
    reason: { code: 'SourceChanged', message: /目录不一致（涉及：plate）/ },
  },
  {
    what: 'a provider that refuses the platform’s account',
    harm: ['postgres', 'alter role dept_public_security nologin'],
    mend: ['postgres', 'alter role dept_public_security login'],
    reason: { code: 'AccessRefused', message: /拒绝了平台的账号/ },
  },
] as const)(
  'a delivery fails over $what, the case says so, and it is run again once that is mended',
  async (one) => {
    await change(one.harm);
    const caseId = await file(integrator, ASK);
    await approveAll(integrator, caseId, ASK);
    const held = await hindered(caseId, 'delivery-failed');
    expect(held).toMatchObject({ status: 'failed', reason: { code: one.reason.code } });
    expect(held.reason.message).toMatch(one.reason.message);
    await change(one.mend);
    const again = await integrator.post(REQUESTER, `/api/grants/${caseId}.grant/deliveries`, {});
    expect(again.answer).toMatchObject({ status: 201, body: { id: `${caseId}.grant.2` } });
    await comesTo(integrator, { caseId, ask: ASK, status: 'completed' });
    await expectDelivered(caseId);
  },
  120_000,
);

test('a delivery waits while somebody holds the received table, says so, and takes its place afterwards', async () => {
  const caseId = await file(integrator, ASK);
  await approveAll(integrator, caseId, ASK);
  await comesTo(integrator, { caseId, ask: ASK, status: 'completed' });
  const { target } = await manifestOf(platform.state(), caseId);
  const reader = new pg.Client({ connectionString: departmentUrl(platform.dataDir, 'civil-affairs') });
  await reader.connect();
  try {
    await reader.query(`begin; lock table received.${target.table} in access share mode`);
    const { answer } = await integrator.post(REQUESTER, `/api/grants/${caseId}.grant/deliveries`, {});
    expect(answer.status).toBe(201);
    const waiting = await delivery(caseId, ({ reason }) => reason !== null);
    expect(waiting).toMatchObject({ id: `${caseId}.grant.2`, reason: { code: 'TargetInUse' }, manifest: null });
    expect(waiting.reason?.message).toMatch(/接收数据的表正在被使用/);
  } finally {
    await reader.end();
  }
  await delivery(caseId, ({ status }) => status === 'delivered');
}, 120_000);

test('source, target and platform are killed while rows are on their way: all that is due is there once they are back', async () => {
  const caseId = await file(integrator, ASK);
  await approveAll(integrator, caseId, ASK);
  await comesTo(integrator, { caseId, ask: ASK, status: 'completed' });
  const client = async (department: string): Promise<pg.Client> => {
    const one = new pg.Client({ connectionString: departmentUrl(platform.dataDir, department) });
    one.on('error', () => undefined);
    await one.connect();
    return one;
  };
  const [source, target] = [await client('public-security'), await client('civil-affairs')];
  await slowDown(source, 60_000);
  await holdGate(source);
  const size = await bytesIn(target);
  const { answer } = await integrator.post(REQUESTER, `/api/grants/${caseId}.grant/deliveries`, {});
  const deliveryId: string = answer.body.id;
  await until(async () => (await bytesIn(target)) > size + 4 * 1024 * 1024);
  expect(await sessionsOf(deliveryId, source)).toBe(1);
  // They are databases of one server here.
  platform.kill('postgres');
  await delivery(caseId, ({ id, status }) => id === deliveryId && status === 'delivered');
  await Promise.allSettled([source.end(), target.end()]);
  const listed = await query(
    departmentUrl(platform.dataDir, 'civil-affairs'),
    `select 1 from received.deliveries where delivery_id = $1`,
    [deliveryId],
  );
  expect(listed).toHaveLength(1);
  const [told] = await query<{ manifest: string }>(
    platform.state().databaseUrl,
    'select manifest from deliveries where id = $1',
    [deliveryId],
  );
  const { delivered, due } = await deliveredAndDue(platform.dataDir, JSON.parse(told?.manifest ?? ''));
  expect(due.length).toBeGreaterThan(60_000);
  expect(delivered).toEqual(due);
}, 180_000);

interface DeliveryAnswer {
  readonly id: string;
  readonly status: string;
  readonly reason: { readonly code: string; readonly message: string } | null;
}

async function latestDelivery(caseId: string): Promise<DeliveryAnswer> {
  const { body } = await integrator.get(REQUESTER, `/api/grants/${caseId}.grant/deliveries`);
  return body.items[0];
}

/** The latest delivery of a case's grant, once it is as wanted. */
async function delivery(caseId: string, wanted: (one: DeliveryAnswer) => boolean): Promise<DeliveryAnswer> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const latest = await latestDelivery(caseId);
    if (wanted(latest)) return latest;
    if (Date.now() > deadline) throw new Error(JSON.stringify(latest));
    await sleep(200);
  }
}

/** What stands in the way of a case's delivery, once something does. */
async function hindered(caseId: string, status: string): Promise<DeliveryAnswer & { reason: { message: string } }> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await comesTo(integrator, { caseId, ask: ASK, status });
    if (found['hindrance']) return found['hindrance'] as DeliveryAnswer & { reason: { message: string } };
    if (Date.now() > deadline) throw new Error(JSON.stringify(found));
    await sleep(200);
  }
}

async function expectDelivered(caseId: string): Promise<void> {
  const manifests = await query<{ manifest: string }>(
    platform.state().databaseUrl,
    "select manifest from deliveries where grant_id = $1 and status = 'delivered'",
    [`${caseId}.grant`],
  );
  expect(manifests).toHaveLength(1);
  const { delivered, due } = await deliveredAndDue(platform.dataDir, JSON.parse(manifests[0]?.manifest ?? ''));
  expect(due.length).toBeGreaterThan(0);
  expect(delivered).toEqual(due);
}

async function change([where, sql]: readonly [string, string]): Promise<void> {
  if (where === 'postgres') await asAdministrator(sql);
  else await query(departmentUrl(platform.dataDir, where), sql);
}

async function asAdministrator(sql: string): Promise<void> {
  await query(administratorUrl(platform, 'postgres'), sql);
}

function pidOf(service: 'postgres' | 'temporal'): number {
  const pid = platform.state().pids[service];
  if (pid === undefined) throw new Error(`${service} is not running`);
  return pid;
}
