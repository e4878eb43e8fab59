import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { chain, type Entry } from '../../domain/journal.ts';
import { reconcile, type RunAccount, type StreamAccounts, type StreamEvent } from '../../domain/reconcile.ts';
import { createReplayer } from '../../replayer.ts';
import { workflowBundle } from '../support/servers.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const replayer = createReplayer({ workflowBundle: await workflowBundle() });
afterAll(() => replayer.close());

async function runOf(name: string): Promise<RunAccount> {
  const file = join(import.meta.dirname, 'histories', `${name}.json.gz`);
  const json = gunzipSync(readFileSync(file)).toString('utf8');
  return replayer.replay({ workflowId: 'replayed', json });
}

const runsOf = (...names: string[]) => Promise.all(names.map(runOf));
const RENEWED = [1, 2, 3].map((nth) => `share-request/renewed.${nth}`);

function recordOf(entries: readonly Entry<StreamEvent>[], count = entries.length): StreamAccounts['recorded'] {
  let digest = '';
  return entries.slice(0, count).map((entry) => ({ ...entry, digest: (digest = chain(digest, 's', entry)) }));
}

function held(runs: readonly RunAccount[], more: Pick<StreamAccounts, 'recorded'> & Partial<StreamAccounts>) {
  return reconcile({ kind: 'share-request', streamId: 's', runs, isWhole: true, ...more });
}

const handedOver = (runs: readonly RunAccount[]) => runs.flatMap(({ batches }) => batches.flat());

test('of whatever part of a stream is recorded the rest is missing, in its batches', async () => {
  const runs = await runsOf(...RENEWED);
  const all = handedOver(runs);
  for (const count of [0, 1, 7, all.length - 1, all.length]) {
    const found = held(runs, { recorded: recordOf(all, count) });
    if (!('missing' in found)) throw new Error(JSON.stringify(found));
    expect(found.missing.flat()).toEqual(all.slice(count));
    expect(found.missing.every((batch) => batch.length > 0)).toBe(true);
  }
  expect(held(runs, { recorded: [] })).toEqual({ missing: runs.flatMap(({ batches }) => batches) });
});

test('what was decided last and waits to be handed over is not missing yet', async () => {
  const [run] = await runsOf('share-request/refused.1');
  if (!run) throw new Error('No run');
  const waiting = { ...run, batches: run.batches.slice(0, -1) };
  const recorded = recordOf(handedOver([waiting]));
  expect(held([waiting], { recorded })).toEqual({ missing: [] });
  const withoutFirst = { ...run, batches: run.batches.slice(1) };
  expect(held([withoutFirst], { recorded })).toMatchObject({ verdict: 'history-altered', difference: { seq: 1 } });
});

test('a grant has the events that it opened with in its history, though its case has them recorded', async () => {
  const runs = await runsOf('grant/opened-as-given.1');
  const [first] = handedOver(runs);
  expect(first?.seq).toBeGreaterThan(1);
  const found = held(runs, { kind: 'grant', recorded: [] });
  if (!('missing' in found)) throw new Error(JSON.stringify(found));
  expect(found.missing.flat().map(({ seq }) => seq)).toEqual(found.missing.flat().map((_, index) => index + 1));
  expect(found.missing[0]?.[0]?.event.type).toBe('opened');
  const unopened = runs.map((run) => ({ ...run, batches: [] }));
  expect(held(unopened, { kind: 'grant', recorded: [] })).toEqual({ missing: found.missing.slice(0, 1) });
});

test('runs that are not kept are taken as they are recorded, if the next one went on from there', async () => {
  const runs = await runsOf(...RENEWED);
  const all = handedOver(runs);
  const kept = runs.slice(1);
  const [next] = kept;
  if (!next?.loaded) throw new Error('The second run went on from nothing');
  const { seq } = next.loaded;
  const partly = { isWhole: false };
  expect(held(kept, { ...partly, recorded: recordOf(all) })).toEqual({ missing: [] });
  const behind = held(kept, { ...partly, recorded: recordOf(all, seq) });
  expect(behind).toEqual({ missing: kept.flatMap(({ batches }) => batches) });
  const short = held(kept, { ...partly, recorded: recordOf(all, seq - 1) });
  expect(short).toMatchObject({ verdict: 'record-differs', difference: { seq: seq - 1, field: 'seq' } });
  const another = all.map((entry) =>
    entry.event.type === 'filed' ? { ...entry, event: { ...entry.event, provider: 'transport' } } : entry,
  );
  const rewritten = held(kept, { ...partly, recorded: recordOf(another) });
  expect(rewritten).toMatchObject({ verdict: 'record-differs', difference: { seq, field: 'state' } });
  // A run that has only just begun says nothing yet.
  const begun: RunAccount = { replayed: [], batches: [] };
  expect(held([begun], { ...partly, recorded: recordOf(all, seq) })).toEqual({ missing: [] });
  expect(held([], { ...partly, recorded: recordOf(all) })).toEqual({ missing: [] });
});

test('a run that went on from another state than the one before it left is an altered history', async () => {
  const runs = await runsOf(...RENEWED);
  const recorded = recordOf(handedOver(runs));
  const elsewhere = runs.map((run, nth) =>
    nth === 2 && run.loaded ? { ...run, loaded: { ...run.loaded, seq: run.loaded.seq - 1 } } : run,
  );
  expect(held(elsewhere, { recorded })).toMatchObject({ verdict: 'history-altered', difference: { field: 'seq' } });
});

test('what is recorded and in no history, under another number or with another digest is told of', async () => {
  const runs = await runsOf('share-request/refused.1');
  const all = handedOver(runs);
  const more = {
    seq: all.length + 1,
    commandId: 'nobody',
    event: { type: 'closed', at: '2026-11-25T10:00:00Z' },
  } as const;
  expect(held(runs, { recorded: recordOf([...all, more]) })).toMatchObject({
    verdict: 'record-differs',
    difference: { seq: more.seq, replayed: '–', found: 'closed' },
  });
  const gap = all.filter(({ seq }) => seq !== 3);
  expect(held(runs, { recorded: recordOf(gap) })).toMatchObject({ verdict: 'record-differs', difference: { seq: 3 } });
  const recorded = recordOf(all).map((entry) => (entry.seq === 2 ? { ...entry, digest: 'x' } : entry));
  expect(held(runs, { recorded })).toMatchObject({ verdict: 'record-altered', difference: { seq: 2 } });
  expect(held([], { isWhole: false, recorded })).toMatchObject({ verdict: 'record-altered', difference: { seq: 2 } });
});
