import type { Socket } from 'node:net';
import { ApplicationFailure } from '@temporalio/activity';
import type { Knex } from 'knex';
import { type Findings, type Verification, verificationOf } from '../domain/delivery-verification.ts';
import { checkChain } from '../domain/manifest-chain.ts';
import { connectionOf } from '../store/data-sources.ts';
import { hasManifest, manifestsUpTo } from '../store/manifests.ts';
import { grantWithEntry } from '../store/transfers.ts';
import type { DataSource } from './transfer/connector.ts';
import { databaseSource } from './transfer/databases.ts';
import { TransferFailure } from './transfer/failures.ts';
import { type Destinations, placeOf } from './transfer/file/make.ts';
import { guarded } from './transfer/file/place.ts';
import { verifyFile } from './transfer/file/verify.ts';
import { listingOf, verifyDelivery } from './transfer/verify.ts';

export interface VerifyDeps {
  readonly knex: Knex;
  readonly secretKey: Uint8Array;
  /** Connects to addresses that a department may name; absent: to any. */
  readonly guardedSocket?: () => Socket;
  /** Where files went besides the platform itself. */
  readonly destinations?: Destinations;
}

export interface VerifyInput {
  readonly grantId: string;
  readonly deliveryId: string;
}

/**
 * Holds what is in the target against the manifest of a delivery, and the manifest against those before it. Changes
 * nothing. Fails for good where the delivery has no manifest.
 */
export function createVerify({
  knex,
  secretKey,
  guardedSocket,
  destinations = {},
}: VerifyDeps): (input: VerifyInput) => Promise<Verification> {
  async function targetOf(sourceId: string): Promise<DataSource> {
    const { url, isTrusted } = await connectionOf(knex, sourceId, secretKey);
    return databaseSource('target', sourceId, url, isTrusted ? undefined : guardedSocket);
  }

  return async ({ grantId, deliveryId }) => {
    const { grant, entry } = await grantWithEntry(knex, grantId);
    const kept = await manifestsUpTo(knex, grantId, deliveryId);
    const manifest = kept.at(-1)?.manifest;
    if (!manifest) throw ApplicationFailure.nonRetryable('No manifest', 'NotDelivered');
    const inTarget = await read(async () => {
      if ('file' in manifest) return verifyFile(guarded(placeOf({ grant, deliveryId }, knex, destinations)), manifest);
      if (!('target' in manifest)) return ELSEWHERE;
      const target = await targetOf(manifest.target.sourceId);
      return { content: await verifyDelivery(target, manifest, entry), listing: await listingOf(target, manifest) };
    });
    const { content } = inTarget;
    return verificationOf(manifest, {
      ...inTarget,
      chain: checkChain(grant, kept),
      isSuccessorKnown: content.verdict === 'superseded' && (await hasManifest(knex, grantId, content.by)),
    });
  };
}

type InTarget = Pick<Findings, 'content' | 'listing'>;

const ELSEWHERE: InTarget = { content: { verdict: 'elsewhere' }, listing: 'unread' };

/** A target that cannot be read is an answer too. Its own words stay out of the history, as they do of a delivery's. */
async function read(look: () => Promise<InTarget>): Promise<InTarget> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof TransferFailure)) throw error;
    return { content: { verdict: 'unread', code: error.code }, listing: 'unread' };
  }
}
