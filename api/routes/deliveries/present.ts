import type { DeliveryRow } from '../../../store/deliveries.ts';
import { timeOf, timeOrNull } from '../../time.ts';

export interface DeliveryContext {
  /** Whether the caller may have the grant's next delivery run now. */
  readonly mayDeliver: boolean;
}

export function presentDelivery(row: DeliveryRow, { mayDeliver }: DeliveryContext) {
  const { id, grantId, requestedBy, status, attempt, rowsDone, rowsTotal, reason, manifest, manifestDigest } = row;
  const isOver = status === 'delivered' || status === 'failed';
  return {
    id,
    grantId,
    requestedBy,
    status,
    attempt,
    reason,
    manifest,
    manifestDigest,
    progress: { rowsDone, rowsTotal },
    createdAt: timeOf(row.createdAt),
    startedAt: timeOrNull(row.startedAt),
    endedAt: timeOrNull(row.endedAt),
    actions: isOver && mayDeliver ? [{ action: 'deliver' as const }] : [],
  };
}
