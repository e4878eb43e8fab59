import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { type InjectedSinks, type ReplayWorkerOptions, Worker } from '@temporalio/worker';
import type { HistoryKeeper, Replayed, Replayer, StoredRun } from './activities/replay.ts';
import type { CaseEvent } from './domain/case.ts';
import type { Entry } from './domain/journal.ts';
import { shareRequestWorkflowId } from './workflows/messages.ts';
import type { JournalSinks } from './workflows/sinks.ts';

type History = ReturnType<typeof historyFromJSON>;
type Code = Pick<ReplayWorkerOptions, 'workflowBundle' | 'workflowsPath'>;

/** Runs histories through the workflow code that `code` names, seeing every event that the code decides again. */
export function createReplayer(code: Code): Replayer {
  return {
    async replay(run) {
      const history = parsed(run);
      if (typeof history === 'string') return { replayed: [], handedOver: [], error: history };
      const replayed: Entry<CaseEvent>[] = [];
      const results = Worker.runReplayHistories({ ...code, sinks: collecting(replayed), reuseV8Context: true }, [
        { workflowId: run.workflowId, history },
      ]);
      for await (const { error } of results) {
        if (error) return { replayed, handedOver: [], error: error.message };
      }
      return { replayed, handedOver: handedOverIn(history) };
    },
  };
}

/** Live workers have no use for what the journal's sink tells. */
export const silentSinks: InjectedSinks<JournalSinks> = {
  journal: { took: { fn: () => {}, callDuringReplay: false } },
};

function collecting(into: Entry<CaseEvent>[]): InjectedSinks<JournalSinks> {
  return {
    journal: {
      took: {
        fn: (_, batch) => {
          into.push(...(batch.entries as readonly Entry<CaseEvent>[]));
        },
        callDuringReplay: true,
      },
    },
  };
}

function parsed(run: StoredRun): History | string {
  try {
    const history = historyFromJSON(JSON.parse(run.json));
    return (history.events?.length ?? 0) > 0 ? history : 'The history has no events';
  } catch (error) {
    return `Not a history: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** What the history says was handed to the recorder: the inputs of its `record` activities, in order. */
function handedOverIn(history: History): Replayed['handedOver'] {
  return (history.events ?? []).flatMap((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const payload = scheduled?.input?.payloads?.[0];
    if (scheduled?.activityType?.name !== 'record' || !payload) return [];
    return defaultPayloadConverter.fromPayload<{ entries: Entry<CaseEvent>[] }>(payload).entries;
  });
}

/** Reads histories from the Temporal server, every run of a case in the order in which they followed each other. */
export function createHistoryKeeper(client: Client): HistoryKeeper {
  return {
    async runsOf(caseId) {
      const workflowId = shareRequestWorkflowId(caseId);
      const latest = await client.workflow.getHandle(workflowId).fetchHistory();
      const firstRun = latest.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId;
      const runs: StoredRun[] = [];
      for (let runId = firstRun; runId;) {
        const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
        runs.push({ workflowId, json: historyToJSON(history) });
        runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
      }
      return runs;
    },
  };
}
