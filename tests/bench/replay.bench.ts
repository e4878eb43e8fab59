import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bundleWorkflows } from '../../bundling.ts';
import { projectRoot } from '../../config.ts';
import type { CaseEvent } from '../../domain/case.ts';
import { chain, type Entry } from '../../domain/journal.ts';
import { caseMachine } from '../../domain/kernel/case-machine.ts';
import { replayEvents } from '../../domain/machine.ts';
import { type Accounts, compareAccounts } from '../../domain/replay.ts';
import { tasksOf } from '../../domain/tasks.ts';
import { sha256 } from '../../store/stream.ts';
import { createReplayer, type OwnedReplayer } from '../../replayer.ts';
import { type Bench, median } from './measure.ts';
import { quietRuntime } from './rig.ts';
import { machineSpeed } from './yardstick.ts';

const REPLAYS = 150;
const RUNS = 3;
/** Auditors asking at once. */
const AT_ONCE = 4;
const FOLDER = join(projectRoot, 'tests/replay/histories/share-request');

type Record = Pick<Accounts, 'recorded' | 'projection'>;

/** Stored histories of whole cases through the workflow code, each held against its record as an auditor does. */
export const bench: Bench = {
  name: 'replay',
  async run(say) {
    quietRuntime();
    const workflowBundle = await bundleWorkflows();
    const replayer = createReplayer({ workflowBundle });
    try {
      const histories = readdirSync(FOLDER)
        .filter((file) => !file.startsWith('renewed'))
        .map((file) => gunzipSync(readFileSync(join(FOLDER, file))).toString('utf8'));
      const kept = new Map<string, Record>();
      for (const json of histories) kept.set(json, recordOf((await replayed(replayer, json)).batches.flat()));
      const rates: number[] = [];
      // The first replays find the code cold, which no auditor of many cases meets twice.
      for (let nth = 0; nth <= RUNS; nth += 1) {
        const start = performance.now();
        let at = 0;
        const lane = async (): Promise<void> => {
          while (at < REPLAYS) await audit(replayer, histories[(at += 1) % histories.length] ?? '', kept);
        };
        await Promise.all(Array.from({ length: AT_ONCE }, lane));
        const rate = REPLAYS / ((performance.now() - start) / 1_000);
        say(`${nth === 0 ? 'warming up' : `run ${nth}`}: ${rate.toFixed(1)} histories a second`);
        if (nth > 0) rates.push(rate);
      }
      const [rate, speed] = [median(rates), await machineSpeed()];
      return [
        {
          what: 'replay and comparison, at the speed of the reference',
          value: rate / speed,
          unit: '/s',
          goal: { atLeast: 50 },
        },
        { what: 'speed of this machine', value: speed, unit: '' },
        { what: 'replay and comparison', value: rate, unit: '/s', runs: rates },
      ];
    } finally {
      await replayer.close();
    }
  },
};

async function replayed(replayer: OwnedReplayer, json: string) {
  const result = await replayer.replay({ workflowId: 'share-request/bench', json });
  if (result.error !== undefined) throw new Error(result.error);
  return result;
}

async function audit(replayer: OwnedReplayer, json: string, kept: ReadonlyMap<string, Record>): Promise<void> {
  const record = kept.get(json);
  if (!record) throw new Error('No record of this history');
  const { replayed: decided, batches } = await replayed(replayer, json);
  const accounts = { caseId: 'bench', replayed: decided, handedOver: batches.flat(), ...record };
  const { verdict } = compareAccounts(accounts, sha256);
  if (verdict !== 'agrees') throw new Error(`A stored history does not agree with its record: ${verdict}`);
}

function recordOf(entries: readonly Entry<CaseEvent>[]): Record {
  let digest = '';
  const recorded = entries.map((entry) => ({ ...entry, digest: (digest = chain(digest, 'bench', entry)) }));
  const state = replayEvents(
    caseMachine,
    entries.map(({ event }) => event),
  );
  return { recorded, projection: { state, tasks: tasksOf(state) } };
}
