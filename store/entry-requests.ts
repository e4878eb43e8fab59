import type { Knex } from 'knex';
import type { EntryStatus } from '../domain/catalogue.ts';

/** A form of a share request that asks for this entry, first or further. */
const ASKS_FOR = `(f.body->>'entryId' = :entry or f.body->'further' @> jsonb_build_array(jsonb_build_object('entryId', :entry::text)))`;

/** The share requests for an entry, in whatever version, that are neither agreed to nor over. */
export async function requestsUnderWay(db: Knex, entryId: string): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select c.id from cases c join forms f on f.id = c.form_id and f.version = c.form_version
      where c.kind = 'share-request' and c.ended_at is null and not (c.state->>'isAgreed')::boolean and ${ASKS_FOR}
      order by c.id`,
    { entry: entryId },
  );
  return rows.map(({ id }) => id);
}

/** Whether requests for an entry have been handed in of which nobody knows yet whether they have become cases. */
export async function hasRequestsToCome(db: Knex, entryId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select from commands c join forms f on f.case_id = c.target_id
      where c.status = 'pending' and c.target_kind = 'case' and c.command->'do'->>'action' in ('file', 'refile')
        and ${ASKS_FOR} limit 1`,
    { entry: entryId },
  );
  return rows.length > 0;
}

/** The grants on an entry, in whatever version, that are not over. */
export async function grantsOn(db: Knex, entryId: string): Promise<string[]> {
  const rows = await db('grants')
    .where({ entry_id: entryId })
    .whereIn('status', ['active', 'suspended'])
    .orderBy('id')
    .select<{ id: string }[]>('id');
  return rows.map(({ id }) => id);
}

/**
 * Those of the entries that take no request, each with why. Until the transaction ends none of the others is suspended or
 * withdrawn: what is kept in it was handed in before.
 */
export async function closedAmong(
  trx: Knex.Transaction,
  ids: readonly string[],
): Promise<{ readonly id: string; readonly status: EntryStatus; readonly reason: string | null }[]> {
  // Shared among filings; whoever changes an entry has the same lock alone.
  await trx.raw('select pg_advisory_xact_lock_shared(hashtextextended(id, 5)) from unnest(?::text[]) as id', [
    [...ids],
  ]);
  return trx('catalogue_entries')
    .whereIn('id', [...ids])
    .where('current', true)
    .whereNot('status', 'published')
    .orderBy('id')
    .select<{ id: string; status: EntryStatus; reason: string | null }[]>('id', 'status', 'status_reason as reason');
}
