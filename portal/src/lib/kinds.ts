/** What cases there are and how they stand, in the order in which they are offered; tests/portal/values holds them to the API's. */
export const KINDS = [
  'share-request',
  'publication',
  'objection',
  'correction',
  'dispute',
  'misuse',
  'disposal',
  'reconciliation',
  'drift',
] as const;

export const STATUSES = [
  'in-approval',
  'awaiting-supplement',
  'returned',
  'suspended',
  'delivering',
  'delivery-failed',
  'closing',
  'completed',
  'partly-completed',
  'refused',
  'withdrawn',
  'terminated',
  'undelivered',
] as const;
