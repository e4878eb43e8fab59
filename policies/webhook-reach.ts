import type { Policies } from './policy.ts';

/** No department has this id, so whoever may read its events may read those of any. */
const ANY = '*';

/** Whether the webhooks of a department are told of the cases of all. They belong to it, not to who made them. */
export function hearsOfAll(policies: Pick<Policies, 'may'>, department: string): boolean {
  return policies.may({ person: '', department, roles: ['integrator'] }, 'read', 'webhook-event', ANY);
}
