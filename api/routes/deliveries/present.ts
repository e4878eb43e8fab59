import { DELIVERY_FAILURES, type DeliveryFailureCode } from '../../../domain/delivery-failure.ts';
import { failureSentence } from '../../../domain/delivery-failure-text.ts';
import type { DeliveryRow, ListedDelivery } from '../../../store/deliveries.ts';
import type { Department } from '../../../store/departments.ts';
import type { Locale } from '../../problem.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentDepartment } from '../departments/present.ts';

export interface DeliveryContext {
  /** Whether the caller may have the grant's next delivery run now. */
  readonly mayDeliver: boolean;
  readonly locale: Locale;
}

export function presentDelivery(row: DeliveryRow, { mayDeliver, locale }: DeliveryContext) {
  const { id, grantId, requestedBy, status, attempt, rowsDone, rowsTotal, reason, manifest, manifestDigest } = row;
  const isOver = status === 'delivered' || status === 'failed';
  return {
    id,
    grantId,
    requestedBy,
    status,
    attempt,
    reason: reason && presentReason(reason, locale),
    manifest,
    manifestDigest,
    progress: { rowsDone, rowsTotal },
    createdAt: timeOf(row.createdAt),
    startedAt: timeOrNull(row.startedAt),
    endedAt: timeOrNull(row.endedAt),
    actions: isOver && mayDeliver ? [{ action: 'deliver' as const }] : [],
  };
}

/** A delivery in a list over many grants; whether it can be run again is asked of the delivery itself. */
export function presentListed(
  row: ListedDelivery,
  { departments, locale }: { readonly departments: readonly Department[]; readonly locale: Locale },
) {
  const { manifest: _, manifestDigest: __, ...shown } = presentDelivery(row, { mayDeliver: false, locale });
  return {
    ...shown,
    grantNumber: row.number,
    requester: presentDepartment(row.requester, departments),
    provider: presentDepartment(row.provider, departments),
    entry: { id: row.entryId, version: row.entryVersion, name: row.entryName, nameEn: row.entryNameEn },
  };
}

/** What went wrong, in a sentence that says who can do what about it. */
export function presentReason({ code, params }: NonNullable<DeliveryRow['reason']>, locale: Locale) {
  const message = isKnown(code) ? failureSentence(code, params, locale) : code;
  return { code, params, message };
}

function isKnown(code: string): code is DeliveryFailureCode {
  return Object.hasOwn(DELIVERY_FAILURES, code);
}
