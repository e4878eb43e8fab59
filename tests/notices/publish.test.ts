import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { openDatabase } from '../../store/database.ts';
import { feedEnds, readFeed } from '../../store/feed.ts';
import { publishOrPass, publishWaiting } from '../../store/publish.ts';
import { record } from '../../store/record.ts';
import { changePreferences } from '../../store/notices.ts';
import { APPLICANT, PROVIDER_LEAD, REQUESTER_LEAD, REVIEWER } from '../support/cases.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { addWebhook, fileCase, seedPeople } from '../support/told.ts';

let platform: TestDatabase;
let database: { readonly knex: Knex };
const secretKey = Buffer.alloc(32, 5);
const context = {
  known: new Map(),
  hasMail: true,
  source: 'urn:santong',
  seesAll: (department: string) => department === 'data-bureau',
};

beforeAll(async () => {
  platform = await platformDatabase();
  database = { knex: openDatabase(platform.url, { max: 20 }) };
  await seedPeople(database.knex);
});
afterAll(async () => {
  await database.knex.destroy();
  await platform.drop();
});

async function publishAll(limit = 100): Promise<number> {
  let count = 0;
  for (;;) {
    const some = await publishWaiting(database.knex, context, limit);
    if (some === 0) return count;
    count += some ?? 0;
  }
}

async function feedOf(caseId: string) {
  const items = await readFeed(database.knex, 0, 10_000);
  return items.filter((item) => item.caseId === caseId);
}

test('every recorded event is published once, in order, those of the grant that began in the same transaction too', async () => {
  const one = await fileCase(database.knex);
  await one.grant();
  await publishAll(3);
  const items = await feedOf(one.id);
  const ofCase = items.filter(({ streamKind }) => streamKind !== 'grant');
  expect(ofCase.map(({ seq }) => seq)).toEqual(one.events().map((_, index) => index + 1));
  expect(items.filter(({ streamKind }) => streamKind === 'grant').map(({ type }) => type)).toEqual([
    'grant.opened',
    'grant.delivery-asked',
  ]);
  expect(items[0]).toMatchObject({ type: 'case.filed', parties: ['civil-affairs', 'public-security'] });
  const { head } = await feedEnds(database.knex);
  expect((await readFeed(database.knex, 0, 10_000)).map(({ position }) => position)).toEqual(
    Array.from({ length: head }, (_, index) => index + 1),
  );
});

test('events that were recorded already, and those of a transaction that came to nothing, are not told', async () => {
  const id = randomUUID();
  const one = await fileCase(database.knex, id);
  await publishAll();
  const before = await feedOf(id);
  const entries = await database
    .knex('events')
    .where({ stream_id: id })
    .orderBy('seq')
    .select({ seq: 'seq', commandId: 'command_id', event: 'event' });
  await record(database.knex, { kind: 'share-request', streamId: id, entries });
  const last = entries.at(-1);
  const parked = { type: 'stageParked', at: last.event.at, stage: 'requester-lead' } as const;
  const stray = {
    seq: last.seq + 1,
    commandId: 'x',
    event: parked,
  } as const;
  const gap = {
    seq: last.seq + 3,
    commandId: 'y',
    event: parked,
  } as const;
  await expect(
    database.knex.transaction(async (trx) => {
      await record(trx, { kind: 'share-request', streamId: id, entries: [stray] });
      await record(trx, { kind: 'share-request', streamId: id, entries: [gap] });
    }),
  ).rejects.toThrow('comes before');
  expect(await publishAll()).toBe(0);
  expect(await feedOf(id)).toEqual(before);
  await one.approve(REQUESTER_LEAD, 'requester-lead');
  expect(await publishAll()).toBeGreaterThan(0);
});

test('many that record and several that publish at once give one order without a gap, and nothing twice', async () => {
  const { head } = await feedEnds(database.knex);
  await addWebhook(database.knex, { url: 'http://127.0.0.1:1/', secretKey });
  let [recording, reading] = [true, true];
  const seen: number[] = [];
  const reader = (async () => {
    let after = head;
    while (reading || after < (await feedEnds(database.knex)).head) {
      const items = await readFeed(database.knex, after, 50);
      seen.push(...items.map(({ position }) => position));
      after = items.at(-1)?.position ?? after;
    }
  })();
  const publishers = Array.from({ length: 3 }, async () => {
    while (recording) await publishWaiting(database.knex, context, 7);
  });
  const cases = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const one = await fileCase(database.knex);
      await one.grant();
      return one;
    }),
  ).finally(() => (recording = false));
  await Promise.all(publishers);
  await publishAll();
  reading = false;
  await reader;
  const now = await feedEnds(database.knex);
  expect(seen).toEqual(Array.from({ length: now.head - head }, (_, index) => head + index + 1));
  for (const { id } of cases) {
    const sent = await database.knex('webhook_deliveries').where({ order_key: id }).orderBy('position').select('body');
    const ids = sent.map(({ body }) => JSON.parse(body).id);
    expect(new Set(ids).size).toBe(ids.length);
    const ofCase = ids.filter((one) => one.startsWith(`${id}/`)).map((one) => Number(one.split('/')[1]));
    expect(ofCase).toEqual(ofCase.map((_, index) => index + 1));
  }
  await database.knex('webhooks').delete();
});

