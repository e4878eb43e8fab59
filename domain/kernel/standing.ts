import type { CaseState, StageState, Verdict } from '../case.ts';
import { isStage, type Node, planOf, stagesIn, type StageNode } from './plan.ts';

/** What the answers so far make of a part of the route; undefined while it is open. */
export function verdictOf(node: Node, state: Pick<CaseState, 'stages'>): Verdict | undefined {
  switch (node.kind) {
    case 'stage': {
      const stage = state.stages[node.id];
      return stage?.standing === 'decided' ? stage.verdict : undefined;
    }
    case 'sequence': {
      for (const inner of node.nodes) {
        const verdict = verdictOf(inner, state);
        if (verdict !== 'approved') return verdict;
      }
      return 'approved';
    }
    case 'tiers': {
      for (const inner of node.nodes) {
        const verdict = verdictOf(inner, state);
        if (verdict !== 'rejected') return verdict;
      }
      return 'rejected';
    }
    case 'parallel': {
      const verdicts = node.nodes.map((inner) => verdictOf(inner, state));
      if (verdicts.includes('rejected')) return 'rejected';
      return verdicts.includes(undefined) ? undefined : 'approved';
    }
    case 'for-each': {
      const verdicts = node.nodes.map((inner) => verdictOf(inner, state));
      if (verdicts.includes(undefined)) return undefined;
      return verdicts.includes('approved') ? 'approved' : 'rejected';
    }
  }
}

/**
 * The stages whose answers the case waits for: the first in route order without a standing decision, in each branch. So
 * going back needs no stack. None while the case is with the applicant, and none once it is decided.
 */
export function frontierOf(state: CaseState): readonly StageNode[] {
  if (state.returned || state.isAgreed || state.endedAt !== undefined) return [];
  return frontierIn(planOf(state).root, state);
}

function frontierIn(node: Node, state: CaseState): readonly StageNode[] {
  if (isStage(node)) return state.stages[node.id]?.standing === 'decided' ? [] : [node];
  if (node.kind === 'sequence' || node.kind === 'tiers') {
    const goesOnAfter = node.kind === 'sequence' ? 'approved' : 'rejected';
    const inner = node.nodes.find((one) => verdictOf(one, state) !== goesOnAfter);
    return inner && verdictOf(inner, state) === undefined ? frontierIn(inner, state) : [];
  }
  return node.nodes.flatMap((inner) => (verdictOf(inner, state) === undefined ? frontierIn(inner, state) : []));
}

/** The subjects that some branch has refused. */
export function refusedSubjects(state: CaseState): ReadonlySet<string> {
  const refused = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === 'for-each') {
      for (const branch of node.nodes) {
        if (verdictOf(branch, state) === 'rejected') branch.subjects?.forEach((id) => refused.add(id));
      }
    }
    node.nodes.forEach(visit);
  };
  visit(planOf(state).root);
  return refused;
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
