import { type Answer, type Api, application, startApi } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { REQUESTER } from '../support/grant.ts';
import { until } from '../support/until.ts';
import { databaseProxy, type Proxy, proxyTo } from '../support/proxy.ts';
import { temporalAddress } from '../support/servers.ts';

let engine: Engine;
let database: Proxy & { readonly url: string };
let temporal: Proxy;
let api: Api;

beforeAll(async () => {
  engine = await startEngine();
  const [host = '', port] = temporalAddress().split(':');
  [database, temporal] = await Promise.all([databaseProxy(engine.platform.url), proxyTo({ host, port: Number(port) })]);
  const address = `127.0.0.1:${temporal.port}`;
  api = await startApi({ engine, temporal: address, databaseUrl: database.url, deadlineMs: 1_500 });
}, 120_000);

afterAll(async () => {
  await api.close();
  await Promise.all([database.close(), temporal.close()]);
  await engine.close();
});

function file(key?: string): Promise<Answer> {
  return api.ask(REQUESTER, 'POST', '/api/share-requests', { body: application(), ...(key ? { key } : {}) });
}

async function settled(href: string, account: string) {
  return until(async () => {
    const { body } = await api.ask(account, 'GET', href);
    return body.status === 'pending' ? undefined : body;
  });
}

test('while Temporal is away a filing is kept, answered 202, and carried out once it is back', async () => {
  await api.token(REQUESTER);
  temporal.cut();
  const kept = await file('kept');
  expect(kept).toMatchObject({ status: 202, body: { status: 'pending' } });
  expect(kept.headers.get('Location')).toBe(kept.body.href);
  expect(kept.headers.get('Retry-After')).toBe('2');
  expect(await api.ask(null, 'GET', '/api/health/ready')).toMatchObject({
    status: 503,
    body: { database: true, temporal: false },
  });
  temporal.join();
  await engine.startWorkers();
  const command = await settled(kept.body.href, REQUESTER);
  expect(command).toMatchObject({ status: 'done', action: 'file' });
  expect(await file('kept')).toMatchObject({ status: 201, body: { id: command.target.id } });
  expect(await api.ask(null, 'GET', '/api/health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
});

test('a decision while Temporal is away is carried out later, once, and one that is refused then says why', async () => {
  const { body: filed } = await file();
  const approve = { action: 'approve', seen: filed.form.digest };
  const path = `/api/tasks/${filed.id}.requester-lead.1/actions`;
  await api.token('civil-affairs.lead');
  temporal.cut();
  const first = await api.ask('civil-affairs.lead', 'POST', path, { body: approve });
  const second = await api.ask('civil-affairs.lead', 'POST', path, { body: approve });
  expect([first.status, second.status]).toEqual([202, 202]);
  temporal.join();
  expect(await settled(first.body.href, 'civil-affairs.lead')).toMatchObject({ status: 'done' });
  expect(await settled(second.body.href, 'civil-affairs.lead')).toMatchObject({
    status: 'refused',
    problem: { status: 409, code: 'AlreadyDecided' },
  });
  const { body: events } = await api.ask(REQUESTER, 'GET', `/api/cases/${filed.id}/events`);
  expect(events.items.filter((one: { event: { type: string } }) => one.event.type === 'answered')).toHaveLength(1);
});

test('a case takes eight commands at a time and tells the ninth to come again', async () => {
  const { body: filed } = await file();
  await api.token('civil-affairs.lead');
  temporal.cut();
  const answers = await Promise.all(
    Array.from({ length: 12 }, () =>
      api.ask('civil-affairs.lead', 'POST', `/api/cases/${filed.id}/actions`, {
        body: { action: 'approve', taskId: `${filed.id}.requester-lead.1`, seen: filed.form.digest },
      }),
    ),
  );
  temporal.join();
  const refused = answers.filter(({ status }) => status === 503);
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(8);
  expect(refused).toHaveLength(4);
  expect(refused[0]).toMatchObject({ body: { code: 'CaseBusy' } });
  expect(refused[0]?.headers.get('Retry-After')).toBe('1');
});

test('while the database is away nothing but that is said, and afterwards all goes on', async () => {
  const token = await api.token(REQUESTER);
  database.cut();
  const asked = [
    ['GET', '/api/cases'],
    ['GET', '/api/catalogue/persons'],
    ['POST', '/api/share-requests'],
    ['POST', '/api/session'],
  ] as const;
  for (const [method, path] of asked) {
    const body = path === '/api/session' ? { account: 'auditor', password: 'x' } : application();
    const answer = await api.ask(null, method, path, { body, headers: { Authorization: `Bearer ${token}` } });
    expect(answer).toMatchObject({ status: 503, body: { code: 'Unavailable', type: '/problems/unavailable' } });
    expect(answer.headers.get('Retry-After')).toBe('2');
    expect(JSON.stringify(answer.body)).not.toMatch(/ECONN|stack|127\.0\.0\.1| at /);
  }
  expect(await api.ask(null, 'GET', '/api/health/ready')).toMatchObject({ status: 503, body: { database: false } });
  expect(await api.ask(null, 'GET', '/api/health/live')).toMatchObject({ status: 200 });
  database.join();
  expect(await api.ask(REQUESTER, 'GET', '/api/cases')).toMatchObject({ status: 200 });
});

test('a command that a process kept and died with is carried out by another', async () => {
  const { body: filed } = await file();
  const account = 'civil-affairs.lead';
  await api.engine.platform.knex('commands').insert({
    id: `${account}:orphan`,
    person_id: account,
    target_kind: 'case',
    target_id: filed.id,
    body_digest: 'x',
    command: JSON.stringify({
      id: `${account}:orphan`,
      at: filed.openedAt,
      actor: { person: account, department: 'civil-affairs', roles: ['sharing-lead'] },
      do: { action: 'approve', taskId: `${filed.id}.requester-lead.1`, seen: filed.form.digest },
    }),
    received_at: filed.openedAt,
  });
  expect(await settled(`/api/commands/${account}:orphan`, account)).toMatchObject({ status: 'done' });
});
