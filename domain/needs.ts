/** A need (需求): data that a department lacks and that nobody offers yet, for all to see. */
export const NEED_STATUSES = ['open', 'matched', 'assigned', 'withdrawn', 'met'] as const;
export type NeedStatus = (typeof NEED_STATUSES)[number];

/**
 * What may be done with a need: the authority says which entry meets it, or which department is to supply it; the
 * department that has it says that it has what it wanted, or wants it no more.
 */
export const NEED_ACTIONS = ['match', 'assign', 'confirm', 'withdraw'] as const;
export type NeedAction = (typeof NEED_ACTIONS)[number];

interface Step {
  readonly from: readonly NeedStatus[];
  readonly to: NeedStatus;
  readonly by: 'authority' | 'requester';
}

/** From which status an action leads to which, and whose it is. The authority may think again until the need is met. */
export const NEED_STEPS: Readonly<Record<NeedAction, Step>> = {
  match: { from: ['open', 'matched', 'assigned'], to: 'matched', by: 'authority' },
  assign: { from: ['open', 'matched', 'assigned'], to: 'assigned', by: 'authority' },
  confirm: { from: ['matched', 'assigned'], to: 'met', by: 'requester' },
  withdraw: { from: ['open', 'matched', 'assigned'], to: 'withdrawn', by: 'requester' },
};
