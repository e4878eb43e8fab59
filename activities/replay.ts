import type { Knex } from 'knex';
import type { CaseEvent, CaseState } from '../domain/case.ts';
import type { Entry } from '../domain/journal.ts';
import {
  compareAccounts,
  type Difference,
  type ReplayAsk,
  type ReplayReport,
  resumedElsewhere,
} from '../domain/replay.ts';
import { processOf } from '../store/cases.ts';
import { accountsOf } from '../store/replay.ts';
import { sha256 } from '../store/stream.ts';

/** One run of a workflow, as the server or the archive keeps it. */
export interface StoredRun {
  readonly workflowId: string;
  /** Temporal's own JSON of the history. */
  readonly json: string;
}

export interface HistoryKeeper {
  /** The runs of a case in order. Rejects if they are not there from the first one on. */
  runsOf(process: string, caseId: string): Promise<StoredRun[]>;
}

/** What the server still keeps of a workflow. */
export interface KeptRuns {
  /** In order; none where nothing is kept. */
  readonly runs: readonly StoredRun[];
  /** Whether they begin with the first one: each run is dropped once its own retention is over. */
  readonly isWhole: boolean;
}

/** What running a history through the workflow code brought, and the batches that it says were handed to the recorder. */
export interface Replayed {
  readonly replayed: readonly Entry<CaseEvent>[];
  readonly batches: readonly (readonly Entry<CaseEvent>[])[];
  /** Where a run that continues another says that it went on from. */
  readonly loaded?: { readonly state: CaseState; readonly seq: number };
  /** Where what the code tells again is not what the history says was told, besides the events. */
  readonly apart?: Difference;
  /** Why the workflow code could not follow the history. */
  readonly error?: string;
}

export interface Replayer {
  replay(run: StoredRun): Promise<Replayed>;
}

/** Runs the stored history of a case through the workflow code again and holds it against what is recorded. */
export function createReplay(deps: {
  readonly knex: Knex;
  readonly histories: HistoryKeeper;
  readonly replayer: Replayer;
}): (ask: ReplayAsk) => Promise<ReplayReport> {
  return async ({ caseId, history }) => {
    const process = await processOf(deps.knex, caseId);
    const runs =
      history === undefined
        ? await deps.histories.runsOf(process, caseId)
        : [{ workflowId: `${process}/${caseId}`, json: history }];
    const replayed: Entry<CaseEvent>[] = [];
    const handedOver: Entry<CaseEvent>[] = [];
    for (const run of runs) {
      const result = await deps.replayer.replay(run);
      const apart = result.apart ?? (result.loaded && resumedElsewhere(replayed, result.loaded));
      if (apart) return { caseId, verdict: 'history-altered', events: 0, decisions: [], difference: apart, digest: '' };
      replayed.push(...result.replayed);
      handedOver.push(...result.batches.flat());
      if (result.error !== undefined) {
        const difference = { field: 'workflow', replayed: result.error, found: '–' };
        return { caseId, verdict: 'not-replayable', events: 0, decisions: [], difference, digest: '' };
      }
    }
    return compareAccounts({ caseId, replayed, handedOver, ...(await accountsOf(deps.knex, caseId)) }, sha256);
  };
}
