import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { Verification } from '../domain/delivery-verification.ts';
import { TRANSFER_QUEUE } from './messages.ts';

const { verify } = proxyActivities<Pick<Activities, 'verify'>>({
  taskQueue: TRANSFER_QUEUE,
  startToCloseTimeout: '1 hour',
  scheduleToCloseTimeout: '2 hours',
  retry: { maximumAttempts: 3 },
});

/** A verification of what was delivered, itself on record. It changes nothing. */
export async function deliveryAudit(ask: {
  readonly grantId: string;
  readonly deliveryId: string;
}): Promise<Verification> {
  return verify(ask);
}
