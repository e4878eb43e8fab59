import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import type { ClockState } from '../../domain/case.ts';
import { catalogue } from '../../seed/catalogue.ts';
import { firstCalendar } from '../../seed/calendar.ts';
import { departments } from '../../seed/departments.ts';
import { casesBehind, casesTouchedBy, touchedCases } from '../../store/calendar-touch.ts';
import { insertDepartments, insertEntry, insertPerson } from '../../store/seeding.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';

const calendar = await firstCalendar(join(projectRoot, 'data'));

let platform: TestDatabase;

beforeAll(async () => {
  platform = await platformDatabase();
  const { knex } = platform;
  await insertDepartments(knex, departments);
  await insertPerson(knex, {
    id: 'applicant',
    name: '王',
    department: 'civil-affairs',
    roles: ['requester'],
    passwordHash: '-',
  });
  for (const entry of catalogue) await insertEntry(knex, entry);
});
beforeEach(() => platform.knex('cases').delete());
afterAll(() => platform.drop());

type Clock = Pick<ClockState, 'startedOn' | 'dueOn'> & Partial<ClockState>;

async function insertCase(id: string, clocks: readonly Clock[], { ended = false, version = 1 } = {}): Promise<void> {
  const states = clocks.map((clock, index): [string, Partial<ClockState>] => [
    `clock-${index}`,
    { clock: `clock-${index}`, pausedFor: [], stopped: false, calendarVersion: version, ...clock },
  ]);
  await platform.knex('cases').insert({
    id,
    number: id,
    kind: 'share-request',
    title: '-',
    status: ended ? 'completed' : 'in-approval',
    requester_id: 'civil-affairs',
    provider_id: 'public-security',
    applicant_id: 'applicant',
    entry_id: 'persons',
    entry_version: 1,
    form_id: randomUUID(),
    form_version: 1,
    state: JSON.stringify({ clocks: Object.fromEntries(states), calendar: { ...calendar, version } }),
    seq: 1,
    opened_at: '2026-11-25T09:00:00+08:00',
    updated_at: '2026-11-25T09:00:00+08:00',
    ended_at: ended ? '2026-11-26T09:00:00+08:00' : null,
  });
}

async function touched(days: readonly string[], batch?: number): Promise<(readonly string[])[]> {
  const batches: (readonly string[])[] = [];
  for await (const ids of casesTouchedBy(platform.knex, days, batch)) batches.push(ids);
  return batches;
}

const window = { startedOn: '2027-02-01', dueOn: '2027-02-15' };

test('a day touches the clocks in whose window it lies, the due day included and day 0 not', async () => {
  await insertCase('a', [window]);
  expect(await touched(['2027-02-01'])).toEqual([]);
  expect(await touched(['2027-02-02'])).toEqual([['a']]);
  expect(await touched(['2027-02-15'])).toEqual([['a']]);
  expect(await touched(['2027-02-16', '2027-01-31'])).toEqual([]);
  expect(await touched([])).toEqual([]);
});

test('cases that have ended and clocks that are stopped are not touched, a paused one is by every day after its day 0', async () => {
  await insertCase('ended', [window], { ended: true });
  await insertCase('paused', [{ ...window, pausedFor: ['supplement'], left: 3 }]);
  await insertCase('stopped', [{ ...window, stopped: true }]);
  await insertCase('second-clock', [{ ...window, stopped: true }, window]);
  await insertCase('no-clock', []);
  expect(await touched(['2027-02-10'])).toEqual([['paused', 'second-clock']]);
  expect(await touched(['2027-05-03'])).toEqual([['paused']]);
});

test('cases come in batches, each once, also when some have meanwhile been moved', async () => {
  const ids = Array.from({ length: 7 }, (_, index) => `case-${index}`);
  for (const id of ids) await insertCase(id, [window, window]);
  expect(await touched(['2027-02-10', '2027-02-11'], 3)).toEqual([ids.slice(0, 3), ids.slice(3, 6), ids.slice(6)]);
  const seen: string[] = [];
  for await (const batch of casesTouchedBy(platform.knex, ['2027-02-10'], 3)) {
    seen.push(...batch);
    await platform
      .knex('cases')
      .whereIn('id', [...batch])
      .update({ ended_at: '2027-02-01T00:00:00Z' });
  }
  expect(seen).toEqual(ids);
});

test('a touched case comes with its clocks and the calendar that they were counted by', async () => {
  await insertCase('a', [window], { version: 3 });
  const { value } = await touchedCases(platform.knex, ['2027-02-10']).next();
  expect(value).toMatchObject([
    { id: 'a', number: 'a', calendar: { ...calendar, version: 3 }, clocks: { 'clock-0': window } },
  ]);
});

test('the cases that are behind are those that run and carry an older version', async () => {
  await insertCase('a', [window]);
  await insertCase('b', [], { version: 1 });
  await insertCase('c', [window], { version: 2 });
  await insertCase('d', [window], { ended: true });
  const behind: string[] = [];
  for await (const batch of casesBehind(platform.knex, 2, 1)) behind.push(...batch.map(({ id }) => id));
  expect(behind).toEqual(['a', 'b']);
});
