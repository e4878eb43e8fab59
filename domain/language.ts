/** The words that every part of Santong shares. Display text for them lives with the portal and the API, never here. */

/**
 * What a person may be within a department. `sharing-lead` is the head of the department's sharing unit
 * (共享工作机构负责人), whose agreement R809 Art.20 and Art.21 require; `authority` is an officer of the data bureau.
 */
export const ROLES = [
  'requester',
  'sharing-lead',
  'reviewer',
  'authority',
  'auditor',
  'administrator',
  'integrator',
] as const;
export type Role = (typeof ROLES)[number];

/** Who acts, as the API verified it. Personal names stay out: this travels in histories. */
export interface Actor {
  readonly person: string;
  readonly department: string;
  readonly roles: readonly Role[];
}

/** R809 Art.12: 无条件共享, 有条件共享, 不予共享. */
export const SHARE_TYPES = ['unconditional', 'conditional', 'withheld'] as const;
export type ShareType = (typeof SHARE_TYPES)[number];

/** R809 Art.21: by service interface, batch exchange or file download. */
export const SHARE_MODES = ['service', 'batch', 'file'] as const;
export type ShareMode = (typeof SHARE_MODES)[number];

/**
 * One fault of an input. `pointer` is a JSON pointer (RFC 6901) into what was sent; `code` is stable and is what
 * messages in Chinese and English are looked up by; `params` fill those messages.
 */
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
}
