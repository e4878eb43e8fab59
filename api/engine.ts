import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Command, FileAction, PersonAction } from '../domain/case.ts';
import type { Verification } from '../domain/delivery-verification.ts';
import type { GrantPersonAction } from '../domain/kernel/grant.ts';
import { REFUSAL_CODES, type RefusalCode } from '../domain/machine.ts';
import { createHistoryKeeper } from '../history-keeper.ts';
import { act, type CaseStart, caseWorkflowId, type Outcome, SHARE_REQUEST, TASK_QUEUE } from '../workflows/messages.ts';

/** What is known of a command after it was sent. */
export type Sent =
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly pointer?: string }
  /** The workflow is over, or was never there: the two are told apart by asking for it. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'absent' }
  /** Refused by something that is no rule: a fault in the code. Nothing was carried out. */
  | { readonly kind: 'broken'; readonly cause: unknown }
  /** No answer in time: it may still be carried out, so nobody may say that it was not. */
  | { readonly kind: 'unknown'; readonly cause: unknown };

/** `closed`: the workflow has been and is over. */
export type Started = 'started' | 'closed' | { readonly kind: 'unknown'; readonly cause: unknown };

/** The one place of the API that knows Temporal. */
export interface Engine {
  /** Begins a case; repeating it begins nothing twice. */
  start(caseId: string, command: Command<FileAction>): Promise<Started>;
  /** Sends a command to a workflow under the command's own id; repeating it carries nothing out twice. */
  send(workflowId: string, command: Command<PersonAction | GrantPersonAction>): Promise<Sent>;
  /** Temporal's own JSON of a case's history: one for each run of its chain, oldest first; undefined unless all are kept. */
  histories(process: string, caseId: string): Promise<string[] | undefined>;
  /** Runs a history through the workflow code again. Repeating it under the same id attaches to the same run. */
  replay(workflowId: string, input: { readonly caseId: string; readonly history?: string }): Promise<unknown>;
  /**
   * Holds what is in the target against a delivery's manifest. Repeating it under the same id attaches to the same run.
   */
  verify(workflowId: string, input: { readonly grantId: string; readonly deliveryId: string }): Promise<Verification>;
  /** Brings a version of the calendar to every running case; repeating it does nothing more. */
  rollOut(version: number): Promise<void>;
  /** Whether the server answers. */
  ping(): Promise<boolean>;
}

export interface EngineOptions {
  /** How long a caller waits before it is told to ask later, in milliseconds. */
  readonly deadlineMs: number;
  readonly replayMs: number;
}

export const ENGINE_DEFAULTS: EngineOptions = { deadlineMs: 5_000, replayMs: 60_000 };

/** Without these a connection that was lost for long is tried again only every two minutes. */
export const CHANNEL_ARGS = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
} as const;

