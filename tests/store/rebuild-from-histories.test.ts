import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chain } from '../../domain/journal.ts';
import { eventsOf } from '../../store/record.ts';
import { type Api, startApi } from '../support/api.ts';
import { type Backup, backUp, dump } from '../support/backup.ts';
import { santong } from '../support/cli.ts';
import { type Played, play, rebuildFromHistories } from '../support/recovery-play.ts';
import { temporalAddress } from '../support/servers.ts';

let api: Api;
let played: Played;
let whole: Backup;
let streams: number;

const knex = () => api.engine.platform.knex;

beforeAll(async () => {
  api = await startApi();
  await api.engine.startWorkers();
  played = await play(api);
  whole = await backUp(api.engine.platform.adminUrl, 'whole');
  streams = Number((await knex()('events').countDistinct('stream_id as n'))[0]?.['n']);
}, 180_000);
afterEach(() => whole.restore());
afterAll(() => api.close());

/** Takes away the last events of a stream, and what waited to be told of them, as an older back-up has neither. */
async function forget(streamId: string, last: number): Promise<number> {
  const seqs = await knex()('events').where({ stream_id: streamId }).orderBy('seq').pluck<number[]>('seq');
  const gone = seqs.slice(-last);
  for (const table of ['outbox', 'events']) {
    await knex()(table).where({ stream_id: streamId }).whereIn('seq', gone).delete();
  }
  return gone.length;
}

/** What the events say is taken away or made untrue; what people know a case by, and what a delivery noted, stays. */
async function blank(): Promise<void> {
  for (const table of ['tasks', 'copies', 'stage_visits', 'sharing_lines']) await knex()(table).delete();
  await knex()('cases').update({
    ...{ status: 'unknown', stage: null, parties: [], state: 'null', seq: 0, form_version: 0 },
    ...{ due_on: null, updated_at: new Date(0), ended_at: null, duration_ms: 1 },
  });
  await knex()('grants').update({
    status: 'active',
    state: null,
    seq: 0,
    updated_at: new Date(0),
    disposal_case_id: null,
  });
  await knex()('deliveries').update({ status: 'waiting', rows_done: 0, rows_total: null, ended_at: null });
}

test('projections that are gone and events that a back-up has not are there again as they were, once and for all', async () => {
  const before = await dump(knex());
  const { caseId, grantId, correctionId, endedGrantId, supplementedId, returnedId, severalId } = played;
  const forgotten = [
    await forget(caseId, 3),
    await forget(grantId, 4),
    await forget(correctionId, 2),
    await forget(endedGrantId, 1),
    await forget(supplementedId, 5),
    await forget(returnedId, 1_000),
    await forget(severalId, 1_000),
  ];
  await blank();
  expect(await dump(knex())).not.toEqual(before);

  const ran = await rebuildFromHistories(api, '--json');
  expect(ran).toMatchObject({ exit: 0, err: '' });
  const appended = forgotten.reduce((sum, n) => sum + n, 0);
  expect(appended).toBeGreaterThan(16);
  expect(ran.json).toEqual({ of: streams, fromHistories: streams, fromRecords: 0, appended, differing: [] });
  expect(await dump(knex())).toEqual(before);

  const again = await rebuildFromHistories(api, '--lang', 'en');
  expect(again.out).toContain(
    `Done: ${streams} streams from histories, 0 from records, 0 events appended, 0 differing`,
  );
  expect(again.exit).toBe(0);
  expect(await dump(knex())).toEqual(before);
}, 120_000);

test('rows of grants and cases that are gone altogether are made again, under their numbers', async () => {
  // Of a delivery the events know what was asked and what came of it, and nothing of its way.
  const way = { deliveries: ['attempt', 'started_at', 'manifest', 'manifest_digest'] };
  const before = await dump(knex(), way);
  await knex()('cases').update({ about_grant_id: null });
  await knex()('grants').update({ disposal_case_id: null });
  for (const table of ['tasks', 'copies', 'stage_visits', 'sharing_lines', 'deliveries', 'grants', 'cases']) {
    await knex()(table).delete();
  }
  const ran = await rebuildFromHistories(api, '--json');
  expect(ran).toMatchObject({ exit: 0, json: { fromHistories: streams, appended: 0 } });
  expect(await dump(knex(), way)).toEqual(before);
}, 120_000);

