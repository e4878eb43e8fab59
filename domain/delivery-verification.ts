import type { DeliveryFailureCode } from './delivery-failure.ts';
import type { AnyManifest, DeliveredFile } from './grant.ts';
import type { ChainVerdict } from './manifest-chain.ts';

/**
 * Whether what was delivered still is what the manifest says. `superseded`: a later delivery under the same grant took
 * the table's place. `missing`: the table or a delivered column is gone. `elsewhere`: there is nothing to read, as a file was
 * taken away or a service opened. `unread`: the target could not be read, by the code of a delivery's failure. Rows and
 * digest are those found; of a file the rows are not counted, and size and digest are the file's own.
 */
export type Content =
  | { readonly verdict: 'matches' | 'differs'; readonly rows?: number; readonly bytes: number; readonly sha256: string }
  | { readonly verdict: 'superseded'; readonly by: string }
  | { readonly verdict: 'missing' }
  | { readonly verdict: 'elsewhere' };

export type Unread = { readonly verdict: 'unread'; readonly code: DeliveryFailureCode };

/** Whether the target's own list of deliveries holds the platform's manifest. */
export type Listing = 'same' | 'altered' | 'absent' | 'unread';

/** What was found where a delivery went, and of the manifests before it. */
export interface Findings {
  readonly content: Content | Unread;
  readonly listing: Listing;
  readonly chain: ChainVerdict;
  /** Whether the delivery that took the place of this one is one that the platform knows of. */
  readonly isSuccessorKnown: boolean;
}

export const FINDING_CODES = [
  'RowsMore',
  'RowsFewer',
  'ContentDiffers',
  'TableMissing',
  'TargetUnread',
  'ListingAltered',
  'ListingAbsent',
  'ManifestAltered',
  'ManifestMissing',
  'ChainBroken',
  'SuccessorUnknown',
  'Superseded',
  'NotChained',
  'FileDiffers',
  'FileGone',
  'ServiceOpened',
] as const;
export type FindingCode = (typeof FINDING_CODES)[number];

/** One thing that a verification found, with what fills its sentence (`findingSentence`). */
export interface Finding {
  readonly code: FindingCode;
  readonly params: Readonly<Record<string, string | number>>;
}

/**
 * `matches`: everything is as it was delivered. `differs`: something is not. `superseded`: what there is is in order, but
 * the rows have given way to those of a later delivery and cannot be held against anything. `unread`: the target could not
 * be read now, so that no more is known than what the platform holds itself.
 */
export type VerificationVerdict = 'matches' | 'differs' | 'superseded' | 'unread';

export interface Verification extends Omit<Findings, 'isSuccessorKnown'> {
  readonly deliveryId: string;
  readonly verdict: VerificationVerdict;
  /** What differs, and what else is worth knowing; none where everything is as it was delivered. */
  readonly found: readonly Finding[];
}

/** What nothing is wrong with. */
const REMARKS: readonly FindingCode[] = ['Superseded', 'NotChained', 'TargetUnread', 'FileGone', 'ServiceOpened'];

export function verificationOf(manifest: AnyManifest, findings: Findings): Verification {
  const { content, listing, chain } = findings;
  const found = [...ofContent(manifest, findings), ...ofListing(listing), ...ofChain(manifest, chain)];
  const isFaulty = found.some(({ code }) => !REMARKS.includes(code));
  const asRead = content.verdict === 'elsewhere' ? 'unread' : content.verdict;
  const verdict = isFaulty || asRead === 'missing' ? 'differs' : asRead;
  return { deliveryId: manifest.deliveryId, verdict, content, listing, chain, found };
}

function ofContent(manifest: AnyManifest, { content, isSuccessorKnown }: Findings): Finding[] {
  if (content.verdict === 'unread') return [{ code: 'TargetUnread', params: { code: content.code } }];
  const { rows } = manifest;
  if ('file' in manifest) return ofFile(manifest.file, content);
  if ('service' in manifest) return [{ code: 'ServiceOpened', params: { service: manifest.service.id } }];
  const { target } = manifest;
  switch (content.verdict) {
    case 'matches':
    case 'elsewhere':
      return [];
    case 'superseded':
      return [{ code: isSuccessorKnown ? 'Superseded' : 'SuccessorUnknown', params: { by: content.by } }];
    case 'missing':
      return [{ code: 'TableMissing', params: { table: `${target.schema}.${target.table}` } }];
    case 'differs': {
      const { rows: found = rows } = content;
      const more = found - rows;
      if (more === 0) return [{ code: 'ContentDiffers', params: { rows } }];
      const params = { by: Math.abs(more), rows, found };
      return [{ code: more > 0 ? 'RowsMore' : 'RowsFewer', params }];
    }
  }
}

function ofFile({ name: file, bytes, sha256 }: DeliveredFile, content: Content): Finding[] {
  if (content.verdict === 'differs') return [{ code: 'FileDiffers', params: { file, bytes, found: content.bytes } }];
  return content.verdict === 'elsewhere' ? [{ code: 'FileGone', params: { file, sha256 } }] : [];
}

function ofListing(listing: Listing): Finding[] {
  if (listing === 'same' || listing === 'unread') return [];
  return [{ code: listing === 'altered' ? 'ListingAltered' : 'ListingAbsent', params: {} }];
}

function ofChain({ deliveryId }: Pick<AnyManifest, 'deliveryId'>, chain: ChainVerdict): Finding[] {
  if (chain.verdict !== 'broken')
    return chain.verdict === 'whole' ? [] : [{ code: 'NotChained', params: { deliveryId } }];
  const { at, deliveryId: broken, why } = chain;
  const code = ({ altered: 'ManifestAltered', missing: 'ManifestMissing', before: 'ChainBroken' } as const)[why];
  return [{ code, params: { at, deliveryId: broken } }];
}
