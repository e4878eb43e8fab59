import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Entry } from '../../domain/catalogue.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { findEntry, insertEntryVersion } from '../../store/catalogue.ts';
import { type EntryChange, subscribe, type Target, tellSubscribers } from '../../store/catalogue-subscriptions.ts';
import { openDatabase } from '../../store/database.ts';
import { readFeed } from '../../store/feed.ts';
import { listNotices } from '../../store/notices.ts';
import { publishWaiting } from '../../store/publish.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { storeStaff } from '../support/played-store.ts';

let platform: TestDatabase;
let knex: Knex;
const context = { hasMail: true, source: 'urn:santong', seesAll: () => true };

beforeAll(async () => {
  platform = await platformDatabase();
  knex = openDatabase(platform.url);
  await storeStaff(knex);
});
beforeEach(() => knex('catalogue_subscriptions').delete());
afterAll(async () => {
  await knex.destroy();
  await platform.drop();
});

async function entryOf(id: string): Promise<Entry> {
  const found = await findEntry(knex, id);
  if (!found) throw new Error(id);
  return found;
}

function subscribed(person: string, target: Target): Promise<void> {
  return subscribe(knex, person, { id: randomUUID(), ...target });
}

/** Who is told of a change of an entry, by the kind of the notice that they find. */
async function toldOf(entry: Entry, change: EntryChange): Promise<string[]> {
  const { head } = (await knex('feed').first('head')) as { head: number };
  await knex.transaction((trx) => tellSubscribers(trx, entry, change));
  await publishWaiting(knex, context);
  const items = await readFeed(knex, head, 10);
  return items.flatMap(({ notices }) => notices.map(({ personId, kind }) => `${personId} ${kind}`)).toSorted();
}

const at = '2026-11-25T10:00:00+08:00';

test('who subscribed to an entry, its provider or a search that finds it is told, each once, and nobody else', async () => {
  await subscribed('transport.lead', { kind: 'entry', target: { entryId: 'persons' } });
  await subscribed('transport.lead', { kind: 'provider', target: { provider: 'public-security' } });
  await subscribed('statistics.lead', { kind: 'provider', target: { provider: 'public-security' } });
  await subscribed('civil-affairs.lead', { kind: 'search', target: { q: '身份证', shareType: 'conditional' } });
  await subscribed('civil-affairs.reviewer', { kind: 'search', target: { q: '身份证', shareType: 'withheld' } });
  await subscribed('transport.reviewer', { kind: 'entry', target: { entryId: 'divisions-2026' } });
  await subscribed('public-security.lead', { kind: 'entry', target: { entryId: 'persons' } });
  const change = { kind: 'entryChanged', at, by: 'public-security.lead' } as const;
  expect(await toldOf(await entryOf('persons'), change)).toEqual([
    'civil-affairs.lead entryChanged',
    'statistics.lead entryChanged',
    'transport.lead entryChanged',
  ]);
});

test('the notice names the entry and where it is read; it goes into the mail of the next morning', async () => {
  await knex('people').where({ id: 'transport.lead' }).update({ email: 'lead@transport.example' });
  await subscribed('transport.lead', { kind: 'entry', target: { entryId: 'divisions-2026' } });
  const entry = await entryOf('divisions-2026');
  await toldOf(entry, { kind: 'entryWithdrawn', at });
  const { items } = await listNotices(knex, 'transport.lead', { unread: true, page: { limit: 1 } });
  expect(items[0]).toMatchObject({
    kind: 'entryWithdrawn',
    topic: 'catalogue',
    caseId: null,
    href: '/api/catalogue/divisions-2026',
    params: { title: entry.name, number: entry.code },
  });
  const mails = await knex('mails').where({ person_id: 'transport.lead' }).select('is_daily');
  expect(mails).toEqual([{ is_daily: true }]);
});

test('what does not come about is told to nobody', async () => {
  await subscribed('transport.lead', { kind: 'entry', target: { entryId: 'persons' } });
  const entry = await entryOf('persons');
  const failing = knex.transaction(async (trx) => {
    await tellSubscribers(trx, entry, { kind: 'entryWithdrawn', at });
    throw new Error('not published');
  });
  await expect(failing).rejects.toThrow('not published');
  expect(await publishWaiting(knex, context)).toBe(0);
});

test('a new version is told of by a search that finds the new one', async () => {
  await subscribed('transport.lead', { kind: 'search', target: { q: '低空' } });
  const persons = catalogue.find(({ id }) => id === 'persons') as Entry;
  const version = { ...persons, id: 'low-flights', code: '309009/000001', name: '低空飞行' };
  await insertEntryVersion(knex, version);
  expect(await toldOf(version, { kind: 'entryPublished', at })).toEqual(['transport.lead entryPublished']);
});
