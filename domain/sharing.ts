import type { Entry, MaskRule } from './catalogue.ts';
import { digestOf } from './digest.ts';
import type { Grant } from './grant.ts';
import type { ShareMode, ShareType } from './language.ts';
import { masksAtLeast } from './masking.ts';

/** What holds in a line and in an ask alike. Digests are `digestOf` the masks, the row scope, the purpose and the rate. */
interface SharingTerms {
  readonly department: string;
  readonly entryId: string;
  readonly entryVersion: number;
  readonly items: readonly string[];
  readonly masksDigest: string;
  readonly scopeDigest: string;
  readonly mode: ShareMode;
  readonly purposeDigest: string;
  /** Of what is called as a service. */
  readonly rateDigest?: string;
  readonly grantId: string;
}

/** One line of what the policies evaluate: a grant as data. Lines are never changed, they end. */
export interface SharingLine extends SharingTerms {
  readonly id: string;
  readonly caseId: string;
  readonly effect: 'allow' | 'deny';
  /** Calendar dates in Asia/Shanghai, both included. */
  readonly validFrom: string;
  readonly validTo: string;
}

/** What is asked before data moves: may exactly this go to this department on this day? */
export interface SharingAsk extends SharingTerms {
  readonly shareType: ShareType;
  /** Calendar date in Asia/Shanghai. */
  readonly on: string;
}

export const SHARING_ANSWERS = [
  'Allowed',
  'Denied',
  'NoLine',
  'OtherVersion',
  'ItemsOutside',
  'MasksDiffer',
  'ScopeDiffers',
  'ModeDiffers',
  'PurposeDiffers',
  'RateDiffers',
  'OtherGrant',
  'NotYetValid',
  'Expired',
] as const;
export type SharingAnswer = (typeof SHARING_ANSWERS)[number];

/** `line` is the id of the line that decided, where one did; `version` names the model and base lines it was asked of. */
export interface SharingVerdict {
  readonly allowed: boolean;
  readonly line?: string;
  readonly why: SharingAnswer;
  readonly version: string;
}

/** The lines that a grant gives rise to. */
export function sharingLinesOf(grant: Grant): SharingLine[] {
  return [
    {
      id: `${grant.id}/1`,
      caseId: grant.caseId,
      effect: 'allow',
      validFrom: grant.validFrom,
      validTo: grant.validTo,
      ...termsOf(grant),
    },
  ];
}

/** What a delivery of everything that the grant names asks for. */
export function sharingAskOf(grant: Grant, entry: Entry, on: string): SharingAsk {
  return { ...termsOf(grant), shareType: entry.shareType, on };
}

/** The rule under which an item leaves: the grant's, or the entry's least where the grant names none. */
export function maskOf(grant: Grant, entry: Entry, itemId: string): MaskRule {
  return grant.masks[itemId] ?? entry.items.find(({ id }) => id === itemId)?.mask ?? 'whole';
}

/** The granted items that the grant masks less than the entry allows. A sound grant has none. */
export function undermasked(grant: Grant, entry: Entry): string[] {
  return grant.items.filter((itemId) => {
    const least = entry.items.find(({ id }) => id === itemId)?.mask ?? 'none';
    return !masksAtLeast(maskOf(grant, entry, itemId), least);
  });
}

/**
 * What the policies cannot see: that grant and entry belong together, and that nothing leaves less masked than the entry
 * allows. Undefined for a sound grant.
 */
export function unsoundness(
  grant: Grant,
  entry: Entry,
): { readonly why: SharingAnswer; readonly items: readonly string[] } | undefined {
  const known = new Set(entry.items.map(({ id }) => id));
  const unknown = grant.items.filter((id) => !known.has(id));
  const bare = undermasked(grant, entry);
  const items = [...unknown, ...bare];
  if (grant.entryId !== entry.id || grant.entryVersion !== entry.version) return { why: 'OtherVersion', items };
  if (grant.items.length === 0 || unknown.length > 0) return { why: 'ItemsOutside', items };
  return bare.length > 0 ? { why: 'MasksDiffer', items } : undefined;
}

function termsOf(grant: Grant): SharingTerms {
  return {
    department: grant.requester,
    entryId: grant.entryId,
    entryVersion: grant.entryVersion,
    items: grant.items,
    masksDigest: digestOf(grant.masks),
    scopeDigest: digestOf(grant.rowScope),
    mode: grant.mode,
    purposeDigest: digestOf(grant.purpose),
    ...(grant.rate ? { rateDigest: digestOf(grant.rate) } : {}),
    grantId: grant.id,
  };
}
