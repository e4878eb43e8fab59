import type { Knex } from 'knex';
import type { Calendar } from '../domain/calendar.ts';

/** The settings of the place that begin with a word, by their whole names; what was never set is absent. */
export async function readSettings(db: Knex, process: string): Promise<Readonly<Record<string, unknown>>> {
  const rows = await db('settings')
    .select<{ key: string; value: unknown }[]>('key', 'value')
    .whereLike('key', `${process}.%`);
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}

/** Every setting of the place that was set. */
export async function allSettings(db: Knex): Promise<ReadonlyMap<string, unknown>> {
  const rows = await db('settings').select<{ key: string; value: unknown }[]>('key', 'value');
  return new Map(rows.map(({ key, value }) => [key, value]));
}

export async function putSetting(trx: Knex.Transaction, key: string, value: unknown): Promise<void> {
  const json = JSON.stringify(value);
  await trx('settings').insert({ key, value: json }).onConflict('key').merge({ value: json });
}

/** The newest version of the working-day calendar. */
export async function latestCalendar(db: Knex): Promise<Calendar> {
  const row = await db('calendars').first<{ body: Calendar } | undefined>('body').orderBy('version', 'desc');
  if (!row) throw new Error('The database holds no calendar: seed it');
  return row.body;
}
