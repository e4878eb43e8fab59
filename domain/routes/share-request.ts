import type { ShareType } from '../language.ts';
import type { Block, Route, Sequence, Stage } from '../route.ts';
import { FORM_PARTS, type SharePart } from '../share-request.ts';

/** Everything that says what is asked and what for: what the leads and the reviewer put their names to. */
const SUBSTANCE: readonly SharePart[] = FORM_PARTS.filter((part) => part !== 'attachments');

/** R809 Art.21: filed only after the requester's sharing lead agrees. */
const requesterLead: Stage = {
  kind: 'stage',
  id: 'requester-lead',
  seat: { role: 'sharing-lead', department: 'requester' },
  rule: 'any',
  basis: SUBSTANCE,
  mayAskSupplement: true,
};

const providerReviewer: Stage = {
  kind: 'stage',
  id: 'provider-reviewer',
  seat: { role: 'reviewer', department: 'provider' },
  rule: 'any',
  basis: [...SUBSTANCE, 'attachments'],
  mayAskSupplement: true,
};

/** R809 Art.22: the provider's answer needs the agreement of its sharing lead. */
const providerLead: Stage = {
  kind: 'stage',
  id: 'provider-lead',
  seat: { role: 'sharing-lead', department: 'provider' },
  rule: 'any',
  basis: [...SUBSTANCE, 'attachments'],
  mayAskSupplement: true,
};

/** R809 Art.22: delivered within 20 working days of the reply that agrees. */
const delivery = { kind: 'delivery', legal: 20, onSupplement: 'run-on' } as const;

function providerBranch(blocks: readonly Stage[], legal: number): Sequence {
  return { kind: 'sequence', id: 'provider', blocks, clock: { kind: 'reply', legal, onSupplement: 'restart' } };
}

function route(id: string, blocks: Sequence['blocks']): Route {
  return { id, version: 1, root: { kind: 'sequence', id: 'route', blocks }, delivery };
}

/** Conditional resources: the provider replies within 10 working days of receipt (R809 Art.22). */
export const CONDITIONAL = route('share-request/conditional', [
  requesterLead,
  providerBranch([providerReviewer, providerLead], 10),
]);

/** Unconditional resources: the provider replies within 1 working day of receipt (R809 Art.22). */
export const UNCONDITIONAL = route('share-request/unconditional', [requesterLead, providerBranch([providerLead], 1)]);

/** A variant that a place may choose for unconditional resources: granted at once, the provider is told. */
export const UNCONDITIONAL_AT_ONCE = route('share-request/unconditional-at-once', [
  { ...requesterLead, copies: [{ role: 'sharing-lead', department: 'provider' }] },
]);

/**
 * The same route, watched: people are reminded before a limit is over, the authority is called in once it is (督办), a reply
 * of ten working days may be extended by ten more with the authority's consent (R809 Art.22), and a refused request may be
 * filed again.
 */
function watched(route: Route, version: number): Route {
  const { root, delivery: limit } = route;
  return {
    ...route,
    version,
    root: watchedBlock(root),
    refileWithin: 30,
    ...(limit ? { delivery: { ...limit, remind: [5, 1], onOverdue: 'escalate' } } : {}),
  };
}

function watchedBlock(block: Block): Block {
  if (block.kind === 'for-each') return { ...block, block: watchedBlock(block.block) };
  if (block.kind !== 'sequence') return block;
  const { clock } = block;
  const blocks = block.blocks.map(watchedBlock);
  if (!clock) return { ...block, blocks };
  const isLong = clock.legal >= 10;
  return {
    ...block,
    blocks,
    clock: { ...clock, ...(isLong ? { extension: 10, remind: [3, 1] } : {}), onOverdue: 'escalate' },
  };
}

/** What new requests take: the routes above as they are watched. */
export const CONDITIONAL_WATCHED = watched(CONDITIONAL, 2);
export const UNCONDITIONAL_WATCHED = watched(UNCONDITIONAL, 2);
export const UNCONDITIONAL_AT_ONCE_WATCHED = watched(UNCONDITIONAL_AT_ONCE, 2);

/** Several resources of one request: each provider decides its own, side by side, and what is approved is granted. */
function several(id: string, stages: readonly Stage[], legal: number): Route {
  const branch: Sequence = { ...providerBranch(stages, legal), id: 'branch' };
  const each = { kind: 'for-each', id: 'providers', over: 'provider', block: branch } as const;
  return watched(route(id, [requesterLead, each]), 1);
}

export const SEVERAL_CONDITIONAL = several('share-request/several-conditional', [providerReviewer, providerLead], 10);
export const SEVERAL_UNCONDITIONAL = several('share-request/several-unconditional', [providerLead], 1);

/** Every route that Santong ships; a place publishes newer versions beside them. */
export const SHARE_REQUEST_ROUTES: readonly Route[] = [
  CONDITIONAL,
  UNCONDITIONAL,
  UNCONDITIONAL_AT_ONCE,
  CONDITIONAL_WATCHED,
  UNCONDITIONAL_WATCHED,
  UNCONDITIONAL_AT_ONCE_WATCHED,
  SEVERAL_CONDITIONAL,
  SEVERAL_UNCONDITIONAL,
];

/** How a place handles unconditional resources: the provider answers, or is only told. */
export type UnconditionalPractice = 'answer' | 'at-once';

/** Which route a request over an entry of this share type takes; `undefined` where nothing may be requested. */
export function routeIdFor(shareType: ShareType, practice: UnconditionalPractice | 'several'): string | undefined {
  switch (shareType) {
    case 'conditional':
      return practice === 'several' ? SEVERAL_CONDITIONAL.id : CONDITIONAL.id;
    case 'unconditional':
      if (practice === 'several') return SEVERAL_UNCONDITIONAL.id;
      return practice === 'at-once' ? UNCONDITIONAL_AT_ONCE.id : UNCONDITIONAL.id;
    case 'withheld':
      return undefined;
  }
}
