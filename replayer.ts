import type { InjectedSinks, ReplayWorkerOptions } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import type { Replayer } from './activities/replay.ts';
import type { CaseEvent } from './domain/case.ts';
import type { Entry } from './domain/journal.ts';
import { type Answered, apartFrom } from './domain/replayed-answers.ts';
import { accountOf, type History, historyOf } from './history-account.ts';
import { ReplayWorker } from './replay-worker.ts';
import type { JournalSinks } from './workflows/sinks.ts';

type Code = Pick<ReplayWorkerOptions, 'workflowBundle' | 'workflowsPath'>;

/** How long an idle replay worker is kept: to start one costs more than many replays. */
const IDLE_MS = 5_000;

interface Job {
  readonly workflowId: string;
  readonly history: History;
  readonly replayed: Entry<CaseEvent>[];
  readonly answers: Answered[];
  /** Kind and id of the stream that the code decides of. */
  stream: string | undefined;
  settle(error?: Error): void;
}

export interface OwnedReplayer extends Replayer {
  /** Ends the replay worker once what is asked for has been replayed. */
  close(): Promise<void>;
}

/** How often a replay worker is started for a history before its failure to start is the answer. */
const STARTS = 3;

/** Replay workers at once, each with a thread of its own, so that an audit holds up neither another nor the live cases. */
const AT_ONCE = 2;

/** How long the code may take for one step of a history. A busy machine is no reason to call a history unfit. */
const PATIENCE_MS = 60_000;

/** Runs histories through the workflow code that `code` names, seeing every event that the code decides again. */
export function createReplayer(code: Code, patienceMs = PATIENCE_MS): OwnedReplayer {
  const streams = Array.from({ length: AT_ONCE }, () => ({ stream: createStream(code, patienceMs), asked: 0 }));
  return {
    async replay(run) {
      const [least] = streams.toSorted((a, b) => a.asked - b.asked);
      if (!least) throw new Error('No replay worker');
      least.asked += 1;
      try {
        return await least.stream.replay(run);
      } finally {
        least.asked -= 1;
      }
    },
    async close() {
      await Promise.all(streams.map(({ stream }) => stream.close()));
    },
  };
}

/** One replay worker that takes one history after another, and ends when nothing was asked of it for a while. */
function createStream(code: Code, patienceMs: number): OwnedReplayer {
  const waiting: Job[] = [];
  let current: Job | undefined;
  let running: Promise<void> | undefined;
  let wake: () => void = () => {};
  let isClosed = false;
  const sinks: InjectedSinks<JournalSinks> = {
    journal: {
      took: {
        fn: (_, { kind, streamId, entries }) => {
          if (!current) return;
          current.stream = `${kind} ${streamId}`;
          current.replayed.push(...(entries as readonly Entry<CaseEvent>[]));
        },
        callDuringReplay: true,
      },
      answered: { fn: (_, answer) => void current?.answers.push(answer), callDuringReplay: true },
    },
  };

  // Without debugMode the code runs in a thread of its own.
  const options = { ...code, sinks, debugMode: false, isolateExecutionTimeout: patienceMs };

  async function* jobs() {
    for (;;) {
      if (waiting.length === 0 && !isClosed) await idle();
      current = waiting.shift();
      if (!current) return;
      yield { workflowId: current.workflowId, history: current.history };
    }
  }

  async function idle(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function work(): Promise<void> {
    let failedToStart = 0;
    while (waiting.length > 0) {
      current = undefined;
      const taken = (): Job | undefined => current;
      try {
        for await (const { error } of ReplayWorker.runReplayHistories(options, jobs())) {
          taken()?.settle(error);
          failedToStart = 0;
          // Whatever is no verdict on the history may be the worker's own end: the next history is not to share it.
          if (error && !(error instanceof DeterminismViolationError)) break;
        }
      } catch (error) {
        // The worker itself could not go on with this history: those that follow get another worker.
        const failed = error instanceof Error ? error : new Error(String(error));
        const job = taken();
        if (job) job.settle(failed);
        // One that is made while the process's last other worker ends finds no runtime; that is no fault of a history.
        else if (++failedToStart >= STARTS) waiting.shift()?.settle(failed);
      }
    }
    running = undefined;
  }

  async function done(workflowId: string, history: History): Promise<Job & { readonly error: Error | undefined }> {
    return new Promise((resolve) => {
      const job: Job = {
        workflowId,
        history,
        replayed: [],
        answers: [],
        stream: undefined,
        settle: (error) => resolve({ ...job, error }),
      };
      waiting.push(job);
      wake();
      running ??= work();
    });
  }

  return {
    async replay(run) {
      const history = historyOf(run);
      if (typeof history === 'string') return { replayed: [], batches: [], error: history };
      const job = await done(run.workflowId, history);
      const { replayed, answers, stream } = job;
      if (job.error) return { replayed, batches: [], error: job.error.message };
      const account = accountOf(history);
      if (typeof account === 'string') return { replayed, batches: [], error: account };
      const { batches, loaded } = account;
      const apart = apartFrom({ stream, answers }, account);
      return { replayed, batches, ...(loaded ? { loaded } : {}), ...(apart ? { apart } : {}) };
    },
    async close() {
      isClosed = true;
      wake();
      await running;
    },
  };
}

/** Live workers have no use for what the journal's sink tells. */
export const silentSinks: InjectedSinks<JournalSinks> = {
  journal: { took: { fn: () => {}, callDuringReplay: false }, answered: { fn: () => {}, callDuringReplay: false } },
};
