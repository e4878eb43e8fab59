import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { evaluateAlerts } from '../store/alerts/evaluate.ts';

export interface AlertWatch {
  /** Holds everything that is watched against the rules; false where another process is at it. */
  round(): Promise<boolean>;
}

/** Any number of processes may: one at a time does it. */
export function alertWatch({ db, logger }: { readonly db: Knex; readonly logger: Logger }): AlertWatch {
  return {
    round: () =>
      evaluateAlerts(db, (watch, err) => logger.warn({ err, watch }, 'what alerts watch could not be measured')),
  };
}
