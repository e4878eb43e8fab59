import type { Knex } from 'knex';
import type { Fault } from '../domain/language.ts';
import { closedAmong } from '../store/entry-requests.ts';
import { Problem } from './problem.ts';

/**
 * Refuses a request for entries that were suspended or withdrawn, also at this very moment: what is kept in the transaction
 * is either found by whoever withdraws one of them, or refused here. The first is the request's own, the rest are further.
 * @throws {Problem} Invalid with all of them
 */
export async function requireOpen(trx: Knex.Transaction, entryIds: readonly string[]): Promise<void> {
  const closed = await closedAmong(trx, entryIds);
  const faults = closed.map(({ id, status, reason }): Fault => {
    const index = entryIds.indexOf(id);
    const code = status === 'withdrawn' ? 'EntryWithdrawn' : 'EntrySuspended';
    const pointer = index === 0 ? '/entryId' : `/further/${index - 1}/entryId`;
    return { pointer, code, params: { reason: reason ?? '' } };
  });
  if (faults.length > 0) throw new Problem('Invalid', { faults });
}
