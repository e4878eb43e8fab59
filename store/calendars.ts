import type { Knex } from 'knex';
import type { Calendar } from '../domain/calendar.ts';
import { alreadySays, changedDays, type ChangedDay, withNotice } from '../domain/calendar-version.ts';
import type { Notice } from '../domain/holiday-notice.ts';
import { type Page, pageOf, type PageRequest } from './keyset.ts';
import { latestCalendar } from './settings.ts';

/** A version of the calendar, with what it rests on. What is null was seeded and not imported. */
export interface CalendarVersion {
  readonly version: number;
  readonly source: string;
  readonly calendar: Calendar;
  readonly createdAt: Date;
  readonly noticeYear: number | null;
  readonly noticeDigest: string | null;
  readonly importedBy: string | null;
}

/** A notice that was found to be sound, and what is kept of how it came. */
export interface NoticeImport {
  readonly notice: Notice;
  /** The number of the document, or whatever else says where it comes from. */
  readonly source: string;
  /** What was handed in, word for word, and its SHA-256 in hex. */
  readonly text: string;
  readonly digest: string;
  readonly person: string;
}

export interface Imported {
  readonly version: number;
  /** False where the calendar said all of it before; then `version` is the one that does. */
  readonly isNew: boolean;
  readonly changes: readonly ChangedDay[];
}

const COLUMNS = [
  'version',
  'source',
  'body as calendar',
  'created_at as createdAt',
  'notice_year as noticeYear',
  'notice_digest as noticeDigest',
  'imported_by as importedBy',
] as const;

/** Newest first. */
export async function listCalendars(db: Knex, { limit, after }: PageRequest): Promise<Page<CalendarVersion>> {
  const query = db('calendars')
    .select<CalendarVersion[]>(...COLUMNS)
    .orderBy('version', 'desc')
    .limit(limit + 1);
  if (after) void query.where('version', '<', Number(after[1]));
  const placeOf = ({ version }: CalendarVersion) => ['', String(version)] as const;
  return pageOf(await query, limit, { placeOf, read: (row) => row });
}

export async function findCalendar(db: Knex, version: number): Promise<CalendarVersion | undefined> {
  return db('calendars')
    .first<CalendarVersion | undefined>(...COLUMNS)
    .where({ version });
}

/** The days that count differently than in the version before; none for the first. */
export async function changesOf(db: Knex, { version, calendar }: CalendarVersion): Promise<ChangedDay[]> {
  const before = await findCalendar(db, version - 1);
  return before ? changedDays(before.calendar, calendar) : [];
}

/** Any number that nothing else locks. */
const CALENDAR_LOCK = 7_265_748;

/**
 * Adds a notice to the newest version of the calendar, as a version of its own. A notice whose days are all there as official
 * makes none: the version that has them is the answer. Imports wait for each other; call it within a transaction.
 */
export async function importNotice(transaction: Knex.Transaction, given: NoticeImport): Promise<Imported> {
  await transaction.raw('select pg_advisory_xact_lock(?)', [CALENDAR_LOCK]);
  const before = await latestCalendar(transaction);
  const { notice, source, text, digest, person } = given;
  if (alreadySays(before, notice)) {
    return { version: await versionWith(transaction, notice.year), isNew: false, changes: [] };
  }
  const after = withNotice(before, notice);
  await transaction('calendars').insert({
    version: after.version,
    source,
    body: JSON.stringify(after),
    notice_year: notice.year,
    notice: JSON.stringify(notice),
    notice_text: text,
    notice_digest: digest,
    imported_by: person,
    awaits_rollout: true,
  });
  return { version: after.version, isNew: true, changes: changedDays(before, after) };
}

/** The version that a year’s notice came with: the last import of it, or the first version. */
async function versionWith(transaction: Knex, year: number): Promise<number> {
  const imported = await transaction('calendars')
    .max<{ version: number | null }>('version as version')
    .where({ notice_year: year })
    .first();
  if (typeof imported?.version === 'number') return imported.version;
  const first = await transaction('calendars').min<{ version: number }>('version as version').first();
  return first?.version ?? 1;
}

/** The versions that the running cases are still to be told of, oldest first. */
export async function calendarsToRollOut(db: Knex): Promise<number[]> {
  return db('calendars').where({ awaits_rollout: true }).orderBy('version').pluck<number[]>('version');
}

export async function noteRolledOut(db: Knex, version: number): Promise<void> {
  await db('calendars').where({ version }).update({ awaits_rollout: false });
}
