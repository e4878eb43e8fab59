import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Orders } from './activities/effects/index.ts';
import { act, caseWorkflowId, grantWorkflowId } from './workflows/messages.ts';

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
    toCase: ({ process, caseId }, command) => give(caseWorkflowId(process, caseId), command),
  };
}
