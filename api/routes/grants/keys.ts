import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type GrantKey, insertKey, keysOf, revokeKey } from '../../../store/grant-keys.ts';
import type { GrantRow } from '../../../store/grants.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { newKey } from '../../grant-key.ts';
import { visibleGrant } from '../../grant-views.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { mayIn } from '../../reach.ts';
import { id, idParams, time } from '../../schema.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import type { RouteDeps } from '../deps.ts';

const tag = 'gateway';

const newKeyBody = z
  .strictObject({
    overlapMinutes: z
      .number()
      .int()
      .min(0)
      .max(43_200)
      .default(1_440)
      .meta({ description: 'How long earlier keys go on being good, so that systems can be moved to this one.' }),
  })
  .meta({ id: 'NewGrantKey' });

const key = z
  .object({
    id: z.string(),
    hint: z.string().meta({ description: 'The last characters of the key.' }),
    madeBy: z.string(),
    madeAt: time,
    expiresAt: time.nullable().meta({ description: 'Null: as long as the grant is in force.' }),
    revokedAt: time.nullable(),
    revokedBy: z.string().nullable(),
  })
  .meta({ id: 'GrantKey' });

const issued = key
  .extend({
    key: z
      .string()
      .nullable()
      .meta({ description: 'The key itself, in this answer only; null where the request is repeated.' }),
  })
  .meta({ id: 'IssuedGrantKey' });

/** Keys by which the requester's systems call a granted service. */
export function grantKeyEndpoints(deps: RouteDeps): Endpoint[] {
  const { db } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/grants/:id/keys',
      tag,
      summary:
        'The keys of a grant, never as they are: both parties and those who supervise see when they were made and ended',
      access: { object: 'grant-key', action: 'read' },
      params: idParams,
      answers: { 200: z.object({ items: z.array(key), nextCursor: z.null() }) },
      async handle(call) {
        const row = await visibleGrant(deps, call.params.id, call);
        return { status: 200, body: { items: (await keysOf(db, row.id)).map(present), nextCursor: null } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/grants/:id/keys',
      tag,
      summary: 'Issue a key, which is shown in this answer only; earlier ones go on for the overlap',
      access: { object: 'grant-key', action: 'manage' },
      params: idParams,
      body: newKeyBody,
      answers: { 201: issued },
      async handle(call) {
        const row = await ownGrant(deps, call);
        if (row.body.mode !== 'service') throw new Problem('NotCalled');
        if (row.status !== 'active') throw new Problem('GrantNotActive');
        const { text, digest, hint } = newKey();
        const made = { id: randomUUID(), grantId: row.id, hint, digest, madeBy: call.actor.person };
        const overlap = call.body.overlapMinutes;
        const keyId = await once(db, call, {
          kind: 'grant-key',
          action: 'issue',
          id: made.id,
          work: (trx) => insertKey(trx, { ...made, overlap }),
        });
        await deliverFirst(deps, row, call);
        const kept = (await keysOf(db, row.id)).find((one) => one.id === keyId);
        if (!kept) throw new Error(`Key ${keyId} was issued and is not there`);
        return { status: 201, body: { ...present(kept), key: keyId === made.id ? text : null } };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/grants/:id/keys/:key',
      tag,
      summary: 'Revoke a key: the next call with it is refused',
      access: { object: 'grant-key', action: 'manage' },
      params: z.object({ id, key: id }),
      answers: { 204: undefined },
      async handle(call) {
        const row = await ownGrant(deps, call);
        const isThere = await revokeKey(db, { id: call.params.key, grantId: row.id, by: call.actor.person });
        if (!isThere) throw new Problem('NotFound');
        return { status: 204 };
      },
    }),
  ];
}

type Call = CallerCall<{ readonly id: string }, unknown, unknown>;

/** A grant of the caller's own department. @throws {Problem} NotFound, NotAllowed for others who may see it */
async function ownGrant(deps: RouteDeps, call: Call): Promise<GrantRow> {
  const row = await visibleGrant(deps, call.params.id, call);
  const departments = [row.body.requester];
  const isTheirs = mayIn(deps.policies, call.actor, { object: 'grant-key', action: 'manage', departments });
  if (!isTheirs) throw new Problem('NotAllowed');
  return row;
}

/**
 * With its key a service counts as delivered. A delivery that waits for it sees that by itself; where the wait was given up
 * another one is run. Who may not, or comes at the wrong moment, has the key all the same.
 */
async function deliverFirst({ commands }: RouteDeps, row: GrantRow, { idempotency, actor, at }: Call): Promise<void> {
  if (row.state === null || row.state.delivered || row.state.running !== undefined) return;
  const own = { ...idempotency, id: `${idempotency.id}:deliver` };
  const target = { kind: 'grant', id: row.id } as const;
  try {
    await commands.submit({ idempotency: own, actor, at, action: { action: 'deliver' }, target });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

function present({ id: keyId, hint, madeBy, madeAt, expiresAt, revokedAt, revokedBy }: GrantKey) {
  const [made, expires, revoked] = [timeOf(madeAt), timeOrNull(expiresAt), timeOrNull(revokedAt)];
  return { id: keyId, hint, madeBy, madeAt: made, expiresAt: expires, revokedAt: revoked, revokedBy };
}
