import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

const { recount } = proxyActivities<Pick<Activities, 'recount'>>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Brings a new version of the calendar to every running case, so that due dates move with the notice. */
export async function calendarRollout({ version }: { readonly version: number }): Promise<number> {
  const first = await recount({ version, at: new Date(Date.now()).toISOString() });
  // A case that was being filed while the notice came in may have begun with the version before.
  await sleep('10 minutes');
  return first + (await recount({ version, at: new Date(Date.now()).toISOString() }));
}
