import type { Knex } from 'knex';
import type { SearchWord } from './catalogue-words.ts';

/**
 * To look into the grams of a row takes a hundred times as long as the planner believes: it is told so, that no table is
 * read from end to end and that no order is followed in search of what an index lists. What is so dear on paper is done
 * at once all the same, without workers and compilation.
 */
const SETTINGS = [
  'enable_seqscan = off',
  'enable_indexscan = off',
  'cpu_operator_cost = 0.1',
  'max_parallel_workers_per_gather = 0',
  'jit = off',
];

/** Counting reads all that is found, which two do in little more than half the time; a page is soon read by one. */
export const COUNTING = ['max_parallel_workers_per_gather = 1', 'min_parallel_table_scan_size = 0'];

/** In a transaction whose plans go by the indexes. `more`: further settings of it. */
export async function byIndex<T>(
  db: Knex,
  words: readonly SearchWord[],
  read: (trx: Knex) => Promise<T>,
  more: readonly string[] = [],
): Promise<T> {
  if (words.length === 0) return read(db);
  return db.transaction(async (trx) => {
    await trx.raw([...SETTINGS, ...more].map((setting) => `set local ${setting}`).join('; '));
    return read(trx);
  });
}

/** With indexes read in their order, a row at a time. */
export async function inIndexOrder<T>(db: Knex, read: () => Promise<T>): Promise<T> {
  await db.raw('set local enable_indexscan = on');
  const found = await read();
  await db.raw('set local enable_indexscan = off');
  return found;
}
