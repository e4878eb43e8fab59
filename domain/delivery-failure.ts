/** Whose database something happened in. */
export type Side = 'source' | 'target';

/**
 * Why a delivery did not happen. `retryable` ones may succeed unchanged later; the others need a person first, after
 * which the delivery can be run again. `failureSentence` in delivery-failure-text.ts says each to a person.
 */
export const DELIVERY_FAILURES = {
  SourceDown: { retryable: true },
  TargetDown: { retryable: true },
  SourceBusy: { retryable: true },
  SourceInUse: { retryable: true },
  TargetInUse: { retryable: true },
  DiskFull: { retryable: true },
  Cancelled: { retryable: true },
  SourceChanged: { retryable: false },
  AccessRefused: { retryable: false },
  TooLong: { retryable: false },
  TypeMismatch: { retryable: false },
  TargetDependedOn: { retryable: false },
  FilePlaceDown: { retryable: true },
  FilePlaceFull: { retryable: true },
  FilePlaceOff: { retryable: false },
  FileFormatUnfit: { retryable: false },
  ServiceMissing: { retryable: true },
  KeyNotIssued: { retryable: true },
  SharingRefused: { retryable: false },
  Unknown: { retryable: true },
} as const satisfies Record<string, { readonly retryable: boolean }>;
export type DeliveryFailureCode = keyof typeof DELIVERY_FAILURES;

export type FailureParams = Readonly<Record<string, string | number>>;
