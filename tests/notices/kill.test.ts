import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../config.ts';
import { readFeed } from '../../store/feed.ts';
import { openDatabase } from '../../store/database.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { addWebhook, fileCase, seedPeople, type ToldCase } from '../support/told.ts';
import { until } from '../support/until.ts';

const secretKey = Buffer.alloc(32, 8);
const KILLS = 12;
const CASES = 40;
/** What one process has on its way to one receiver at most. */
const IN_FLIGHT = 2;
let database: TestDatabase;
let receiver: Receiver;
let child: ChildProcess | undefined;

beforeAll(async () => {
  database = await platformDatabase();
  await seedPeople(database.knex);
  // Slow enough that a kill often hits a message on its way.
  receiver = await startReceiver(() => (_, response) => void setTimeout(() => response.writeHead(204).end(), 4));
  await addWebhook(database.knex, { url: receiver.url, secretKey });
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await receiver.close();
  await database.drop();
});

async function startChild(): Promise<ChildProcess> {
  const hooks = join(projectRoot, 'tests/support/typescript.mjs');
  const started = fork(
    join(projectRoot, 'tests/support/dispatcher-child.ts'),
    [database.url, secretKey.toString('hex')],
    {
      execArgv: ['--no-warnings', '--import', hooks],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  child = started;
  await once(started, 'message');
  return started;
}

test('a dispatcher that is killed again and again loses nothing, and repeats only what was on its way', async () => {
  const cases: ToldCase[] = [];
  const filing = (async () => {
    for (let nth = 0; nth < CASES; nth += 1) {
      const one = await fileCase(database.knex);
      cases.push(one);
      await one.grant();
    }
  })();
  for (let nth = 0; nth < KILLS; nth += 1) {
    const victim = await startChild();
    const before = receiver.received.length;
    await until(async () => receiver.received.length > before);
    await sleep((nth * 37) % 120);
    victim.kill('SIGKILL');
    await once(victim, 'exit');
  }
  await filing;
  await startChild();
  const db = openDatabase(database.url, { max: 1 });
  await until(async () => {
    const waiting = await db('outbox').whereNull('position').first();
    return !waiting && !(await db('webhook_deliveries').where({ status: 'pending' }).first());
  });
  const feed = await readFeed(db, 0, 100_000);
  expect(feed.map(({ position }) => position)).toEqual(feed.map((_, index) => index + 1));
  const recorded = await db('events').count<{ count: number }>('* as count').first();
  expect(feed).toHaveLength(recorded?.count ?? 0);

  const times = new Map<string, number>();
  for (const { event } of receiver.received) times.set(event.id, (times.get(event.id) ?? 0) + 1);
  expect(times.size).toBe(feed.length);
  const repeated = [...times.values()].reduce((sum, count) => sum + count - 1, 0);
  process.stdout.write(`notices: ${feed.length} events, ${KILLS} kills, ${repeated} sent again\n`);
  expect(repeated).toBeLessThanOrEqual(KILLS * IN_FLIGHT);
  for (const { id } of cases) {
    const order = receiver.received
      .filter(({ event }) => event.data.case.id === id)
      .map(({ event }) => feed.findIndex((item) => `${item.streamId}/${item.seq}` === event.id));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  }
  const notices = await db('notices').groupBy('person_id', 'position').count('* as count');
  expect(notices.every(({ count }) => Number(count) === 1)).toBe(true);
  for (const one of cases) {
    const granted = await db('notices')
      .where({ case_id: one.id, kind: 'granted' })
      .orderBy('person_id')
      .pluck('person_id');
    expect(granted).toEqual(['civil-affairs.lead', 'civil-affairs.requester', 'public-security.reviewer']);
  }
  await db.destroy();
}, 180_000);
