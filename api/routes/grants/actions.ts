import { type GrantPersonAction, grantActionsOf } from '../../../domain/kernel/grant.ts';
import { listEventsOfCommand } from '../../../store/events.ts';
import { findDelivery } from '../../../store/deliveries.ts';
import type { GrantRow } from '../../../store/grants.ts';
import type { Submitted } from '../../command-runner.ts';
import type { CallerCall, Reply } from '../../endpoint.ts';
import { grantFor, visibleGrant } from '../../grant-views.ts';
import { Problem } from '../../problem.ts';
import { accepted } from '../../replies.ts';
import type { RouteDeps } from '../deps.ts';
import { presentDelivery } from '../deliveries/present.ts';
import { mayActOnGrant } from './present.ts';

type Deps = Pick<RouteDeps, 'db' | 'policies' | 'commands' | 'departments'>;
type Call = CallerCall<unknown, unknown, unknown>;

/** Whether this person may have the grant's next delivery run now. */
export function mayDeliver(
  { policies }: Pick<RouteDeps, 'policies'>,
  row: GrantRow,
  { actor, at }: Pick<Call, 'actor' | 'at'>,
): boolean {
  const { state } = row;
  const isOffered = state !== null && grantActionsOf(state, actor, at).includes('deliver');
  return isOffered && mayActOnGrant(policies, actor, { action: 'deliver', row });
}

async function submit(
  deps: Deps,
  row: GrantRow,
  { input, call }: { input: GrantPersonAction; call: Call },
): Promise<Submitted> {
  const { actor, at, idempotency } = call;
  const before = await deps.commands.earlier(idempotency);
  if (before) return before;
  if (!mayActOnGrant(deps.policies, actor, { action: input.action, row })) throw new Problem('NotAllowed');
  return deps.commands.submit({ idempotency, actor, at, action: input, target: { kind: 'grant', id: row.id } });
}

/** Carries out an action on a grant that the caller has been shown, and tells what came of it. */
export async function actOnGrant(
  deps: Deps,
  row: GrantRow,
  { input, call }: { input: GrantPersonAction; call: Call },
): Promise<Reply> {
  const submitted = await submit(deps, row, { input, call });
  if (submitted.status === 'pending') return accepted(submitted);
  const { id, status, outcome } = submitted;
  const now = await visibleGrant(deps, row.id, call);
  return { status: 200, body: { id, status, outcome, grant: await grantFor(deps, now, call) } };
}

/** Has a delivery run now: the answer is the delivery, which goes on by itself. */
export async function deliverNow(deps: Deps, row: GrantRow, call: Call): Promise<Reply> {
  const submitted = await submit(deps, row, { input: { action: 'deliver' }, call });
  if (submitted.status === 'pending') return accepted(submitted);
  const events = await listEventsOfCommand(deps.db, row.id, submitted.id);
  const asked = events.find((event) => event.type === 'deliveryAsked');
  const deliveryId = asked && 'deliveryId' in asked ? String(asked.deliveryId) : undefined;
  const delivery = deliveryId && (await findDelivery(deps.db, deliveryId, { all: true }));
  if (!delivery) throw new Error(`Command ${submitted.id} was carried out, but no delivery came of it`);
  const headers = { Location: `/api/deliveries/${delivery.id}` };
  return { status: 201, body: presentDelivery(delivery, { mayDeliver: false, locale: call.locale }), headers };
}
