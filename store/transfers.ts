import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import type { AnyManifest, Grant } from '../domain/grant.ts';
import { findEntry } from './catalogue.ts';

/** A grant with the version of the entry that it points to. */
export async function grantWithEntry(knex: Knex, grantId: string): Promise<{ grant: Grant; entry: Entry }> {
  const row = await knex('grants').where({ id: grantId }).first<{ body: Grant } | undefined>('body');
  if (!row) throw new Error(`No grant ${grantId}`);
  const { entryId, entryVersion } = row.body;
  const entry = await findEntry(knex, entryId, entryVersion);
  if (!entry) throw new Error(`No entry ${entryId} version ${entryVersion}`);
  return { grant: row.body, entry };
}

/** Progress and hindrances of a delivery under way; its end is recorded by the grant's own events. */
export async function noteDelivery(
  knex: Knex,
  deliveryId: string,
  note: {
    readonly status?: 'waiting' | 'running';
    readonly attempt?: number;
    readonly rowsDone?: number;
    readonly rowsExpected?: number;
    readonly reason?: { readonly code: string; readonly params: unknown } | null;
    readonly startedAt?: string;
    readonly manifest?: AnyManifest;
    readonly manifestDigest?: string;
  },
): Promise<void> {
  const { status, attempt, rowsDone, rowsExpected, reason, startedAt, manifest, manifestDigest } = note;
  const columns = {
    status,
    attempt,
    rows_done: rowsDone,
    rows_total: rowsExpected,
    reason: reason === undefined ? undefined : reason && JSON.stringify(reason),
    started_at: startedAt,
    manifest: manifest && JSON.stringify(manifest),
    manifest_digest: manifestDigest,
  };
  const changed = Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
  await knex('deliveries').where({ id: deliveryId }).whereIn('status', ['waiting', 'running']).update(changed);
}
