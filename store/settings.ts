import type { Knex } from 'knex';
import type { Calendar } from '../domain/calendar.ts';

/** The value of a setting of the place, or undefined where nothing was set. */
export async function readSetting(db: Knex, key: string): Promise<unknown> {
  const row = await db('settings').first<{ value: unknown } | undefined>('value').where({ key });
  return row?.value;
}

/** The newest version of the working-day calendar. */
export async function latestCalendar(db: Knex): Promise<Calendar> {
  const row = await db('calendars').first<{ body: Calendar } | undefined>('body').orderBy('version', 'desc');
  if (!row) throw new Error('The database holds no calendar: seed it');
  return row.body;
}
