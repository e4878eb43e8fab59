import type { Knex } from 'knex';
import type { CaseEvent } from '../../domain/case.ts';
import type { Entry as CatalogueEntry } from '../../domain/catalogue.ts';
import { chain, type Entry } from '../../domain/journal.ts';
import { changesAfter } from '../../store/catalogue-changes.ts';
import { searchEntries } from '../../store/catalogue-find.ts';
import { migrate } from '../../store/migrate.ts';
import * as first from '../../store/migrations/001_platform.ts';
import { record } from '../../store/record.ts';
import { APPLICANT, form, formRef, REQUESTER_LEAD, REVIEWER, storeForm } from '../support/cases.ts';
import { accepted, play } from '../support/play.ts';
import { emptyDatabase, platformDatabase, type TestDatabase } from '../support/servers.ts';
import { seedPeople } from '../support/told.ts';

let old: TestDatabase;
let fresh: TestDatabase;

beforeAll(async () => {
  [old, fresh] = await Promise.all([emptyDatabase('old'), platformDatabase()]);
});
afterAll(() => Promise.all([old.drop(), fresh.drop()]));

/** A request on its way, as the first version of the platform decided it: the same events are decided today. */
function entriesOfCase(): Entry<CaseEvent>[] {
  const one = play();
  accepted(one.approve(REQUESTER_LEAD, 'requester-lead'));
  accepted(one.ask(REVIEWER, 'provider-reviewer', 'attachments'));
  return one.events.map((event, index) => ({ seq: index + 1, commandId: `c${index}`, event }));
}

const ref = formRef(form(), { id: '11111111-1111-4111-8111-111111111111' });

/** What the events say of the form, with an id that the database takes. */
function withForm(entries: readonly Entry<CaseEvent>[]): Entry<CaseEvent>[] {
  return entries.map((entry) =>
    'form' in entry.event && typeof entry.event.form === 'object'
      ? { ...entry, event: { ...entry.event, form: { ...entry.event.form, id: ref.id } } as CaseEvent }
      : entry,
  );
}

/** The rows of the first version, which had no seats, and a state of another shape. */
async function insertAsAtFirst(knex: Knex, entries: readonly Entry<CaseEvent>[]): Promise<void> {
  let digest = '';
  for (const entry of entries) {
    digest = chain(digest, 'case', entry);
    const { seq, commandId, event } = entry;
    await knex('events').insert({
      stream_id: 'case',
      seq,
      stream_kind: 'share-request',
      command_id: commandId,
      event: JSON.stringify(event),
      digest,
    });
  }
  await knex('cases').insert({
    id: 'case',
    number: 'SQ-2026-000042',
    kind: 'share-request',
    title: '人口基本信息',
    status: 'awaiting-supplement',
    stage: 'provider-reviewer',
    requester_id: 'civil-affairs',
    provider_id: 'public-security',
    applicant_id: APPLICANT.person,
    contributors: [APPLICANT.person],
    entry_id: 'persons',
    entry_version: 1,
    form_id: ref.id,
    form_version: 1,
    state: JSON.stringify({ caseId: 'case', stages: {}, clocks: {} }),
    seq: entries.length,
    opened_at: '2026-11-25T09:00:00+08:00',
    updated_at: '2026-11-25T09:00:00+08:00',
  });
  await knex('tasks').insert({
    id: 'case.provider-reviewer.1',
    case_id: 'case',
    stage: 'provider-reviewer',
    activation: 1,
    seat: 1,
    department_id: 'public-security',
    role: 'reviewer',
    status: 'waiting',
    opened_at: '2026-11-25T09:00:00+08:00',
  });
}

/** A grant with a schedule, between two of its runs. */
async function insertGrantAsAtFirst(knex: Knex): Promise<void> {
  const grant = {
    id: 'grant',
    number: 'SQ-G',
    case_id: 'case',
    entry_id: 'persons',
    entry_version: 1,
    body: '{}',
    seq: 3,
  };
  const state = {
    status: 'active',
    isAwaited: false,
    schedule: { kind: 'cron', cron: '30 2 * * *' },
    runsAfter: '2026-11-25T09:00:00+08:00',
  };
  await knex('grants').insert({
    ...grant,
    requester_id: 'civil-affairs',
    provider_id: 'public-security',
    status: 'active',
    state: JSON.stringify(state),
    valid_from: '2026-01-01',
    valid_to: '2027-12-31',
    created_at: '2026-11-25T09:00:00+08:00',
    updated_at: '2026-11-25T09:00:00+08:00',
  });
}

/** Entries were searched by a text of their own, without characters, pinyin or an order. */
async function insertEntryAsAtFirst(knex: Knex, entry: CatalogueEntry): Promise<void> {
  const { id, version, code, name, provider, shareType, publishedAt } = entry;
  await knex('catalogue_entries').insert({
    id,
    version,
    code,
    name,
    provider_id: provider,
    share_type: shareType,
    body: JSON.stringify(entry),
    search: name,
    published_at: publishedAt,
  });
}

const rowsOf = async (knex: Knex) => ({
  tasks: await knex('tasks').orderBy('id'),
  visits: await knex('stage_visits').orderBy(['stage', 'activation']),
  cases: await knex('cases').select('id', 'status', 'stage', 'parties', 'state', 'seq', 'form_version', 'due_on'),
});

test('a database of the first version with a case on its way is brought forward to the rows of today', async () => {
  const name = '001_platform';
  await old.knex.migrate.latest({
    migrationSource: {
      getMigrations: async () => [name],
      getMigrationName: (migration: string) => migration,
      getMigration: async () => ({ ...first, down: async () => undefined }),
    },
  });
  const entries = withForm(entriesOfCase());
  await seedPeople(old.knex, insertEntryAsAtFirst);
  await storeForm(old.knex, 'case', ref, form());
  await insertAsAtFirst(old.knex, entries);
  await insertGrantAsAtFirst(old.knex);

  await migrate(old.url);

  await seedPeople(fresh.knex);
  await storeForm(fresh.knex, 'case', ref, form());
  await record(fresh.knex, { kind: 'share-request', streamId: 'case', entries });
  const [brought, made] = [await rowsOf(old.knex), await rowsOf(fresh.knex)];
  expect(brought.tasks.length).toBeGreaterThan(1);
  expect(brought).toEqual(made);
  // People know the case by its number, also in what they have written down.
  expect(await old.knex('cases').pluck('number')).toEqual(['SQ-2026-000042']);
  expect(await old.knex('numbers').where({ id: 'case' }).pluck('number')).toEqual(['SQ-2026-000042']);
  // What was published before is found as what is published now.
  for (const q of ['hjrk', '身份证']) {
    const found = await searchEntries(old.knex, { q }, { order: 'relevance', page: { limit: 10 } });
    expect(found.items.map(({ id }) => id)).toEqual(['persons']);
  }
  // When a grant runs next is known without waiting for its next event.
  expect(await old.knex('grants').pluck('next_run_at')).toEqual([new Date('2026-11-26T02:30:00+08:00')]);
  // It is the beginning of the order of changes.
  const changes = await changesAfter(old.knex, 0, 10);
  expect(changes).toMatchObject([
    { position: 1, entryId: 'persons', version: 1, kind: 'publish', status: 'published' },
  ]);
  expect(changes[0]?.digest).toMatch(/^[0-9a-f]{64}$/);
  await migrate(old.url);
  expect(await rowsOf(old.knex)).toEqual(brought);
});
