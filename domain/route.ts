import type { Role } from './language.ts';
import type { FormPart } from './share-request.ts';

/**
 * A route is data: blocks that nest, so that every route ends and has a defined place to go back to. It is published
 * with a version, and a running case keeps the version it started with.
 */
export interface Route {
  readonly id: string;
  readonly version: number;
  readonly root: Block;
  /** The limit for the first delivery after the agreeing reply, in working days (R809 Art.22: 20). */
  readonly delivery: Limit;
}

export type Block = Stage | Sequence;

/** Blocks one after another. A clock on it covers everything inside, so that going back inside does not reset it. */
export interface Sequence {
  readonly kind: 'sequence';
  readonly id: string;
  readonly blocks: readonly Block[];
  readonly clock?: Limit;
}

/** One step at which somebody answers. */
export interface Stage {
  readonly kind: 'stage';
  readonly id: string;
  readonly seat: SeatSpec;
  /** 或签: one seat that any holder of the role may take. */
  readonly rule: 'any';
  /** The parts of the form that a signature here rests on: when one of them changes, the signature lapses. */
  readonly basis: readonly FormPart[];
  /** Whether materials may be asked for here. */
  readonly mayAskSupplement: boolean;
  readonly clock?: Limit;
  /** Who is told once the stage is decided, without anything for them to do. */
  readonly copies?: readonly SeatSpec[];
}

/** A role in a department; who holds it is looked up when the person acts, so a change of staff strands no case. */
export interface SeatSpec {
  readonly role: Role;
  readonly department: 'requester' | 'provider';
}

/** A limit in working days. `onSupplement` says what becomes of it while the requester completes the materials. */
export interface Limit {
  readonly kind: 'reply' | 'delivery' | 'stage';
  readonly legal: number;
  /** The shorter limit that the place promises (承诺时限, R809 Art.23); both are kept. */
  readonly promise?: number;
  readonly onSupplement: 'restart' | 'pause' | 'run-on';
}

/** The stages of a block in route order. */
export function stagesOf(block: Block): Stage[] {
  return block.kind === 'stage' ? [block] : block.blocks.flatMap(stagesOf);
}

/** The blocks from the root down to the stage, both included; empty when the route has no such stage. */
export function pathTo(block: Block, stageId: string): Block[] {
  if (block.kind === 'stage') return block.id === stageId ? [block] : [];
  for (const child of block.blocks) {
    const path = pathTo(child, stageId);
    if (path.length > 0) return [block, ...path];
  }
  return [];
}

/** What is wrong with a route, as codes with the id of the block; an empty list means that it may be published. */
export function faultsOfRoute(route: Route): { block: string; code: string }[] {
  const faults: { block: string; code: string }[] = [];
  const seen = new Set<string>();
  const visit = (block: Block): void => {
    if (seen.has(block.id)) faults.push({ block: block.id, code: 'DuplicateId' });
    seen.add(block.id);
    if (block.clock && !(Number.isInteger(block.clock.legal) && block.clock.legal > 0)) {
      faults.push({ block: block.id, code: 'LimitNotPositive' });
    }
    if (block.clock?.promise !== undefined && block.clock.promise > block.clock.legal) {
      faults.push({ block: block.id, code: 'PromiseBeyondLaw' });
    }
    if (block.kind === 'stage') {
      if (block.basis.length === 0) faults.push({ block: block.id, code: 'NoBasis' });
      return;
    }
    if (block.blocks.length === 0) faults.push({ block: block.id, code: 'EmptySequence' });
    block.blocks.forEach(visit);
  };
  visit(route.root);
  return faults;
}
