import type { Actor } from '../domain/language.ts';
import type { SharingAsk, SharingLine, SharingVerdict } from '../domain/sharing.ts';
import type { Viewer } from '../store/cases.ts';
import type { Permission } from './endpoint.ts';
import { Problem } from './problem.ts';

/** What the API asks of policies/policy.ts. */
export interface Policies {
  may(actor: Actor, action: string, object: string, department: string): boolean;
  mayShare(lines: readonly SharingLine[], ask: SharingAsk): SharingVerdict;
}

/** No department has this id, so whoever may act on its things may act on those of any. */
const ANY = '*';

export function reachOf(policies: Policies, actor: Actor, { action, object }: Permission): 'any' | 'own' | 'none' {
  if (policies.may(actor, action, object, ANY)) return 'any';
  return policies.may(actor, action, object, actor.department) ? 'own' : 'none';
}

/** Whose things of a kind the actor may see. @throws {Problem} NotAllowed when nobody's */
export function viewerOf(policies: Policies, actor: Actor, object: string): Viewer {
  const reach = reachOf(policies, actor, { action: 'read', object });
  if (reach === 'none') throw new Problem('NotAllowed');
  return reach === 'any' ? { all: true } : { all: false, department: actor.department };
}

/** Whether the actor may act on a thing that belongs to any of the departments. */
export function mayIn(
  policies: Policies,
  actor: Actor,
  { action, object, departments }: Permission & { readonly departments: readonly string[] },
): boolean {
  return departments.some((department) => policies.may(actor, action, object, department));
}
