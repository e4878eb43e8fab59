import type { CaseEvent } from '../../domain/case.ts';
import { chain, type Entry } from '../../domain/journal.ts';
import { rebuildProjection } from '../../store/rebuild.ts';
import { eventsOf, record } from '../../store/record.ts';
import { StreamConflict } from '../../store/stream.ts';
import { type PlayedCase, playedCase } from '../support/played-cases.ts';
import { storeForms, storePlayed, storeStaff } from '../support/played-store.ts';
import { platformDatabase, type TestDatabase } from '../support/servers.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await platformDatabase();
  await storeStaff(database.knex);
});
afterAll(() => database.drop());

const TABLES = [
  ['cases', 'id', ['id']],
  ['tasks', 'case_id', ['id']],
  ['copies', 'case_id', ['stage', 'department_id', 'role']],
  ['stage_visits', 'case_id', ['stage', 'activation', 'department_id']],
] as const;

/** The rows of one case, as people search them. */
async function rowsOf(caseId: string): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const [table, key, order] of TABLES) {
    rows[table] = await database
      .knex(table)
      .where(key, caseId)
      .orderBy([...order]);
  }
  return rows;
}

async function hand(played: PlayedCase, entries: readonly Entry<CaseEvent>[]): Promise<void> {
  await record(database.knex, { kind: 'share-request', streamId: played.caseId, entries });
}

/** As an activity that is tried again until it goes through. */
async function handUntilDone(played: PlayedCase, entries: readonly Entry<CaseEvent>[]): Promise<number> {
  for (let tried = 1; ; tried += 1) {
    try {
      await hand(played, entries);
      return tried;
    } catch (error) {
      if (tried === 20) throw error;
    }
  }
}

test('what four recorders hand over at once is recorded once, chained, and shown as built from the events alone', async () => {
  const played = playedCase(11);
  await storeForms(database.knex, played);
  const { entries, caseId } = played;
  expect(entries.length).toBeGreaterThan(10);
  for (let from = 0; from < entries.length; from += 3) {
    const batch = entries.slice(from, from + 3);
    await Promise.all([1, 2, 3, 4].map(() => handUntilDone(played, batch)));
  }
  const recorded = await eventsOf(database.knex, caseId);
  expect(recorded.map(({ seq, commandId, event }) => ({ seq, commandId, event }))).toEqual(entries);
  let digest = '';
  for (const entry of recorded) {
    const { seq, commandId, event } = entry;
    digest = chain(digest, caseId, { seq, commandId, event });
    expect(entry.digest).toBe(digest);
  }
  const outbox = await database.knex('outbox').where({ stream_id: caseId }).orderBy('seq').pluck('seq');
  expect(outbox).toEqual(entries.map(({ seq }) => seq));
  const before = await rowsOf(caseId);
  expect(before['tasks']?.length).toBeGreaterThan(1);
  await rebuildProjection(database.knex);
  expect(await rowsOf(caseId)).toEqual(before);
});

test('another event under a number that is taken, and one that leaves a gap, are refused and change nothing', async () => {
  const played = playedCase(12);
  await storePlayed(database.knex, played);
  const before = await rowsOf(played.caseId);
  const last = played.entries.at(-1);
  if (!last) throw new Error('A played case has events');
  const other = { ...last, event: { ...last.event, at: '2026-12-31T00:00:00+08:00' } };
  await expect(hand(played, [other])).rejects.toThrow(StreamConflict);
  await expect(hand(played, [{ ...last, seq: last.seq + 2 }])).rejects.toThrow(StreamConflict);
  expect(await rowsOf(played.caseId)).toEqual(before);
  await hand(played, played.entries);
  expect(await rowsOf(played.caseId)).toEqual(before);
});
