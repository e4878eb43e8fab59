import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { projectRoot } from '../../config.ts';
import { isWorkingDay } from '../../domain/calendar.ts';
import { checkNotice, type Notice } from '../../domain/holiday-notice.ts';
import { readNoticeForm } from '../../domain/holiday-notice-form.ts';
import { readNoticeText } from '../../domain/holiday-notice-text.ts';
import { CALENDAR_SOURCE, firstCalendar } from '../../seed/calendar.ts';
import { openDatabase } from '../../store/database.ts';
import { changesOf, findCalendar, type Imported, importNotice, listCalendars } from '../../store/calendars.ts';
import { insertCalendar, insertDepartments, insertPerson } from '../../store/seeding.ts';
import { latestCalendar } from '../../store/settings.ts';
import { FORM_OF_2027, NOTICE_OF_2027, NOTICES } from '../support/notices.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';
import { until } from '../support/until.ts';

const first = await firstCalendar(join(projectRoot, 'data'));

let platform: TestDatabase;

beforeEach(async () => {
  platform = await platformDatabase();
  const { knex } = platform;
  await insertDepartments(knex, [
    { id: 'data-bureau', name: '数据局', nameEn: 'Data bureau', creditCode: '1', sort: 1 },
  ]);
  await insertPerson(knex, {
    id: 'authority',
    name: '王',
    department: 'data-bureau',
    roles: ['authority'],
    passwordHash: '-',
  });
  await insertCalendar(knex, first, CALENDAR_SOURCE);
});
afterEach(() => platform.drop());

function soundIn(reading: Parameters<typeof checkNotice>[0]): Notice {
  const checked = checkNotice(reading, first);
  if ('faults' in checked) throw new Error(JSON.stringify(checked.faults));
  return checked.notice;
}

const ofText = soundIn(readNoticeText(NOTICE_OF_2027));
/** Without the day off in the December before, and without the day worked for it. */
const corrected = soundIn(
  readNoticeForm({
    ...FORM_OF_2027,
    holidays: [{ name: '元旦', from: '2027-01-01', to: '2027-01-01' }, ...FORM_OF_2027.holidays.slice(1)],
    makeUpDays: FORM_OF_2027.makeUpDays.slice(1),
  }),
);

function importing(notice: Notice, text = NOTICE_OF_2027): Promise<Imported> {
  const digest = createHash('sha256').update(text).digest('hex');
  return platform.knex.transaction((transaction) =>
    importNotice(transaction, { notice, source: '国办发明电〔2026〕9号', text, digest, person: 'authority' }),
  );
}

test('a notice becomes the next version, with who imported what, and the version before stays as it was', async () => {
  const imported = await importing(ofText);
  expect(imported).toMatchObject({ version: 2, isNew: true });
  const row = await findCalendar(platform.knex, 2);
  expect(row).toMatchObject({
    source: '国办发明电〔2026〕9号',
    noticeYear: 2027,
    importedBy: 'authority',
    noticeDigest: createHash('sha256').update(NOTICE_OF_2027).digest('hex'),
  });
  const kept = await platform.knex('calendars').first('notice', 'notice_text').where({ version: 2 });
  expect(kept).toEqual({ notice: ofText, notice_text: NOTICE_OF_2027 });
  expect((await latestCalendar(platform.knex)).official).toContain(2027);
  expect((await findCalendar(platform.knex, 1))?.calendar).toEqual(first);
  expect(row && (await changesOf(platform.knex, row))).toEqual(imported.changes);
});

test('the same notice again, as text or as data, is the version that it came with', async () => {
  await importing(ofText);
  expect(await importing(ofText)).toEqual({ version: 2, isNew: false, changes: [] });
  expect(await importing(soundIn(readNoticeForm(FORM_OF_2027)), 'as data')).toMatchObject({ version: 2, isNew: false });
  // What the first version says was never imported: that version is the answer.
  expect(await importing(soundIn(readNoticeText(NOTICES[2026] ?? '')))).toMatchObject({ version: 1, isNew: false });
  const { items } = await listCalendars(platform.knex, { limit: 10 });
  expect(items.map(({ version }) => version)).toEqual([2, 1]);
});

test('a correction is a version of its own, and taking it back is another', async () => {
  await importing(ofText);
  const { version, changes } = await importing(corrected);
  expect([version, changes]).toEqual([
    3,
    [
      { date: '2026-12-27', works: false },
      { date: '2026-12-31', works: true },
    ],
  ]);
  expect(await importing(ofText)).toMatchObject({ version: 4, isNew: true });
  expect(isWorkingDay(await latestCalendar(platform.knex), '2026-12-27')).toBe(true);
});

test('an import waits for one that is under way, and finds there what that one brought', async () => {
  const db = openDatabase(platform.url, { max: 3 });
  const given = { notice: ofText, source: '-', text: '-', digest: '-', person: 'authority' };
  try {
    const [first, second] = [await db.transaction(), await db.transaction()];
    const imported = await importNotice(first, given);
    const waiting = importNotice(second, { ...given, notice: corrected });
    await until(async () => (await waitingFor(db)) === 1);
    await first.commit();
    expect([imported.version, (await waiting).version]).toEqual([2, 3]);
    await second.commit();
    const { items } = await listCalendars(db, { limit: 10 });
    expect(items.map(({ version, calendar }) => [version, calendar.version])).toEqual([
      [3, 3],
      [2, 2],
      [1, 1],
    ]);
  } finally {
    await db.destroy();
  }
});

/** How many connections of the database wait for a lock. */
async function waitingFor(db: Knex): Promise<number> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
}

test('an import whose transaction fails leaves no version behind', async () => {
  const failing = platform.knex.transaction(async (transaction) => {
    await importNotice(transaction, { notice: ofText, source: '-', text: '-', digest: '-', person: 'authority' });
    throw new Error('something else of the transaction failed');
  });
  await expect(failing).rejects.toThrow('something else');
  expect(await findCalendar(platform.knex, 2)).toBeUndefined();
  expect(await importing(ofText)).toMatchObject({ version: 2, isNew: true });
});

test('versions are listed page by page, newest first', async () => {
  await importing(ofText);
  await importing(corrected);
  const page = await listCalendars(platform.knex, { limit: 2 });
  expect(page.items.map(({ version }) => version)).toEqual([3, 2]);
  const rest = await listCalendars(platform.knex, { limit: 2, after: page.next ?? ['', ''] });
  expect([rest.items.map(({ version }) => version), rest.next]).toEqual([[1], undefined]);
});
