import type { Knex } from 'knex';
import { findCommand, insertCommand, settleCommand, type TargetKind } from '../store/commands.ts';
import type { CallerCall } from './endpoint.ts';
import { Problem } from './problem.ts';

/** What the API itself carries out in one transaction, once for each key. */
export interface Deed {
  readonly kind: TargetKind;
  readonly action: string;
  /** The id of what it is about or makes: told again to whoever repeats it. */
  readonly id: string;
  readonly work: (transaction: Knex.Transaction) => Promise<void>;
}

/**
 * Carries out a deed and gives its id; repeated under the same key nothing is done, and the id of the first time is given.
 * @throws {Problem} IdempotencyKeyReused, and whatever the work refuses: then nothing is kept
 */
export async function once(
  db: Knex,
  { actor, at, idempotency }: Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'at' | 'idempotency'>,
  { kind, action, id, work }: Deed,
): Promise<string> {
  const { id: key, bodyDigest } = idempotency;
  const isNew = await db.transaction(async (transaction) => {
    const inserted = await insertCommand(transaction, {
      id: key,
      bodyDigest,
      personId: actor.person,
      targetKind: kind,
      targetId: id,
      command: { id: key, at, actor, do: { action } },
    });
    if (!inserted) return false;
    await work(transaction);
    await settleCommand(transaction, key, { status: 'done', outcome: { id } });
    return true;
  });
  if (isNew) return id;
  const stored = await findCommand(db, key);
  if (stored?.bodyDigest !== bodyDigest) throw new Problem('IdempotencyKeyReused');
  return stored.targetId;
}
