import type { CaseState, StageState, Verdict } from '../case.ts';
import { isStage, type Node, planOf, stagesIn, type StageNode } from './plan.ts';

/** Subjects that an earlier block has refused: later ones decide what is left. */
type Gone = ReadonlySet<string>;
const NONE: Gone = new Set();
type Signed = Pick<CaseState, 'stages'>;

/**
 * What the answers so far make of a part of the route; undefined while it is open. A for-each passes on what it approves,
 * so a part of which nothing is left is refused.
 */
export function verdictOf(node: Node, state: Signed, gone: Gone = NONE): Verdict | undefined {
  switch (node.kind) {
    case 'stage': {
      const stage = state.stages[node.id];
      return stage?.standing === 'decided' ? stage.verdict : undefined;
    }
    case 'sequence': {
      let lost = gone;
      for (const inner of node.nodes) {
        const verdict = verdictOf(inner, state, lost);
        if (verdict !== 'approved') return verdict;
        lost = withRefused(inner, state, lost);
        if (isNothingLeft(node, lost)) return 'rejected';
      }
      return 'approved';
    }
    case 'tiers': {
      for (const inner of node.nodes) {
        const verdict = verdictOf(inner, state, gone);
        if (verdict !== 'rejected') return verdict;
      }
      return 'rejected';
    }
    case 'parallel': {
      const verdicts = node.nodes.map((inner) => verdictOf(inner, state, gone));
      if (verdicts.includes('rejected')) return 'rejected';
      if (verdicts.includes(undefined)) return undefined;
      return isNothingLeft(node, withRefused(node, state, gone)) ? 'rejected' : 'approved';
    }
    case 'for-each': {
      const verdicts = branchesLeft(node, gone).map((inner) => verdictOf(inner, state, gone));
      if (verdicts.includes(undefined)) return undefined;
      return verdicts.includes('approved') ? 'approved' : 'rejected';
    }
  }
}

function branchesLeft({ nodes }: Node, gone: Gone): readonly Node[] {
  return gone.size === 0 ? nodes : nodes.filter(({ subjects = [] }) => !subjects.every((id) => gone.has(id)));
}

/** Whether all that a part decides has been refused by now. */
function isNothingLeft(node: Node, gone: Gone): boolean {
  return gone.size > 0 && node.splits && scopeOf(node).every((id) => gone.has(id));
}

function scopeOf({ subjects, kind, nodes }: Node): readonly string[] {
  if (subjects) return subjects;
  if (kind === 'for-each') return nodes.flatMap(scopeOf);
  const inner = nodes.find(({ splits }) => splits);
  return inner ? scopeOf(inner) : [];
}

/** What is refused by the time that a part is through, or would be if it were through now. */
function withRefused(node: Node, state: Signed, gone: Gone): Gone {
  if (!node.splits) return gone;
  if (node.kind === 'sequence') {
    let lost = gone;
    for (const inner of node.nodes) {
      const isThrough = verdictOf(inner, state, lost) === 'approved';
      lost = withRefused(inner, state, lost);
      if (!isThrough) break;
    }
    return lost;
  }
  if (node.kind === 'tiers') {
    // What one tier refuses the next decides again.
    const latest = node.nodes.find((inner) => verdictOf(inner, state, gone) !== 'rejected');
    return latest ? withRefused(latest, state, gone) : gone;
  }
  const branches = node.kind === 'for-each' ? branchesLeft(node, gone) : node.nodes;
  const more = branches.flatMap((branch) =>
    node.kind === 'for-each' && verdictOf(branch, state, gone) === 'rejected'
      ? (branch.subjects ?? [])
      : [...withRefused(branch, state, gone)],
  );
  return more.every((id) => gone.has(id)) ? gone : new Set([...gone, ...more]);
}

/**
 * The stages whose answers the case waits for: the first in route order without a standing decision, in each branch. So
 * going back needs no stack. None while the case is with the applicant, and none once it is decided.
 */
export function frontierOf(state: CaseState): readonly StageNode[] {
  if (state.returned || state.isAgreed || state.endedAt !== undefined) return [];
  return frontierIn(planOf(state).root, state, NONE);
}

function frontierIn(node: Node, state: CaseState, gone: Gone): readonly StageNode[] {
  if (isStage(node)) return state.stages[node.id]?.standing === 'decided' ? [] : [node];
  if (node.kind === 'sequence') {
    let lost = gone;
    for (const inner of node.nodes) {
      const verdict = verdictOf(inner, state, lost);
      if (verdict === undefined) return frontierIn(inner, state, lost);
      if (verdict === 'rejected') return [];
      lost = withRefused(inner, state, lost);
    }
    return [];
  }
  if (node.kind === 'tiers') {
    const latest = node.nodes.find((inner) => verdictOf(inner, state, gone) !== 'rejected');
    return latest && verdictOf(latest, state, gone) === undefined ? frontierIn(latest, state, gone) : [];
  }
  const branches = node.kind === 'for-each' ? branchesLeft(node, gone) : node.nodes;
  return branches.flatMap((inner) =>
    verdictOf(inner, state, gone) === undefined ? frontierIn(inner, state, gone) : [],
  );
}

/** The subjects that some branch has refused. */
export function refusedSubjects(state: CaseState): ReadonlySet<string> {
  return withRefused(planOf(state).root, state, NONE);
}

/** The stages that come after one, in sequence or as a higher tier; those of sibling branches do not. */
export function stagesAfter(state: CaseState, id: string): StageNode[] {
  const path = planOf(state).paths.get(id) ?? [];
  return path.flatMap((node, depth) => {
    const below = path[depth + 1];
    if ((node.kind !== 'sequence' && node.kind !== 'tiers') || !below) return [];
    return node.nodes.slice(node.nodes.indexOf(below) + 1).flatMap(stagesIn);
  });
}

/** The stages that have to be decided before one: those that a return from it may go to. */
export function stagesBefore(state: CaseState, id: string): StageNode[] {
  const path = planOf(state).paths.get(id) ?? [];
  return path.flatMap((node, depth) => {
    const below = path[depth + 1];
    if (node.kind !== 'sequence' || !below) return [];
    return node.nodes.slice(0, node.nodes.indexOf(below)).flatMap(stagesIn);
  });
}

export function stageOf(state: CaseState, id: string): StageState {
  const found = state.stages[id];
  if (!found) throw new Error(`Stage ${id} was never entered`);
  return found;
}
