import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Replayed } from '../../activities/replay.ts';
import type { CaseEvent } from '../../domain/case.ts';
import { chain, type Entry } from '../../domain/journal.ts';
import { caseMachine } from '../../domain/kernel/case-machine.ts';
import { replayEvents } from '../../domain/machine.ts';
import { compareAccounts, type ReplayReport, resumedElsewhere } from '../../domain/replay.ts';
import { tasksOf } from '../../domain/tasks.ts';
import { createReplayer } from '../../replayer.ts';
import { workflowBundle } from '../support/servers.ts';
import { pieces, withOneByteAltered } from './tampering.ts';

const FOLDER = join(import.meta.dirname, 'histories');
const code = { workflowBundle: await workflowBundle() };

Runtime.install({ logger: new DefaultLogger('ERROR') });
const replayer = createReplayer(code);
afterAll(() => replayer.close());

function stored(kind: string): string[] {
  return readdirSync(join(FOLDER, kind)).map((file) => `${kind}/${file.replace('.json.gz', '')}`);
}

function read(name: string): string {
  return gunzipSync(readFileSync(join(FOLDER, `${name}.json.gz`))).toString('utf8');
}

interface Told extends Pick<Replayed, 'replayed' | 'apart' | 'error'> {
  readonly handedOver: readonly Entry<CaseEvent>[];
}

async function replay(...histories: string[]): Promise<Told> {
  const results: Replayed[] = [];
  for (const json of histories) results.push(await replayer.replay({ workflowId: 'replayed', json }));
  const error = results.find((result) => result.error !== undefined)?.error;
  const apart = results.find((result) => result.apart)?.apart;
  return {
    replayed: results.flatMap(({ replayed }) => replayed),
    handedOver: results.flatMap(({ batches }) => batches.flat()),
    ...(error === undefined ? {} : { error }),
    ...(apart ? { apart } : {}),
  };
}

/** Holds a history against what was recorded of the case when it ran, as the auditor does. */
async function audit(json: string, recorded: readonly Entry<CaseEvent>[]): Promise<ReplayReport['verdict']> {
  const { replayed, handedOver, apart, error } = await replay(json);
  if (error !== undefined) return 'not-replayable';
  if (apart) return 'history-altered';
  return compareAccounts({ caseId: 'c', replayed, handedOver, ...accountsOf(recorded) }).verdict;
}

function accountsOf(entries: readonly Entry<CaseEvent>[]) {
  let digest = '';
  const recorded = entries.map((entry) => ({ ...entry, digest: (digest = chain(digest, 'c', entry)) }));
  const state = replayEvents(
    caseMachine,
    entries.map(({ event }) => event),
  );
  return { recorded, projection: { state, tasks: tasksOf(state) } };
}

const CASES = stored('share-request').filter((name) => !name.includes('renewed'));

test.each(CASES)('the stored history %s replays, and agrees with what it handed over to be recorded', async (name) => {
  const { handedOver } = await replay(read(name));
  expect(handedOver.length).toBeGreaterThan(2);
  expect(await audit(read(name), handedOver)).toBe('agrees');
});

test.each(stored('grant'))('the stored history %s replays and decides again what it handed over', async (name) => {
  const { replayed, handedOver, error } = await replay(read(name));
  expect(error).toBeUndefined();
  expect(handedOver.length).toBeGreaterThan(0);
  // A grant that opened with its case found its first events recorded: it hands over what comes after them.
  const first = handedOver[0]?.seq ?? 0;
  const found = replayed.filter(({ seq }) => seq < first);
  expect(found.every(({ commandId }) => commandId.startsWith('open:'))).toBe(true);
  expect(replayed.slice(found.length)).toEqual(handedOver);
});

test('a case renewed over several runs replays as one, each run going on from where the one before it stood', async () => {
  const runs = stored('share-request').filter((name) => name.includes('renewed'));
  expect(runs.length).toBeGreaterThan(2);
  const before: Entry<CaseEvent>[] = [];
  for (const name of runs.toSorted()) {
    const { replayed, batches, loaded, error } = await replayer.replay({ workflowId: 'replayed', json: read(name) });
    expect(error).toBeUndefined();
    expect(replayed).toEqual(batches.flat());
    if (loaded) {
      expect(resumedElsewhere(before, loaded)).toBeUndefined();
      expect(resumedElsewhere(before, { ...loaded, state: { ...loaded.state, provider: 'x' } })?.field).toBe('state');
      expect(resumedElsewhere(before, { ...loaded, seq: 1 })?.field).toBe('seq');
    }
    before.push(...replayed);
  }
  expect(before.map(({ seq }) => seq)).toEqual(before.map((_, index) => index + 1));
  expect(before.at(-1)?.event).toMatchObject({ type: 'ended', status: 'completed' });
});

test('a changed workflow, with one activity more, is seen not to follow the stored histories', async () => {
  const changed = createReplayer({ workflowsPath: join(import.meta.dirname, 'changed/index.ts') });
  try {
    const { error } = await changed.replay({ workflowId: 'replayed', json: read('share-request/refused.1') });
    expect(error).toMatch(/nondeterminism|TMPRL1100/i);
  } finally {
    await changed.close();
  }
});

test('code that does not come to an end is given up, and the histories that wait behind it are replayed', async () => {
  const endless = createReplayer({ workflowsPath: join(import.meta.dirname, 'endless/index.ts') }, 3_000);
  const names = ['refused.1', 'withdrawn.1', 'limit-passed.1'];
  try {
    const [stuck, ...others] = await Promise.all(
      names.map(async (name) => endless.replay({ workflowId: 'replayed', json: read(`share-request/${name}`) })),
    );
    expect(stuck?.error).toMatch('did not come to an end within 3 s');
    expect(others.map(({ error }) => error)).toEqual([undefined, undefined]);
  } finally {
    await endless.close();
  }
});

describe('a history that was tampered with is refused', () => {
  const name = 'share-request/refused.1';
  const supplemented = 'share-request/approved-after-supplement.1';

  test.each([
    ['one byte of an opinion', pieces.opinion],
    ['a reason', pieces.reason],
    ['who acted', pieces.actor],
    ['when it was', pieces.time],
    ['what the recorder was handed', pieces.recorded],
    ['whose record it was handed for', pieces.stream],
    ['what somebody was told of their command', pieces.answer],
  ])('where %s is another one', async (_, tamper) => {
    const { handedOver } = await replay(read(name));
    expect(await audit(tamper(read(name)), handedOver)).toBe('history-altered');
  });

  test('where a decision and what was recorded of it were altered alike, by the record', async () => {
    const { handedOver } = await replay(read(name));
    expect(await audit(pieces.everywhere(read(name)), handedOver)).toBe('record-differs');
  });

  test('where an event is missing', async () => {
    const { handedOver } = await replay(read(name));
    expect(await audit(pieces.withoutUpdate(read(name)), handedOver)).toBe('not-replayable');
  });

  test('where it is another case’s', async () => {
    const { handedOver } = await replay(read(name));
    expect(await audit(read(supplemented), handedOver)).toBe('record-differs');
  });

  test('in whatever byte of whatever it says', async () => {
    const { handedOver } = await replay(read(name));
    for (const [where, json] of withOneByteAltered(read(name))) {
      expect([where, await audit(json, handedOver)]).not.toEqual([where, 'agrees']);
    }
  });

  test('where it is no history at all', async () => {
    const { handedOver } = await replay(read(name));
    for (const text of ['', '{}', '{"events":[]}', '[1]', 'x'])
      expect(await audit(text, handedOver)).toBe('not-replayable');
  });
});
