import type { Actor } from '../domain/language.ts';
import { unseal } from '../store/sealed.ts';
import { findWebhook, sealedSecretOf, type Webhook } from '../store/webhooks.ts';
import { Problem } from './problem.ts';
import { mayIn, viewerOf } from './reach.ts';
import type { RouteDeps } from './routes/deps.ts';
import { presentWebhook } from './routes/webhooks/present.ts';

type Deps = Pick<RouteDeps, 'db' | 'policies' | 'departments' | 'outside'>;

export function mayManage({ policies }: Pick<Deps, 'policies'>, { department }: Webhook, actor: Actor): boolean {
  return mayIn(policies, actor, { action: 'manage', object: 'webhook', departments: [department] });
}

/** A webhook that the caller may see. @throws {Problem} NotFound, whether there is none or it is none of theirs */
export async function visibleWebhook({ db, policies }: Deps, id: string, actor: Actor): Promise<Webhook> {
  const found = await findWebhook(db, id, viewerOf(policies, actor, 'webhook'));
  if (!found) throw new Problem('NotFound');
  return found;
}

/** @throws {Problem} NotFound, or NotAllowed where it may be seen and not changed */
export async function manageableWebhook(deps: Deps, id: string, actor: Actor): Promise<Webhook> {
  const found = await visibleWebhook(deps, id, actor);
  if (!mayManage(deps, found, actor)) throw new Problem('NotAllowed');
  return found;
}

export async function shownWebhook(deps: Deps, webhook: Webhook, actor: Actor) {
  const departments = await deps.departments();
  return presentWebhook(webhook, { departments, mayManage: mayManage(deps, webhook, actor) });
}

/** For the answer to whoever made the secret, and for that one alone. */
export async function withSecret(deps: Deps, webhook: Webhook, actor: Actor) {
  const sealed = await sealedSecretOf(deps.db, webhook.id);
  if (!sealed) throw new Error(`Webhook ${webhook.id} has no secret`);
  return { ...(await shownWebhook(deps, webhook, actor)), secret: unseal(deps.outside.secretKey, sealed) };
}
