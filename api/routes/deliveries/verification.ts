import { createHash } from 'node:crypto';
import { findingSentence } from '../../../domain/delivery-verification-text.ts';
import type { DeliveryRow } from '../../../store/deliveries.ts';
import { findCommand, insertCommand, settleCommand } from '../../../store/commands.ts';
import type { CallerCall } from '../../endpoint.ts';
import { visibleGrant } from '../../grant-views.ts';
import { Problem } from '../../problem.ts';
import { mayIn } from '../../reach.ts';
import type { RouteDeps } from '../deps.ts';

type Deps = Pick<RouteDeps, 'db' | 'engine' | 'policies' | 'departments'>;

/**
 * Has a delivery held against what is in its target now. Asked again under the same key, the answer of the first time is
 * given again; also where that took longer than its caller could wait.
 */
export async function verifyDelivery(deps: Deps, row: DeliveryRow, call: CallerCall<unknown, unknown, unknown>) {
  const { db, engine, policies } = deps;
  const { actor, at, idempotency, locale } = call;
  const { requester, provider } = (await visibleGrant(deps, row.grantId, call)).body;
  const departments = [requester, provider];
  if (!mayIn(policies, actor, { action: 'verify', object: 'delivery', departments })) throw new Problem('NotAllowed');
  if (row.manifest === null) throw new Problem('NotDelivered');
  const { id, bodyDigest } = idempotency;
  const workflowId = `verify/${row.id}/${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
  const isNew = await insertCommand(db, {
    id,
    bodyDigest,
    personId: actor.person,
    targetKind: 'delivery',
    targetId: row.id,
    command: { id, at, actor, do: { action: 'verify' } },
  });
  const stored = isNew ? undefined : await findCommand(db, id);
  if (stored && stored.bodyDigest !== bodyDigest) throw new Problem('IdempotencyKeyReused');
  const verification = await engine.verify(workflowId, { grantId: row.grantId, deliveryId: row.id });
  await settleCommand(db, id, { status: 'done', outcome: { id: workflowId } });
  return {
    ...verification,
    found: verification.found.map((one) => ({ ...one, message: findingSentence(one, locale) })),
    expected: { rows: row.manifest.rows, bytes: row.manifest.bytes, sha256: row.manifest.sha256 },
  };
}
