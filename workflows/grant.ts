import {
  ActivityFailure,
  ApplicationFailure,
  getExternalWorkflowHandle,
  log,
  proxyActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { DeliveryReport } from '../domain/case.ts';
import { type GrantAction, type GrantEvent, grantMachine, type GrantState } from '../domain/kernel/grant.ts';
import { machine } from './machine.ts';
import { deliveryReported, type GrantStart, shareRequestWorkflowId, TRANSFER_QUEUE } from './messages.ts';

const { deliver } = proxyActivities<Pick<Activities, 'deliver'>>({
  taskQueue: TRANSFER_QUEUE,
  startToCloseTimeout: '12 hours',
  scheduleToCloseTimeout: '3 days',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** A grant, for as long as it is allowed: deliveries under it, suspension, its end (R809 Art.25–29). */
export async function grant(start: GrantStart): Promise<void> {
  let underWay: string | undefined;
  const running = machine<GrantState, GrantAction, GrantEvent>({
    kind: 'grant',
    machine: grantMachine,
    start,
    react: (state) => {
      if (state.running === undefined || state.running === underWay) return;
      underWay = state.running;
      void runDelivery(state, state.running);
    },
  });

  async function runDelivery(state: GrantState, deliveryId: string): Promise<void> {
    const report = await outcomeOf(state.grantId, deliveryId);
    running.tell(`report:${deliveryId}`, { action: 'reportDelivery', report });
    if (!state.delivered) await tellCase(state.caseId, report);
  }

  await running.run();
}

async function outcomeOf(grantId: string, deliveryId: string): Promise<DeliveryReport> {
  try {
    const { rows, sha256 } = await deliver({ grantId, deliveryId });
    return { deliveryId, outcome: 'delivered', rows, sha256 };
  } catch (error) {
    return { deliveryId, outcome: 'failed', code: failureCode(error) };
  }
}

/** The last failure's own code where the activity gave one, also when its retries were used up. */
function failureCode(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure) return cause.type ?? 'Unknown';
  }
  return error instanceof ActivityFailure ? 'TimedOut' : 'Unknown';
}

/** A case that has ended by now needs no word. */
async function tellCase(caseId: string, report: DeliveryReport): Promise<void> {
  try {
    await getExternalWorkflowHandle(shareRequestWorkflowId(caseId)).signal(deliveryReported, report);
  } catch (error) {
    log.info('The case took no report of the delivery', { deliveryId: report.deliveryId, error: String(error) });
  }
}
