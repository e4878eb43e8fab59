import { Context } from '@temporalio/activity';

/**
 * Waits for work that other workflows have a part in, but no longer than this worker runs: they may need this very worker
 * to go on, which takes no more work once it stops. Rejects then, and the activity is tried again elsewhere.
 */
export function untilStopped<T>(work: Promise<T>): Promise<T> {
  return Promise.race([work, Context.current().cancelled]);
}
