import { digestOf } from './digest.ts';
import type { AnyManifest, Grant } from './grant.ts';

/** A delivery under a grant, as the platform has kept it. */
export interface KeptManifest {
  readonly deliveryId: string;
  /** Absent where a delivery is on record whose manifest is gone. */
  readonly manifest: AnyManifest | null;
  /** As it was noted with the manifest. */
  readonly digest: string | null;
}

/**
 * How the manifests of a grant hang together. `whole`: each holds the digest of the one before it, the first that of the
 * grant. `not-chained`: the last is from before manifests were chained. `broken`: the `at`th, counted from 1, is the first
 * that does not fit: it was `altered` since it was noted, is `missing`, or another one was `before` it when it was made.
 */
export type ChainVerdict =
  | { readonly verdict: 'whole' | 'not-chained'; readonly length: number }
  | {
      readonly verdict: 'broken';
      readonly at: number;
      readonly deliveryId: string;
      readonly why: 'altered' | 'missing' | 'before';
    };

/** Walks the manifests of a grant in the order in which their deliveries were asked for, none left out. */
export function checkChain(grant: Grant, kept: readonly KeptManifest[]): ChainVerdict {
  let before = digestOf(grant);
  let isChained = false;
  for (const [index, { deliveryId, manifest, digest }] of kept.entries()) {
    const broken = (why: 'altered' | 'missing' | 'before'): ChainVerdict => ({
      verdict: 'broken',
      at: index + 1,
      deliveryId,
      why,
    });
    if (manifest === null || digest === null) return broken('missing');
    if (digestOf(manifest) !== digest) return broken('altered');
    const { previous } = manifest;
    if (previous === undefined ? isChained : previous !== before) return broken('before');
    isChained = previous !== undefined;
    before = digest;
  }
  return { verdict: isChained ? 'whole' : 'not-chained', length: kept.length };
}
