import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { Orders } from './activities/effects/index.ts';
import { act, caseWorkflowId, type GrantStart, grantWorkflowId, TASK_QUEUE } from './workflows/messages.ts';

/** Orders of the platform to its own workflows, each given under its own id, so that none is carried out twice. */
export function createOrders(client: Client): Orders {
  async function give(workflowId: string, command: Parameters<Orders['toCase']>[1] | Parameters<Orders['toGrant']>[1]) {
    try {
      await client.workflow
        .getHandle(workflowId)
        .executeUpdate(act, { args: [command as never], updateId: command.id });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return;
      // A run that is being renewed takes it the next time; any other refusal says that nothing is left to do.
      if (error instanceof WorkflowUpdateFailedError && !/Renewing/.test(String(error.cause))) return;
      throw error;
    }
  }
  return {
    toGrant: (grantId, command) => give(grantWorkflowId(grantId), command),
    async beginGrant(grantId, begin) {
      const input: GrantStart = { streamId: grantId, begin, isBegun: true };
      try {
        await client.workflow.start('grant', {
          workflowId: grantWorkflowId(grantId),
          taskQueue: TASK_QUEUE,
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          // A grant that is over is over: a second run of it would begin the stream of its events again.
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    toCase: ({ process, caseId }, command) => give(caseWorkflowId(process, caseId), command),
  };
}
