import { createHash } from 'node:crypto';
import { pino } from 'pino';
import type { Caller } from '../../api/endpoint.ts';
import { eventStream } from '../../api/event-stream.ts';
import { createFeed } from '../../api/feed.ts';
import { openDatabase } from '../../store/database.ts';
import type { Dispatcher } from '../../notices/dispatcher.ts';
import { type Api, startApi } from '../support/api.ts';
import { PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../support/cases.ts';
import { dispatcherFor } from '../support/dispatcher.ts';
import { type EventListener, listenTo } from '../support/listener.ts';
import { fileCase } from '../support/told.ts';
import { until } from '../support/until.ts';

let api: Api;
let dispatcher: Dispatcher;
let listeners: EventListener[] = [];

beforeAll(async () => {
  api = await startApi();
  const { platform, secretKey } = api.engine;
  dispatcher = await dispatcherFor({ databaseUrl: platform.url, secretKey });
}, 120_000);
afterEach(async () => {
  for (const one of listeners) one.close();
  await Promise.all(listeners.map(({ ended }) => ended));
  listeners = [];
});
afterAll(async () => {
  await dispatcher.stop();
  await api.close();
});

async function listening(account: string, lastId?: string, at: Api = api): Promise<EventListener> {
  const one = await listenTo(at.url, await at.token(account), lastId);
  listeners.push(one);
  await until(async () => one.told.length > 0);
  return one;
}

const file = () => fileCase(api.engine.platform.knex);
/** What was told of a case: the number of each event, and the kind of each notice. */
const toldOf = ({ told }: EventListener, caseId: string): (number | string)[] =>
  told.flatMap(({ name, data }) => {
    if (name === 'case' && data.caseId === caseId) return [data.seq];
    return name === 'notice' && data.case.id === caseId ? [data.kind] : [];
  });
const numbers = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

test('a change reaches those whom it concerns within two seconds, with its notice and the counters', async () => {
  const lead = await listening('civil-affairs.lead');
  expect(lead.headers.get('Content-Type')).toBe('text/event-stream; charset=utf-8');
  expect(lead.headers.get('Cache-Control')).toBe('no-store');
  expect(lead.told[0]).toMatchObject({ name: 'ready', data: { mine: 0, unread: 0 } });
  const began = Date.now();
  const one = await file();
  const [notice] = await until(async () => {
    const found = lead.told.filter(({ name }) => name === 'notice');
    return found.length > 0 && found;
  });
  expect((notice?.at ?? Infinity) - began).toBeLessThan(2_000);
  expect(notice?.data).toMatchObject({
    kind: 'taskOpened',
    subject: '新待办',
    readAt: null,
    case: { id: one.id, href: `/api/cases/${one.id}` },
  });
  const counted = await until(async () => lead.told.find(({ name }) => name === 'counts'));
  expect(counted.at - began).toBeLessThan(2_000);
  expect(counted.data).toMatchObject({ mine: 1, unread: 1 });
  expect(toldOf(lead, one.id)).toEqual([1, 'taskOpened', 2]);
  expect(lead.told.find(({ name }) => name === 'case')?.data).toMatchObject({ type: 'case.filed', seq: 1 });
});

test('everybody is told of what they may see and of nothing else', async () => {
  const accounts = ['civil-affairs.reviewer', 'public-security.reviewer', 'transport.lead', 'auditor', 'admin'];
  const [own, provider, stranger, auditor, admin] = await Promise.all(accounts.map((account) => listening(account)));
  const one = await file();
  await one.grant();
  const last = one.events().length;
  for (const listener of [own, provider, auditor]) {
    await until(async () => listener && toldOf(listener, one.id).includes(last));
    expect(listener && toldOf(listener, one.id).filter((what) => typeof what === 'number')).toEqual(numbers(last));
    await until(async () =>
      listener?.told.some(({ name, data }) => name === 'grant' && data.grantId === `${one.id}.grant`),
    );
  }
  expect(toldOf(provider as EventListener, one.id)).toContain('granted');
  expect(toldOf(own as EventListener, one.id)).not.toContain('granted');
  for (const listener of [stranger, admin]) {
    expect(listener?.told.filter(({ name }) => name !== 'ready')).toEqual([]);
  }
});

test('who was cut off goes on where it was, at another process too, and nothing is lost or told twice', async () => {
  const other = await startApi({ engine: api.engine });
  const one = await file();
  const first = await listening('civil-affairs.requester', '0');
  await until(async () => toldOf(first, one.id).includes(2));
  first.close();
  await first.ended;
  await one.approve(REQUESTER_LEAD, 'requester-lead');
  const second = await listening('civil-affairs.requester', first.lastId(), other);
  await one.approve(REVIEWER, 'provider-reviewer');
  await until(async () => toldOf(second, one.id).includes(one.events().length));
  const middle = one.events().length;
  await other.close();
  await second.ended;
  await one.approve(PROVIDER_LEAD, 'provider-lead');
  const third = await listening('civil-affairs.requester', second.lastId());
  await until(async () => toldOf(third, one.id).includes(one.events().length));
  const all = [first, second, third].flatMap((listener) => toldOf(listener, one.id));
  expect(all.filter((what) => typeof what === 'number')).toEqual(numbers(one.events().length));
  expect(all.filter((what) => what === 'granted')).toHaveLength(1);
  expect(middle).toBeLessThan(one.events().length);
});

test('where it cannot go on, it says so, and begins with what is there now', async () => {
  const { knex } = api.engine.platform;
  const beyond = await listening('auditor', '999999999');
  expect(beyond.told[0]?.name).toBe('reset');
  await knex('feed').update({ swept: 3 });
  expect((await listening('auditor', '2')).told[0]?.name).toBe('reset');
  expect((await listening('auditor', '3')).told[0]?.name).toBe('ready');
  await knex('feed').update({ swept: 0 });
});

test('it ends at once when one logs out, when the session is over, and when one’s roles are others', async () => {
  const { knex } = api.engine.platform;
  const account = 'statistics.reviewer';
  const login = async () => {
    const body = { account, password: api.engine.password };
    return (await api.ask(null, 'POST', '/api/session', { body, key: null })).body.token as string;
  };
  const [out, over, changed] = await Promise.all([login(), login(), login()]);
  const open = async (token: string): Promise<EventListener> => {
    const one = await listenTo(api.url, token);
    listeners.push(one);
    await until(async () => one.told.length > 0);
    return one;
  };
  const leaving = await open(out);
  await api.ask(null, 'DELETE', '/api/session', { headers: { Authorization: `Bearer ${out}` } });
  await leaving.ended;
  expect(leaving.told.at(-1)?.name).toBe('end');
  expect((await listenTo(api.url, out)).status).toBe(401);

  const [expiring, demoted] = await Promise.all([open(over), open(changed)]);
  const token_digest = createHash('sha256').update(over).digest();
  await knex('sessions').where({ token_digest }).update({ expires_at: knex.fn.now() });
  await expiring.ended;
  expect(demoted.told.map(({ name }) => name)).not.toContain('end');
  await knex('person_roles').where({ person_id: account }).update({ role: 'requester' });
  await demoted.ended;
});

test('a reader that is slow costs no memory, and gets everything in the end', async () => {
  const slow = await listening('auditor');
  slow.pause();
  const { knex } = api.engine.platform;
  const { head } = await knex('feed').first('head');
  const rows = 20_000;
  await knex.raw(
    `with made as (
       insert into outbox (stream_kind, stream_id, seq, position, case_id, parties, type, at)
       select 'share-request', 'many', nth, ?::bigint + nth, 'many', '{}', 'case.' || repeat('x', 1000), now()
         from generate_series(1, ?::int) as nth returning 1)
     update feed set head = head + (select count(*) from made)`,
    [head, rows],
  );
  await knex.raw(`select pg_notify('santong_feed', '')`);
  await until(async () => slow.told.length > 1);
  const before = slow.told.length;
  slow.resume();
  await until(async () => toldOf(slow, 'many').length === rows);
  expect(before).toBeLessThan(rows / 4);
  expect(toldOf(slow, 'many')).toEqual(numbers(rows));
});

test('a request that only asks for the headers is answered and listens to nothing', async () => {
  const response = await fetch(`${api.url}/api/events`, {
    method: 'HEAD',
    headers: { Authorization: `Bearer ${await api.token('auditor')}` },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('text/event-stream; charset=utf-8');
});

test('a quiet connection shows signs of life, and a reader that takes nothing at all is let go', async () => {
  const { url, knex } = api.engine.platform;
  const db = openDatabase(url, { max: 2 });
  const feed = createFeed({ db, databaseUrl: url, logger: pino({ level: 'silent' }), everyMs: 20, patienceMs: 60 });
  const person = 'auditor';
  await api.token(person);
  const { id: sessionId } = await knex('sessions').where({ person_id: person }).first('id');
  const actor = { person, department: 'data-bureau', roles: ['auditor'] as const };
  const caller: Caller = { actor, sessionId, name: '', mustChangePassword: false, expiresAt: new Date() };
  const text = { counts: async () => ({}), presentEvent: () => '', presentNotice: () => '' };
  const options = { feed, caller, isLive: true, sees: () => true, ...text };
  const quiet = eventStream({ ...options, heartbeatMs: 20 });
  const chunks: string[] = [];
  for await (const chunk of quiet) if (chunks.push(String(chunk)) === 3) break;
  const { head } = await knex('feed').first('head');
  const alive = `id: ${head}\nevent: alive\ndata: {}\n\n`;
  expect(chunks.slice(1)).toEqual([alive, alive]);
  // Woken again and again by what it may not see, it says so as well.
  const woken = { ...feed, later: () => new Promise<void>((resolve) => setTimeout(resolve, 5)) };
  const busy: string[] = [];
  for await (const chunk of eventStream({ ...options, feed: woken, heartbeatMs: 40 })) {
    if (busy.push(String(chunk)) === 2) break;
  }
  expect(busy[1]).toBe(alive);

  const stream = eventStream({ ...options, counts: async () => 'x'.repeat(100_000) });
  stream.read(0);
  await new Promise((resolve) => stream.once('close', resolve));
  expect(stream.destroyed).toBe(true);
  await feed.stop();
  await db.destroy();
});
