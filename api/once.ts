import type { Knex } from 'knex';
import { findCommand, insertCommand, settleCommand, type TargetKind } from '../store/commands.ts';
import type { CallerCall } from './endpoint.ts';
import { Problem } from './problem.ts';

export interface OnceOptions {
  readonly kind: TargetKind;
  /** What is acted on or made; a repetition is answered with the first one's. */
  readonly id: string;
  readonly action: string;
}

/**
 * Does once for each key what the API does by itself, in one transaction with the note that it is done. Says the id that
 * it was done to: the earlier one when the same request was carried out before.
 * @throws {Problem} IdempotencyKeyReused
 */
export async function once(
  db: Knex,
  { idempotency, actor, at }: Pick<CallerCall<unknown, unknown, unknown>, 'idempotency' | 'actor' | 'at'>,
  options: OnceOptions & { work(trx: Knex.Transaction): Promise<void> },
): Promise<string> {
  const { id: key, bodyDigest } = idempotency;
  const { kind, id, action } = options;
  const isNew = await db.transaction(async (trx) => {
    const isFirst = await insertCommand(trx, {
      id: key,
      bodyDigest,
      personId: actor.person,
      targetKind: kind,
      targetId: id,
      command: { id: key, at, actor, do: { action } },
    });
    if (!isFirst) return false;
    await options.work(trx);
    await settleCommand(trx, key, { status: 'done', outcome: { id } });
    return true;
  });
  if (isNew) return id;
  const earlier = await findCommand(db, key);
  if (earlier?.bodyDigest !== bodyDigest) throw new Problem('IdempotencyKeyReused');
  return earlier.targetId;
}
