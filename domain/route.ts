import type { Role } from './language.ts';
import type { FormPart } from './case.ts';

/**
 * A route is data: blocks that nest, so that every route ends, joins where it forked and has a defined place to go back
 * to. It is published with a version, and a running case keeps the version it started with until it is moved.
 */
export interface Route {
  readonly id: string;
  readonly version: number;
  readonly root: Block;
  /**
   * The limit for the first delivery after the agreeing reply, in working days (R809 Art.22: 20). With it an approval
   * gives grants; without it the process closes as its workflow says.
   */
  readonly delivery?: Limit;
  /** At which points the process has something done beside the answers, by its effects in activities/effects/. */
  readonly effects?: readonly EffectPoint[];
  /** For how many days after a refusal the applicant may file the case again as its next round; absent: not at all. */
  readonly refileWithin?: number;
}

export type Block = Stage | Sequence | Tiers | Parallel | ForEach | Choice;

interface Grouping {
  readonly id: string;
  /** A clock on a group covers everything inside, so that going back inside does not reset it. */
  readonly clock?: Limit;
}

/** Blocks one after another; refused as soon as one is. */
export interface Sequence extends Grouping {
  readonly kind: 'sequence';
  readonly blocks: readonly Block[];
}

/** One after another until one agrees: what one refuses goes on to the next, and the last word refuses (三级争议处理). */
export interface Tiers extends Grouping {
  readonly kind: 'tiers';
  readonly blocks: readonly Block[];
}

/** Blocks side by side: all must agree, and one refusal refuses the whole. */
export interface Parallel extends Grouping {
  readonly kind: 'parallel';
  readonly blocks: readonly Block[];
}

/**
 * The same block once for each provider of what is asked for, or for each single subject, side by side. Each branch
 * decides its own subjects; what is approved goes on, and the whole is refused only if nothing remains.
 */
export interface ForEach extends Grouping {
  readonly kind: 'for-each';
  readonly over: 'provider' | 'subject';
  readonly block: Block;
}

/** The first branch whose condition (CEL over the facts of the form) holds, or `otherwise`. */
export interface Choice extends Grouping {
  readonly kind: 'choice';
  readonly branches: readonly { readonly when: string; readonly block: Block }[];
  readonly otherwise?: Block;
}

export type EffectPoint = 'filed' | 'approved' | 'refused';

/** One step at which somebody answers. */
export interface Stage {
  readonly kind: 'stage';
  readonly id: string;
  readonly seat: SeatSpec | readonly SeatSpec[];
  readonly rule: Rule;
  /** The parts of the form that a signature here rests on: when one of them changes, the signature lapses. */
  readonly basis: readonly FormPart[];
  /** Whether materials may be asked for here. */
  readonly mayAskSupplement: boolean;
  readonly clock?: Limit;
  /** Who is told once the stage is decided, without anything for them to do. */
  readonly copies?: readonly SeatSpec[];
  /** Whether somebody who has signed at another stage may sign here too; otherwise nobody signs twice. */
  readonly mayRepeat?: boolean;
}

/**
 * 或签 `any`: the first of the seats to answer decides. 会签 `all`. 依次 `sequential`: all, one after another. 票签
 * `vote`: passes at num/den of the seats, rounded up, and fails as soon as it cannot pass any more.
 */
export type Rule = 'any' | 'all' | 'sequential' | Vote;

export interface Vote {
  readonly vote: { readonly num: number; readonly den: number };
}

/**
 * A role in a department; who holds it is looked up when the person acts, so a change of staff strands no case.
 * `requester` and `provider` are those of the case (of the branch, inside a for-each); any other is a department's id.
 */
export interface SeatSpec {
  readonly role: Role;
  readonly department: string;
  /** One seat for every person who holds the role when the stage is entered, rather than one that any of them may take. */
  readonly each?: boolean;
}

/** A limit in working days. `onSupplement` says what becomes of it while the requester completes the materials. */
export interface Limit {
  /** What the limit is for: `reply` and `delivery` have their own words in law, others name themselves. */
  readonly kind: string;
  readonly legal: number;
  /**
   * The date of the form that is day 0, where the limit counts from what happened outside (R809 Art.17: from the change of
   * law or duty). It may be over as it begins. A form that does not state the date has no such limit.
   */
  readonly from?: string;
  /** The shorter limit that the place promises (承诺时限, R809 Art.23); both are kept. */
  readonly promise?: number;
  readonly onSupplement: 'restart' | 'pause' | 'run-on';
  /** The most working days by which the authority may extend it, once (R809 Art.22: 10); absent: not at all. */
  readonly extension?: number;
  /** Working days before the due date at whose end those who hold the case are reminded, largest first. */
  readonly remind?: readonly number[];
  /** What happens when it runs out beside its being counted: nothing, or 督办 by the authority. Never an approval. */
  readonly onOverdue?: 'escalate';
}

/** The blocks directly inside a block, in route order; a choice has all its branches. */
export function blocksIn(block: Block): readonly Block[] {
  switch (block.kind) {
    case 'stage':
      return [];
    case 'sequence':
    case 'tiers':
    case 'parallel':
      return block.blocks;
    case 'for-each':
      return [block.block];
    case 'choice':
      return [...block.branches.map((branch) => branch.block), ...(block.otherwise ? [block.otherwise] : [])];
  }
}

/** The stages of a block in route order, those of every branch of a choice included. */
export function stagesOf(block: Block): Stage[] {
  return block.kind === 'stage' ? [block] : blocksIn(block).flatMap(stagesOf);
}

/** The seats of a stage as the route has them, before staff is looked up. */
export function seatsOf({ seat }: Stage): readonly SeatSpec[] {
  return isList(seat) ? seat : [seat];
}

function isList(seat: Stage['seat']): seat is readonly SeatSpec[] {
  return Array.isArray(seat);
}
