import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import { sha256Hex } from '../domain/digest.ts';
import type { Grant, ServiceManifest } from '../domain/grant.ts';
import { maskOf, unsoundness } from '../domain/sharing.ts';
import { goodKeyOf } from '../store/grant-keys.ts';
import { openServiceOf } from '../store/services.ts';
import { TransferFailure } from './transfer/failures.ts';

/** What is delivered where the mode is `service`. */
export interface ServiceOrder {
  readonly deliveryId: string;
  readonly grant: Grant;
  readonly entry: Entry;
  readonly policyVersion: string;
  readonly policyLine: string;
  readonly previous: () => Promise<string>;
  readonly startedAt: string;
}

/**
 * Delivers a grant that is called: it is delivered once its service is there and a key to call it with has been issued.
 * Rejects with a TransferFailure: ServiceMissing, KeyNotIssued; both end when somebody acts.
 */
export async function openService(knex: Knex, order: ServiceOrder): Promise<ServiceManifest> {
  const { deliveryId, grant, entry, policyVersion, policyLine, startedAt } = order;
  const unsound = unsoundness(grant, entry);
  if (unsound) throw new TransferFailure('SharingRefused', { why: unsound.why, items: unsound.items.join(', ') });
  if (!entry.mount) throw new TransferFailure('SharingRefused', { why: 'NotMounted' });
  const service = await openServiceOf(knex, grant.entryId);
  if (!service) throw new TransferFailure('ServiceMissing', { entry: entry.name });
  const key = await goodKeyOf(knex, grant.id);
  if (!key) throw new TransferFailure('KeyNotIssued', { service: service.id });
  return {
    deliveryId,
    grantId: grant.id,
    caseId: grant.caseId,
    entryId: grant.entryId,
    entryVersion: grant.entryVersion,
    items: grant.items,
    rowScope: grant.rowScope,
    masks: Object.fromEntries(grant.items.map((id) => [id, maskOf(grant, entry, id)])),
    rows: 0,
    bytes: 0,
    sha256: sha256Hex(''),
    policyVersion,
    policyLine,
    source: { sourceId: entry.mount.sourceId },
    service: { id: service.id, keyId: key.id },
    previous: await order.previous(),
    startedAt,
    endedAt: new Date().toISOString(),
  };
}