test('a task is told to everybody who holds the role now, and not to who is gone or filed', async () => {
  const { knex } = database;
  const account = await knex('people').where({ id: 'public-security.reviewer' }).first();
  await knex('people').insert([
    { ...account, id: 'second', active: true },
    { ...account, id: 'gone', active: false },
    { ...account, id: 'moved', department_id: 'transport' },
  ]);
  await knex('person_roles').insert(
    ['second', 'gone', 'moved'].map((id) => ({ person_id: id, department_id: 'public-security', role: 'reviewer' })),
  );
  const lead = { person_id: APPLICANT.person, department_id: 'civil-affairs', role: 'sharing-lead' };
  await knex('person_roles').insert(lead);
  const one = await fileCase(knex);
  await one.approve(REQUESTER_LEAD, 'requester-lead');
  await publishAll();
  const told = await knex('notices').where({ case_id: one.id }).orderBy('id').select('person_id', 'kind');
  expect(told.map(({ person_id, kind }) => `${kind} ${person_id}`).toSorted()).toEqual([
    'taskOpened civil-affairs.lead',
    'taskOpened public-security.reviewer',
    'taskOpened second',
  ]);
  await knex('person_roles').where(lead).delete();
});

test('who has an address is told as they chose: at once, in the mail of the next morning, or not at all', async () => {
  const { knex } = database;
  const chosen = {
    'civil-affairs.requester': 'daily',
    'civil-affairs.lead': 'none',
    'public-security.reviewer': 'immediately',
  };
  for (const [person, progress] of Object.entries(chosen)) {
    const mail = { progress: progress as 'daily', task: 'none' } as const;
    await changePreferences(knex, person, { email: `${person}@example.com`, mail });
  }
  for (let nth = 0; nth < 2; nth += 1) {
    const one = await fileCase(knex);
    await one.grant();
    await publishAll();
  }
  const mails = await knex('mails as m')
    .join('mail_notices as n', 'n.mail_id', 'm.id')
    .groupBy('m.id')
    .select('m.person_id', 'm.is_daily', 'm.is_closed', 'm.due_at', knex.raw('count(*)::int as notices'));
  const of = (person: string) => mails.filter((mail) => mail.person_id === person);
  expect(of('public-security.reviewer')).toMatchObject([
    { is_daily: false, is_closed: true, notices: 1 },
    { is_daily: false, is_closed: true, notices: 1 },
  ]);
  expect(of(APPLICANT.person)).toMatchObject([{ is_daily: true, is_closed: false, notices: 2 }]);
  const [daily] = of(APPLICANT.person);
  expect(daily.due_at.toISOString()).toMatch(/T00:30:00.000Z$/);
  expect(daily.due_at.getTime()).toBeGreaterThan(Date.now());
  expect(of(PROVIDER_LEAD.person)).toEqual([]);
  expect(of(REQUESTER_LEAD.person)).toEqual([]);
  expect(of(REVIEWER.person)).toHaveLength(2);
});

test('a webhook is told of the cases of its department by its filter, the data bureau’s of all', async () => {
  const url = 'http://127.0.0.1:1/';
  const { knex } = database;
  const own = await addWebhook(knex, { url, secretKey, types: ['case.granted'] });
  const other = await addWebhook(knex, { url, secretKey, department: 'transport' });
  const all = await addWebhook(knex, { url, secretKey, department: 'data-bureau', types: ['grant.*'] });
  const off = await addWebhook(knex, { url, secretKey });
  await knex('webhooks').where({ id: off.id }).update({ active: false });
  const one = await fileCase(knex);
  await one.grant();
  await publishAll();
  const typesOf = async ({ id }: { id: string }) =>
    (await knex('webhook_deliveries').where({ webhook_id: id }).orderBy('position').select('type')).map(
      ({ type }) => type,
    );
  expect(await typesOf(own)).toEqual(['case.granted']);
  expect(await typesOf(other)).toEqual([]);
  expect(await typesOf(all)).toEqual(['grant.opened', 'grant.delivery-asked']);
  expect(await typesOf(off)).toEqual([]);
});

test('an event that nothing can be made of is passed by, and holds up no other', async () => {
  const { knex } = database;
  const one = await fileCase(knex);
  await knex('outbox').insert({ stream_kind: 'share-request', stream_id: 'nowhere', seq: 1 });
  await knex('events')
    .where({ stream_id: one.id, seq: 2 })
    .update({ event: knex.raw(`event || '{"at": "some day"}'`) });
  const other = await fileCase(knex);
  const skipped: unknown[] = [];
  for (let more = true; more;) more = await publishOrPass(knex, context, (error) => skipped.push(error));
  expect(skipped.map(String)).toEqual([
    expect.stringContaining('invalid input syntax'),
    expect.stringContaining('is in the outbox and not recorded'),
  ]);
  expect((await feedOf(one.id)).map(({ type }) => type)).toEqual(['case.filed', 'unknown']);
  expect(await feedOf(other.id)).toHaveLength(2);
});
