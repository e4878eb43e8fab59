import { proxyActivities } from '@temporalio/workflow';
import type { CaseStart } from '../../../workflows/messages.ts';
import { shareRequest as original } from '../../../workflows/case.ts';

const { announce } = proxyActivities<{ announce(): Promise<void> }>({ startToCloseTimeout: '1 second' });

/** A share request as somebody might carelessly change it: with one activity more at its beginning. */
export async function shareRequest(start: CaseStart): Promise<void> {
  void announce();
  await original(start);
}