describe('a stream that differs is told of with its event, and left as it is while the others are built', () => {
  /** An event that says something else, with digests that fit it from there on. */
  async function alter(streamId: string, seq: number, isChained: boolean): Promise<void> {
    const entries = await eventsOf(knex(), streamId);
    let digest = '';
    for (const { recordedAt: _, digest: kept, ...entry } of entries) {
      const event = entry.seq === seq ? { ...entry.event, opinion: '不同意' } : entry.event;
      digest = chain(digest, streamId, { ...entry, event });
      const row = { event: JSON.stringify(event), digest: isChained ? digest : kept };
      await knex()('events').where({ stream_id: streamId, seq: entry.seq }).update(row);
    }
  }
  const remove = (streamId: string, seq: number) => knex()('events').where({ stream_id: streamId, seq }).delete();

  async function add(streamId: string): Promise<number> {
    const { digest, ...last } = (await eventsOf(knex(), streamId)).at(-1) ?? { digest: '', seq: 0 };
    const entry = { seq: last.seq + 1, commandId: 'nobody', event: { type: 'commented', at: '2026-11-25T10:00:00Z' } };
    await knex()('events').insert({
      ...{ stream_id: streamId, stream_kind: 'share-request', seq: entry.seq, command_id: entry.commandId },
      ...{ event: JSON.stringify(entry.event), digest: chain(digest, streamId, entry) },
    });
    return entry.seq;
  }

  test.each([
    ['an event that does not fit its digest', 'record-altered', 4, () => alter(played.caseId, 4, false)],
    ['an event whose chain was made to fit', 'record-differs', 4, () => alter(played.caseId, 4, true)],
    ['an event gone from the middle', 'record-altered', 5, () => remove(played.caseId, 4)],
  ])(
    '%s',
    async (_, verdict, seq, tamper) => {
      await tamper();
      await knex()('tasks').delete();
      const before = await dump(knex());
      const ran = await rebuildFromHistories(api, '--json');
      expect(ran.exit).toBe(10);
      expect(ran.json).toMatchObject({
        ...{ fromHistories: streams - 1, fromRecords: 0, appended: 0 },
        differing: [{ kind: 'share-request', streamId: played.caseId, verdict, seq }],
      });
      const after = await dump(knex());
      expect(after['events']).toEqual(before['events']);
      const tasks = await knex()('tasks').distinct('case_id').pluck('case_id');
      expect(tasks).not.toContain(played.caseId);
      expect(tasks).toHaveLength(((await knex()('cases').count())[0]?.['count'] as never) - 1);
    },
    60_000,
  );

  test('an event that no history knows', async () => {
    const seq = await add(played.returnedId);
    const ran = await rebuildFromHistories(api, '--lang', 'en');
    expect(ran.exit).toBe(10);
    expect(ran.out).toContain(
      `share-request/${played.returnedId} event ${seq} differs in event, left as it is: history and record differ`,
    );
    expect(ran.out).toContain(`0 events appended, 1 differing`);
  }, 60_000);
});

test('what a case rests on and the database has not is told of, and the case left as it is', async () => {
  const { supplementedId: streamId } = played;
  const events = await eventsOf(knex(), streamId);
  const { seq = 0 } = events.find(({ event }) => event.type === 'supplemented') ?? {};
  await forget(streamId, events.length - seq + 2);
  await knex()('forms').where({ case_id: streamId, version: 2 }).delete();
  const before = await dump(knex());
  const ran = await rebuildFromHistories(api, '--json');
  expect(ran.exit).toBe(10);
  expect(ran.json.differing).toMatchObject([{ streamId, verdict: 'unfounded', seq, field: 'form' }]);
  expect(await dump(knex())).toEqual(before);
}, 60_000);

test('where a platform runs on this machine its own database and server are taken', async () => {
  const { platform, namespace } = api.engine;
  const dataDir = await mkdtemp(join(tmpdir(), 'santong-rebuild-'));
  try {
    const state = { databaseUrl: platform.url, temporalAddress: temporalAddress(), temporalNamespace: namespace };
    await writeFile(join(dataDir, 'state.json'), JSON.stringify(state));
    const ran = await santong({ dataDir, inherited: { PATH: process.env['PATH'] } }, 'rebuild', '--from-histories');
    expect(ran).toMatchObject({ exit: 0, err: '' });
    expect(ran.out).toContain(`完成：${streams} 条事件流取自历史，0 条取自记录，补记 0 个事件，0 条不一致`);
    expect(ran.out).toContain(`已处理 ${streams} / ${streams}，补记 0 个事件`);
  } finally {
    await rm(dataDir, { recursive: true });
  }
}, 60_000);

test('a rebuild from histories says what it needs to know, and what does not answer', async () => {
  const { dataDir, platform } = api.engine;
  const given = { PATH: process.env['PATH'], SANTONG_DATABASE_URL: platform.url };
  const run = (inherited: Record<string, string | undefined>) =>
    santong({ dataDir, inherited }, 'rebuild', '--from-histories', '--lang', 'en');
  const half = await run(given);
  expect(half).toMatchObject({ exit: 3, err: expect.stringContaining('SANTONG_TEMPORAL_ADDRESS') });
  const away = await run({ ...given, SANTONG_TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(away).toMatchObject({ exit: 3, err: expect.stringContaining('does not answer at 127.0.0.1:1') });
  const elsewhere = { ...given, SANTONG_TEMPORAL_ADDRESS: temporalAddress(), SANTONG_TEMPORAL_NAMESPACE: 'nowhere' };
  expect(await run(elsewhere)).toMatchObject({ exit: 1, err: expect.stringContaining('nowhere') });
}, 60_000);
