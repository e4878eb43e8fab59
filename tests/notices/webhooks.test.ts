import { Webhook } from 'standardwebhooks';
import type { Dispatcher } from '../../notices/dispatcher.ts';
import { openDatabase } from '../../store/database.ts';
import { sendAgain } from '../../store/webhooks.ts';
import { REQUESTER_LEAD } from '../support/cases.ts';
import { dispatcherFor } from '../support/dispatcher.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { addWebhook, fileCase, seedPeople, type TestWebhook } from '../support/told.ts';
import { until } from '../support/until.ts';

const secretKey = Buffer.alloc(32, 6);
let database: TestDatabase;
let receiver: Receiver;
let webhook: TestWebhook;
let dispatcher: Dispatcher;

beforeAll(async () => {
  database = await platformDatabase();
  await seedPeople(database.knex);
});
beforeEach(async () => {
  receiver = await startReceiver();
  webhook = await addWebhook(database.knex, { url: receiver.url, secretKey });
});
afterEach(async () => {
  await dispatcher.stop();
  await receiver.close();
  await database.knex('webhooks').delete();
});
afterAll(() => database.drop());

async function dispatch(options: Partial<Parameters<typeof dispatcherFor>[0]> = {}): Promise<void> {
  dispatcher = await dispatcherFor({ databaseUrl: database.url, secretKey, timeoutMs: 500, ...options });
}

async function settled(caseId: string, knex = database.knex) {
  return until(async () => {
    // First: deliveries of an event come in with its position, so that afterwards those of all events are there.
    const waiting = await knex('outbox').whereNull('position').first();
    const rows = await knex('webhook_deliveries')
      .where({ order_key: caseId, webhook_id: webhook.id })
      .orderBy('position');
    return !waiting && rows.length > 0 && rows.every(({ status }) => status !== 'pending') && rows;
  });
}

/** The events that were taken of a case, as `streamId/seq`, in the order in which they came. */
const taken = (caseId: string): string[] =>
  receiver.taken.filter(({ event }) => event.data.case.id === caseId).map(({ event }) => event.id);

