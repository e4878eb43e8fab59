import type { Knex } from 'knex';

/** One attempt at a delivery, as it is shown afterwards. */
export interface Attempt {
  readonly at: string;
  readonly ms: number;
  /** The receiver's HTTP status; absent when there was no answer. */
  readonly status?: number;
  /** Why it failed, with the first bytes of what the receiver said. */
  readonly error?: string;
}

/** A delivery as it goes out now. */
export interface DueDelivery {
  /** The same at each attempt. */
  readonly id: string;
  readonly webhookId: string;
  readonly url: string;
  readonly body: string;
  readonly attempts: number;
  /** Sealed; the one before only as long as it still counts. */
  readonly secrets: readonly Uint8Array[];
}

export interface DeliveryOutcome {
  readonly attempt: Attempt;
  readonly status: 'delivered' | 'pending' | 'dead';
  readonly retryInMs?: number;
}

interface Row extends Omit<DueDelivery, 'secrets'> {
  readonly secret: Buffer;
  readonly before: Buffer | null;
}

/** Attempts that are kept with a delivery. */
const KEPT = 20;

/**
 * Hands the delivery that is due the longest to `attempt` and writes down what became of it. One of a case goes only
 * when none before it is pending. It is locked meanwhile, so that no other process takes it; if this one dies, the lock
 * goes with it and the delivery is due as before. `except`: webhooks that are left alone for now; an attempt without an
 * outcome leaves the delivery alone, too. False: none is due.
 */
export async function withDueDelivery(
  knex: Knex,
  except: readonly string[],
  attempt: (delivery: DueDelivery) => Promise<DeliveryOutcome | undefined>,
): Promise<boolean> {
  return knex.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: Row[] }>(
      `select d.id, d.webhook_id as "webhookId", w.url, d.body, d.attempts, w.sealed_secret as secret,
              case when w.secret_before_until > now() then w.sealed_secret_before end as before
         from webhook_deliveries d join webhooks w on w.id = d.webhook_id
        where d.status = 'pending' and d.due_at <= now() and w.active and d.webhook_id <> all(?::uuid[])
          and not exists (select 1 from webhook_deliveries e
                           where e.webhook_id = d.webhook_id and e.order_key = d.order_key and e.status = 'pending'
                             and (e.position, e.id) < (d.position, d.id))
        order by d.due_at, d.position, d.id limit 1
          for no key update of d skip locked`,
      [except as string[]],
    );
    const [row] = rows;
    if (!row) return false;
    const { secret, before, ...delivery } = row;
    const outcome = await attempt({ ...delivery, secrets: before ? [secret, before] : [secret] });
    if (!outcome) return false;
    await settle(trx, row.id, outcome);
    return true;
  });
}

async function settle(trx: Knex, id: string, { attempt, status, retryInMs = 0 }: DeliveryOutcome): Promise<void> {
  await trx.raw(
    `update webhook_deliveries
        set status = :status, attempts = attempts + 1, due_at = now() + :retryInMs * interval '1 millisecond',
            ended_at = case when :status = 'pending' then null else now() end,
            log = (select coalesce(jsonb_agg(one order by nth), '[]')
                     from (select one, nth from jsonb_array_elements(log || :attempt::jsonb) with ordinality as l(one, nth)
                            order by nth desc limit ${KEPT}) as kept)
      where id = :id`,
    { id, status, retryInMs, attempt: JSON.stringify([attempt]) },
  );
}
