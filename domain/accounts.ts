import type { Fault, Role } from './language.ts';

/** Where those who supervise, audit and administer sit: their roles count there only (policies/roles.csv). */
export const BUREAU = 'data-bureau';
const BUREAU_ROLES: readonly Role[] = ['authority', 'auditor', 'administrator'];
/** They decide nothing, also not with another role (policies/roles.csv), which would only mislead. */
const ALONE: readonly Role[] = ['auditor', 'administrator'];

/** Where somebody sits, and as what. */
export interface Seat {
  readonly department: string;
  readonly roles: readonly Role[];
}

/** An account as far as it decides what can be done to it. */
export interface Account extends Seat {
  readonly id: string;
  readonly active: boolean;
  readonly lockedUntil: Date | null;
}

export const ACCOUNT_ACTIONS = ['deactivate', 'activate', 'unlock', 'reset-password'] as const;
export type AccountAction = (typeof ACCOUNT_ACTIONS)[number];

/** What is wrong with the roles of a seat, all at once. */
export function roleFaults({ department, roles }: Seat): Fault[] {
  const isElsewhere = department !== BUREAU && roles.some((role) => BUREAU_ROLES.includes(role));
  const isBesideWatch = roles.length > 1 && roles.some((role) => ALONE.includes(role));
  return [
    ...(isElsewhere ? [{ pointer: '/roles', code: 'RoleElsewhere' }] : []),
    ...(isBesideWatch ? [{ pointer: '/roles', code: 'RoleBesideWatch' }] : []),
  ];
}

/** What can be done to an account as it stands, by somebody who keeps accounts: nobody shuts themselves out. */
export function accountActions({ id, active, lockedUntil }: Account, by: string): AccountAction[] {
  if (!active) return ['activate'];
  const unlocking: AccountAction[] = lockedUntil ? ['unlock'] : [];
  return id === by ? unlocking : [...unlocking, 'reset-password', 'deactivate'];
}

/** Whoever keeps accounts and may: the last one of them has to stay. */
export function isAdministrator({
  department,
  roles,
  active,
}: Pick<Account, 'department' | 'roles' | 'active'>): boolean {
  return active && department === BUREAU && roles.includes('administrator');
}

export function isMoved(from: Seat, to: Seat): boolean {
  return from.department !== to.department || from.roles.toSorted().join() !== to.roles.toSorted().join();
}
