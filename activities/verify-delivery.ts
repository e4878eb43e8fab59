import type { Socket } from 'node:net';
import { ApplicationFailure } from '@temporalio/activity';
import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import { type Findings, type Verification, verificationOf } from '../domain/delivery-verification.ts';
import type { Manifest } from '../domain/grant.ts';
import { checkChain } from '../domain/manifest-chain.ts';
import { connectionOf } from '../store/data-sources.ts';
import { hasManifest, manifestsUpTo } from '../store/manifests.ts';
import { grantWithEntry } from '../store/transfers.ts';
import type { DataSource } from './transfer/connector.ts';
import { databaseSource } from './transfer/databases.ts';
import { TransferFailure } from './transfer/failures.ts';
import { listingOf, verifyDelivery } from './transfer/verify.ts';

export interface VerifyDeps {
  readonly knex: Knex;
  readonly secretKey: Uint8Array;
  /** Connects to addresses that a department may name; absent: to any. */
  readonly guardedSocket?: () => Socket;
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
    const inTarget =
      'target' in manifest ? await read(await targetOf(manifest.target.sourceId), manifest, entry) : ELSEWHERE;
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
async function read(target: DataSource, manifest: Manifest, entry: Entry): Promise<InTarget> {
  try {
    return { content: await verifyDelivery(target, manifest, entry), listing: await listingOf(target, manifest) };
  } catch (error) {
    if (!(error instanceof TransferFailure)) throw error;
    return { content: { verdict: 'unread', code: error.code }, listing: 'unread' };
  }
}
