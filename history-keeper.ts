import { type Client, isGrpcServiceError } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { HistoryKeeper, KeptRuns, StoredRun } from './activities/replay.ts';
import { caseWorkflowId } from './workflows/messages.ts';

/** gRPC's code for what is not there. */
const NOT_FOUND = 5;

/** Workflows that hand events to the recorder. */
const RECORDED = "WorkflowType in ('shareRequest', 'caseProcess', 'grant')";

export interface KnownWorkflow {
  /** The kind and the id of its stream, as `share-request/…`. */
  readonly workflowId: string;
  /** When the earliest of its runs that are kept began. */
  readonly startedAt: Date;
}

export interface HistoryStore extends HistoryKeeper {
  /** Every workflow of a case or a grant that the server knows of, in the order in which they began. */
  workflows(): Promise<KnownWorkflow[]>;
  /** The runs of a workflow that are kept. */
  keptRuns(workflowId: string): Promise<KeptRuns>;
}

/** Reads histories from the Temporal server, every run of a workflow in the order in which they followed each other. */
export function createHistoryKeeper(client: Client): HistoryStore {
  /** Each run's first event names the run before it. */
  async function keptRuns(workflowId: string): Promise<KeptRuns> {
    const runs: StoredRun[] = [];
    let runId: string | undefined;
    do {
      const history = await historyOf(client, workflowId, runId);
      if (!history) return { runs, isWhole: false };
      runs.unshift({ workflowId, json: historyToJSON(history) });
      const first = history.events?.[0]?.workflowExecutionStartedEventAttributes;
      runId = first?.continuedExecutionRunId || undefined;
    } while (runId !== undefined);
    return { runs, isWhole: true };
  }

  return {
    keptRuns,
    async runsOf(process, caseId) {
      const { runs, isWhole } = await keptRuns(caseWorkflowId(process, caseId));
      if (!isWhole) throw new Error(`The server does not keep the history of ${caseId} from its first run on`);
      return [...runs];
    },
    async workflows() {
      const startedAt = new Map<string, Date>();
      for await (const { workflowId, startTime } of client.workflow.list({ query: RECORDED })) {
        const known = startedAt.get(workflowId);
        if (known === undefined || startTime < known) startedAt.set(workflowId, startTime);
      }
      return [...startedAt]
        .map(([workflowId, at]) => ({ workflowId, startedAt: at }))
        .toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime());
    },
  };
}

async function historyOf(client: Client, workflowId: string, runId: string | undefined) {
  try {
    return await client.workflow.getHandle(workflowId, runId).fetchHistory();
  } catch (error) {
    // The SDK hands it on as it comes.
    if (isGrpcServiceError(error) && error.code === NOT_FOUND) return undefined;
    throw error;
  }
}