test('a receiver is told of each event of a case once, in order, as a signed CloudEvent', async () => {
  await dispatch();
  const one = await fileCase(database.knex);
  await one.grant();
  await settled(one.id);
  const ofCase = taken(one.id).filter((id) => id.startsWith(`${one.id}/`));
  expect(ofCase).toEqual(one.events().map((_, index) => `${one.id}/${index + 1}`));
  expect(taken(one.id).filter((id) => id.startsWith(`${one.id}.grant/`))).toHaveLength(2);
  const [first] = receiver.taken;
  expect(first?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
  expect(first?.event).toMatchObject({
    specversion: '1.0',
    id: `${one.id}/1`,
    source: 'https://santong.example',
    type: 'cn.gov.shenyang.santong.case.filed',
    subject: one.id,
    datacontenttype: 'application/json',
    data: { seq: 1, case: { id: one.id, requester: 'civil-affairs', provider: 'public-security' } },
  });
  expect(first?.event.time).toBe(one.events()[0]?.at);
  expect(Object.keys(first?.event.data.event)).not.toContain('calendar');
  for (const { body, headers } of receiver.taken) {
    expect(new Webhook(webhook.secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
  }
});

test('what a receiver does not take is sent again under the same id, and nothing later of that case before it', async () => {
  let failures = 3;
  receiver.behave = ({ event }) => (event.data.seq === 2 && (failures -= 1) >= 0 ? 503 : 200);
  await dispatch();
  const one = await fileCase(database.knex);
  await one.approve(REQUESTER_LEAD, 'requester-lead');
  const rows = await settled(one.id);
  expect(taken(one.id)).toEqual(one.events().map((_, index) => `${one.id}/${index + 1}`));
  const second = receiver.received.filter(({ event }) => event.data.seq === 2);
  expect(second).toHaveLength(4);
  expect(new Set(second.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(second.map(({ body }) => body)).size).toBe(1);
  expect(rows[1]).toMatchObject({ status: 'delivered', attempts: 4 });
  expect(rows[1].log.map(({ status }: { status: number }) => status)).toEqual([503, 503, 503, 200]);
  expect(rows[1].log[0].error).toBe('not now');
});

test('a case that is held up holds up no other', async () => {
  const [held, free] = [await fileCase(database.knex), await fileCase(database.knex)];
  receiver.behave = ({ event }) => (event.data.case.id === held.id ? 500 : 200);
  await dispatch({ pause: () => 60_000 });
  await settled(free.id);
  expect(taken(free.id)).toHaveLength(free.events().length);
  expect(receiver.received.filter(({ event }) => event.data.case.id === held.id)).toHaveLength(1);
});

test('after the last attempt a delivery is dead, the next one goes, and it can be sent again', async () => {
  receiver.behave = ({ event }) => (event.data.seq === 1 ? 500 : 200);
  await dispatch({ pause: (attempts) => (attempts > 2 ? undefined : 10) });
  const one = await fileCase(database.knex);
  const rows = await settled(one.id);
  expect(rows.map(({ status }) => status)).toEqual(['dead', ...rows.slice(1).map(() => 'delivered')]);
  expect(rows[0].attempts).toBe(3);
  receiver.behave = () => 200;
  expect(await sendAgain(database.knex, webhook.id)).toBe(1);
  await settled(one.id);
  expect(taken(one.id).at(-1)).toBe(`${one.id}/1`);
});

test('a receiver that is gone for good is not asked twice', async () => {
  receiver.behave = () => 410;
  await dispatch();
  const one = await fileCase(database.knex);
  const rows = await settled(one.id);
  expect(rows.map(({ attempts }) => attempts)).toEqual(rows.map(() => 1));
});

test('a receiver that is not there, one that is slow and one that only says where else are tried again until they come back', async () => {
  const { port } = new URL(receiver.url);
  await receiver.close();
  const elsewhere = await startReceiver();
  await dispatch({ pause: () => 100 });
  const one = await fileCase(database.knex);
  const logOf = async () =>
    (await database.knex('webhook_deliveries').where({ order_key: one.id }).orderBy('position').first())?.log ?? [];
  await until(async () => (await logOf()).length > 0);
  let turn = 0;
  receiver = await startReceiver(() => {
    turn += 1;
    if (turn === 1) return () => undefined;
    if (turn === 2) return (_, response) => response.writeHead(200).write('a body that never ends');
    return turn === 3 ? (_, response) => response.writeHead(302, { Location: elsewhere.url }).end() : 200;
  }, Number(port));
  await settled(one.id);
  const log = await logOf();
  expect(log[0].error).toMatch(/^ECONNREFUSED/);
  expect(log.map(({ error }: { error?: string }) => error)).toContain('No answer in time');
  // Where the body never ends, the status has been said all the same.
  expect(log.at(-1)).toMatchObject({ status: 200 });
  expect(elsewhere.received).toEqual([]);
  await elsewhere.close();
});

test('nothing is sent to an address that the place does not permit, by number or by name', async () => {
  const { port } = new URL(receiver.url);
  const named = await addWebhook(database.knex, { url: `http://localhost:${port}/`, secretKey });
  await dispatch({ webhookNetworks: [], pause: () => undefined });
  const one = await fileCase(database.knex);
  await settled(one.id);
  const rows = await until(async () => {
    const found = await database.knex('webhook_deliveries').whereIn('webhook_id', [webhook.id, named.id]);
    return found.every(({ status }) => status === 'dead') && found;
  });
  expect(rows).toHaveLength(2 * one.events().length);
  for (const { log } of rows) expect(log[0].error).toMatch(/^AddressForbidden/);
  expect(receiver.received).toEqual([]);
});

test('several dispatchers share the work and send nothing twice', async () => {
  await dispatch();
  const others = await Promise.all([1, 2].map(() => dispatcherFor({ databaseUrl: database.url, secretKey })));
  const cases = await Promise.all(Array.from({ length: 6 }, () => fileCase(database.knex)));
  for (const one of cases) await one.grant();
  for (const one of cases) await settled(one.id);
  await Promise.all(others.map((other) => other.stop()));
  for (const one of cases) {
    const ids = taken(one.id).filter((id) => id.startsWith(`${one.id}/`));
    expect(ids).toEqual(one.events().map((_, index) => `${one.id}/${index + 1}`));
  }
});

test('connections to the database that break lose nothing', async () => {
  // Its one connection is older than those of the dispatcher, which are the ones that break.
  const own = openDatabase(database.url, { max: 1, warn: () => undefined });
  const { rows } = await own.raw<{ rows: { now: string }[] }>('select clock_timestamp()::text as now');
  await dispatch();
  const cases = [];
  for (let nth = 0; nth < 6; nth += 1) {
    const one = await fileCase(own);
    await one.grant();
    cases.push(one);
    await own.raw(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and backend_start > ?::timestamptz`,
      [rows[0]?.now ?? ''],
    );
  }
  for (const one of cases) {
    await settled(one.id, own);
    const ids = taken(one.id).filter((id) => id.startsWith(`${one.id}/`));
    expect([...new Set(ids)]).toEqual(one.events().map((_, index) => `${one.id}/${index + 1}`));
  }
  await own.destroy();
});
