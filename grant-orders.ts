import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { GrantOrders } from './activities/effects/index.ts';
import { act, grantWorkflowId } from './workflows/messages.ts';

/** Orders to grants, given to their workflows under the order's own id, so that none is carried out twice. */
export function createGrantOrders(client: Client): GrantOrders {
  return {
    async give(grantId, command) {
      try {
        await client.workflow
          .getHandle(grantWorkflowId(grantId))
          .executeUpdate(act, { args: [command], updateId: command.id });
      } catch (error) {
        // Refused: the grant is over, or stands already as it is ordered to. Gone: it is over.
        if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError) return;
        throw error;
      }
    },
  };
}
