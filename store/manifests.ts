import type { Knex } from 'knex';
import { digestOf } from '../domain/digest.ts';
import type { Grant } from '../domain/grant.ts';
import type { KeptManifest } from '../domain/manifest-chain.ts';

/**
 * The digest that the next manifest of a grant holds: of the manifest before it, or of the grant itself where there is
 * none. Undefined where the delivery is no longer under way.
 */
export async function digestBefore(knex: Knex, grant: Grant, deliveryId: string): Promise<string | undefined> {
  const asked = await knex('deliveries')
    .where({ id: deliveryId })
    .whereIn('status', ['waiting', 'running'])
    .first<{ id: string } | undefined>('id');
  if (!asked) return undefined;
  const before = await knex('deliveries')
    .where({ grant_id: grant.id })
    .whereNot({ id: deliveryId })
    .whereNotNull('manifest_digest')
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first<{ manifest_digest: string } | undefined>('manifest_digest');
  return before?.manifest_digest ?? digestOf(grant);
}

/** The manifests of a grant up to that of one delivery, in the order in which the deliveries were asked for. */
export async function manifestsUpTo(knex: Knex, grantId: string, deliveryId: string): Promise<KeptManifest[]> {
  return knex('deliveries as d')
    .where({ 'd.grant_id': grantId })
    .where((kept) => void kept.where('d.status', 'delivered').orWhereNotNull('d.manifest'))
    .whereRaw('(d.created_at, d.id) <= (select created_at, id from deliveries where id = ?)', [deliveryId])
    .orderBy(['d.created_at', 'd.id'])
    .select<KeptManifest[]>({ deliveryId: 'd.id', manifest: 'd.manifest', digest: 'd.manifest_digest' });
}

/** Whether the platform has a manifest of this delivery under this grant. */
export async function hasManifest(knex: Knex, grantId: string, deliveryId: string): Promise<boolean> {
  const found = await knex('deliveries')
    .where({ id: deliveryId, grant_id: grantId })
    .whereNotNull('manifest')
    .first('id');
  return found !== undefined;
}
