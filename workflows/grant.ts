import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  type SignalDefinition,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { DeliveryReport } from '../domain/case.ts';
import { type GrantAction, type GrantEvent, grantMachine, type GrantState } from '../domain/kernel/grant.ts';
import { machine } from './machine.ts';
import { deliveryReported, grantOver, type GrantStart, shareRequestWorkflowId, TRANSFER_QUEUE } from './messages.ts';

const { deliver } = proxyActivities<Pick<Activities, 'deliver'>>({
  taskQueue: TRANSFER_QUEUE,
  startToCloseTimeout: '12 hours',
  scheduleToCloseTimeout: '3 days',
  heartbeatTimeout: '30 seconds',
  // What became of it is known only once it has stopped: it may be through at that very moment.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** A grant, for as long as it is allowed: deliveries under it, suspension, its end (R809 Art.25–29). */
export async function grant(start: GrantStart): Promise<void> {
  let underWay: { readonly deliveryId: string; readonly scope: CancellationScope } | undefined;
  let telling = 0;
  let isEndTold = false;
  const running = machine<GrantState, GrantAction, GrantEvent>({
    kind: 'grant',
    machine: grantMachine,
    start,
    react,
    isBusy: () => underWay !== undefined || telling > 0,
  });

  /** Misuse is stopped at once (R809 Art.27): a delivery under way ends with the right to it. */
  function react(state: GrantState): void {
    const { running: deliveryId } = state;
    if (deliveryId !== undefined && deliveryId !== underWay?.deliveryId) {
      const started = { deliveryId, scope: new CancellationScope() };
      underWay = started;
      void runDelivery(state, started).then(() => {
        if (underWay === started) underWay = undefined;
      });
    }
    if (state.status !== 'active') underWay?.scope.cancel();
    if (grantMachine.isOver(state) && !state.delivered && !isEndTold) {
      isEndTold = true;
      const how = state.status === 'terminated' ? 'terminated' : 'expired';
      void tellCase(state.caseId, grantOver, { how, grantId: state.grantId });
    }
  }

  async function runDelivery(state: GrantState, { deliveryId, scope }: NonNullable<typeof underWay>): Promise<void> {
    const { grantId, isWhole } = state;
    const order = { grantId, deliveryId, ...(isWhole === true ? { isWhole } : {}) };
    const report = await scope.run(() => outcomeOf(order));
    running.tell(`report:${deliveryId}`, { action: 'reportDelivery', report });
    if (!state.delivered) await tellCase(state.caseId, deliveryReported, report);
  }

  /** A case that has ended by now needs no word. */
  async function tellCase<T>(caseId: string, signal: SignalDefinition<[T]>, word: T): Promise<void> {
    telling += 1;
    try {
      await getExternalWorkflowHandle(shareRequestWorkflowId(caseId)).signal(signal, word);
    } catch (error) {
      log.info('The case took no word of its grant', { caseId, signal: signal.name, error: String(error) });
    } finally {
      telling -= 1;
    }
  }

  await running.run();
}

async function outcomeOf(order: Parameters<Activities['deliver']>[0]): Promise<DeliveryReport> {
  const { deliveryId } = order;
  try {
    const { rows, sha256 } = await deliver(order);
    return { deliveryId, outcome: 'delivered', rows, sha256 };
  } catch (error) {
    return { deliveryId, outcome: 'failed', code: isCancellation(error) ? 'Cancelled' : failureCode(error) };
  }
}

/** The last failure's own code where the activity gave one, also when its retries were used up. */
function failureCode(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ApplicationFailure) return cause.type ?? 'Unknown';
  }
  return error instanceof ActivityFailure ? 'TimedOut' : 'Unknown';
}
