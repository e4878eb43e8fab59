import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';
import { loadDatabaseConfig, settingsOrEnd } from '../config.ts';
import type { CaseEvent } from '../domain/case.ts';
import type { Entry } from '../domain/journal.ts';
import { projectCase } from './case-projection.ts';
import { openDatabase } from './database.ts';

/** Moves whenever the rows of the projection are made in another way: they are built again when it differs. */
const SHAPE = 3;

export interface Rebuilt {
  readonly cases: number;
  readonly events: number;
}

/**
 * Builds what inboxes and lists show of every case again from its recorded events, a case at a time, so that the platform
 * may go on meanwhile. Numbers, grants and deliveries stay as they are: they are more than a projection.
 */
export async function rebuildProjection(knex: Knex, onProgress?: (done: Rebuilt) => void): Promise<Rebuilt> {
  let done: Rebuilt = { cases: 0, events: 0 };
  let after = '';
  for (;;) {
    const ids = await knex('cases').where('id', '>', after).orderBy('id').limit(500).pluck<string[]>('id');
    for (const id of ids) {
      const events = await rebuildCase(knex, id);
      done = { cases: done.cases + 1, events: done.events + events };
    }
    onProgress?.(done);
    after = ids.at(-1) ?? '';
    if (ids.length === 0) return done;
  }
}

async function rebuildCase(knex: Knex, id: string): Promise<number> {
  return knex.transaction(async (trx) => {
    await trx('cases').where({ id }).forNoKeyUpdate().first('id');
    const entries = await trx('events')
      .where({ stream_id: id })
      .orderBy('seq')
      .select<Entry<CaseEvent>[]>({ seq: 'seq', commandId: 'command_id', event: 'event' });
    await clearCase(trx, id);
    await projectCase(trx, id, entries);
    return entries.length;
  });
}

/** Takes away what follows from the events of a case, for them to be projected from the first one on. */
export async function clearCase(trx: Knex, id: string): Promise<void> {
  await trx('tasks').where({ case_id: id }).delete();
  await trx('copies').where({ case_id: id }).delete();
  await trx('stage_visits').where({ case_id: id }).delete();
  await trx('cases')
    .where({ id })
    .update({ state: trx.raw("'null'::jsonb"), duration_ms: null });
}

/** Builds the projection again if this version of the platform makes its rows in another way than the one before. */
export async function rebuildIfReshaped(knex: Knex, onStart?: () => void): Promise<Rebuilt | undefined> {
  const row = await knex('settings').where({ key: 'projection.shape' }).first<{ value: number } | undefined>('value');
  if (row?.value === SHAPE) return undefined;
  onStart?.();
  const rebuilt = await rebuildProjection(knex);
  await knex('settings')
    .insert({ key: 'projection.shape', value: JSON.stringify(SHAPE) })
    .onConflict('key')
    .merge();
  return rebuilt;
}

/** Says how far it has come, a line of JSON each time. */
async function main(): Promise<void> {
  const knex = openDatabase(settingsOrEnd(() => loadDatabaseConfig(process.env)).databaseUrl, {
    max: 2,
    // Its own output is JSON alone.
    warn: (message) => void process.stderr.write(`${message}\n`),
  });
  try {
    await rebuildProjection(knex, (done) => void process.stdout.write(`${JSON.stringify(done)}\n`));
  } finally {
    await knex.destroy();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