export function createEngine(client: Client, options: EngineOptions = ENGINE_DEFAULTS): Engine {
  const within = <T>(ms: number, work: () => Promise<T>): Promise<T> =>
    client.connection.withDeadline(Date.now() + ms, work);
  const { deadlineMs, replayMs } = options;
  const keeper = createHistoryKeeper(client);

  /** An audit is begun once under its id, and waited for as long as the caller may. */
  function audit(kind: 'replayAudit' | 'deliveryAudit', workflowId: string, input: unknown): Promise<unknown> {
    return within(replayMs, async () => {
      try {
        await client.workflow.start(kind, {
          workflowId,
          taskQueue: TASK_QUEUE,
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      return client.workflow.getHandle(workflowId).result();
    });
  }

  return {
    async start(caseId, command) {
      const { process } = command.do;
      const isShareRequest = process === SHARE_REQUEST;
      const input: CaseStart = {
        streamId: caseId,
        begin: command,
        ...(isShareRequest ? { grantsBeginAtRecord: true } : { process }),
      };
      try {
        await within(deadlineMs, () =>
          client.workflow.start(isShareRequest ? 'shareRequest' : 'caseProcess', {
            workflowId: caseWorkflowId(process, caseId),
            taskQueue: TASK_QUEUE,
            args: [input],
            workflowIdConflictPolicy: 'USE_EXISTING',
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
          }),
        );
        return 'started';
      } catch (cause) {
        return cause instanceof WorkflowExecutionAlreadyStartedError ? 'closed' : { kind: 'unknown', cause };
      }
    },

    async send(workflowId, command) {
      const until = Date.now() + deadlineMs;
      for (;;) {
        const sent = await sendOnce(client, { workflowId, command, until });
        if (sent !== 'renewing') return sent;
        // The run is about to continue as new and takes no more commands: the next one will.
        if (Date.now() + RENEWAL_MS > until) return { kind: 'unknown', cause: 'Renewing' };
        await pause(RENEWAL_MS);
      }
    },

    async histories(process, caseId) {
      const { runs, isWhole } = await within(replayMs, () => keeper.keptRuns(caseWorkflowId(process, caseId)));
      return isWhole ? runs.map(({ json }) => json) : undefined;
    },

    replay: (workflowId, input) => audit('replayAudit', workflowId, input),

    verify: (workflowId, input) => audit('deliveryAudit', workflowId, input) as Promise<Verification>,

    async rollOut(version) {
      try {
        await within(deadlineMs, () =>
          client.workflow.start('calendarRollout', {
            workflowId: `calendar/${version}`,
            taskQueue: TASK_QUEUE,
            args: [{ version }],
            workflowIdConflictPolicy: 'USE_EXISTING',
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
          }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },

    async ping() {
      try {
        await within(2_000, () => client.connection.workflowService.getSystemInfo({}));
        return true;
      } catch {
        return false;
      }
    },
  };
}

const RENEWAL_MS = 50;

interface Sending {
  readonly workflowId: string;
  readonly command: Command<PersonAction | GrantPersonAction>;
  readonly until: number;
}

async function sendOnce(client: Client, { workflowId, command, until }: Sending): Promise<Sent | 'renewing'> {
  // Never bound to a run: the workflow may continue as new at any time.
  const handle = client.workflow.getHandle(workflowId);
  try {
    const outcome = await client.connection.withDeadline(until, () =>
      handle.executeUpdate(act, { args: [command], updateId: command.id }),
    );
    return { kind: 'done', outcome };
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) return refusalOf(error);
    if (error instanceof WorkflowNotFoundError) return goneOf(client, workflowId);
    if (isRenewing(error)) return 'renewing';
    return { kind: 'unknown', cause: error };
  }
}

function refusalOf(error: WorkflowUpdateFailedError): Sent | 'renewing' {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return { kind: 'broken', cause: error };
  if (cause.type === 'Renewing' || cause.type === 'AcceptedUpdateCompletedWorkflow') return 'renewing';
  const code = REFUSAL_CODES.find((known) => known === cause.type);
  if (code === undefined) return { kind: 'broken', cause };
  const [detail] = (cause.details ?? []) as [{ readonly pointer?: string }?];
  const pointer = detail?.pointer;
  return pointer === undefined ? { kind: 'refused', code } : { kind: 'refused', code, pointer };
}

/** An update that was accepted when its run ended is not lost: the next run takes it under the same id. */
function isRenewing(error: unknown): boolean {
  return error instanceof Error && /AcceptedUpdateCompletedWorkflow|workflow update was aborted/i.test(error.message);
}

async function goneOf(client: Client, workflowId: string): Promise<Sent | 'renewing'> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    // Running again: it has just continued as new, and an update that the old run had not accepted yet is forgotten.
    return status.name === 'RUNNING' ? 'renewing' : { kind: 'ended' };
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? { kind: 'absent' } : { kind: 'unknown', cause: error };
  }
}

/** Whether an error says that Temporal is away, rather than that something is wrong with what was asked. */
export function isEngineDown(error: unknown): boolean {
  return isGrpcServiceError(error) || (error instanceof Error && isGrpcServiceError(error.cause));
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
