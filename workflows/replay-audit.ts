import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { ReplayAsk, ReplayReport } from '../domain/replay.ts';

const { replay } = proxyActivities<Pick<Activities, 'replay'>>({
  startToCloseTimeout: '5 minutes',
  retry: { maximumAttempts: 3 },
});

/** An auditor's replay of a case, itself on record. It changes nothing of the case. */
export async function replayAudit(ask: ReplayAsk): Promise<ReplayReport> {
  return replay(ask);
}
