import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { AddressGuard } from '../../notices/addresses.ts';
import { isDatabaseDown } from '../../store/outage.ts';
import { failRun, giveBack, type RunFailure, takeReconciliation } from '../../store/reconciliations.ts';
import { RunRefused } from './refused.ts';
import { runReconciliation } from './run.ts';

export interface Reconciler {
  /** Runs the reconciliations that wait, one after another, and those that a process has left. */
  round(): Promise<void>;
  /** The same at once, without waiting for its end. */
  wake(): void;
  /** Takes no further one, and gives up the one under way: another process takes it up. */
  halt(): Promise<void>;
}

interface Deps {
  readonly db: Knex;
  readonly logger: Logger;
  readonly outside: { readonly secretKey: Uint8Array };
  readonly sourceGuard: AddressGuard;
}

/** Holds two sources against each other in the background, one reconciliation at a time in a process. */
export function reconciler({ db, logger, outside: { secretKey }, sourceGuard }: Deps): Reconciler {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  function round(): Promise<void> {
    running ??= all().finally(() => (running = undefined));
    return running;
  }

  async function all(): Promise<void> {
    while (!stopping.signal.aborted) {
      const taker = randomUUID();
      const one = await takeReconciliation(db, taker);
      if (!one) return;
      try {
        await runReconciliation({ db, secretKey, sourceGuard, stop: stopping.signal }, one, taker);
      } catch (err) {
        const taken = { id: one.id, taker };
        if (stopping.signal.aborted) return await giveBack(db, taken);
        logger.warn({ err, reconciliation: one.id }, 'a reconciliation did not come to its end');
        const failure = failureOf(err);
        // Left as it is, it is taken again in five minutes: by then the database may be back.
        if (!failure && isDatabaseDown(err)) return;
        await failRun(db, taken, failure ?? { code: 'InternalError' }).catch(() => undefined);
      }
    }
  }

  return {
    round,
    wake: () => void round().catch((err: unknown) => logger.warn({ err }, 'a round of reconciliations failed')),
    async halt() {
      stopping.abort();
      await running?.catch(() => undefined);
    },
  };
}

/** What is known of why it failed; undefined where it is the platform's own doing. */
function failureOf(error: unknown): RunFailure | undefined {
  if (!(error instanceof RunRefused)) return undefined;
  return { code: error.code, ...(error.side ? { side: error.side } : {}) };
}
