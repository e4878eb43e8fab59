import type { Step } from './route-steps.ts';

/** A node of a diagram, as far as it matters to which ways a case has gone. */
export interface RouteNode {
  readonly id: string;
  readonly type: string;
  readonly stage: string | undefined;
  readonly incoming: readonly RouteFlow[];
  readonly outgoing: readonly RouteFlow[];
}

export interface RouteFlow {
  readonly id: string;
  readonly source: RouteNode;
  readonly target: RouteNode;
  /** The answer after which a case goes this way. */
  readonly after: string | undefined;
  readonly isTaken: boolean;
}

export interface Standing {
  readonly looks: ReadonlyMap<string, Step['look']>;
  readonly isGranted: boolean;
  readonly isEnded: boolean;
}

const BEGUN: ReadonlySet<string | undefined> = new Set(['decided', 'refused', 'mine', 'open', 'lapsed']);

/** Whether a case has gone along this line. */
export function isPassed(flow: RouteFlow, standing: Standing): boolean {
  const { source, after, isTaken } = flow;
  if (!isTaken) return false;
  if (source.stage !== undefined) {
    const look = standing.looks.get(source.stage);
    // What a tier refuses goes on to the next.
    return look === 'decided' || (look === 'refused' && flow.target.outgoing.some((next) => next.after !== undefined));
  }
  if (after === undefined) return isReached(source, standing);
  const stage = source.incoming[0]?.source.stage;
  return standing.looks.get(stage ?? '') === (after === 'approved' ? 'decided' : 'refused');
}

function isReached(node: RouteNode, standing: Standing): boolean {
  switch (node.type) {
    case 'bpmn:StartEvent':
      return true;
    case 'bpmn:EndEvent':
      return standing.isEnded;
    case 'bpmn:ServiceTask':
      return standing.isGranted;
    case 'bpmn:UserTask':
      return BEGUN.has(standing.looks.get(node.stage ?? ''));
    case 'bpmn:ParallelGateway':
      return (
        node.incoming.every((flow) => isPassed(flow, standing)) ||
        // Of several providers some refused, and it went on with what the others gave.
        (node.incoming.length > 1 && node.outgoing.some(({ target }) => isReached(target, standing)))
      );
    default:
      return node.incoming.some((flow) => isPassed(flow, standing));
  }
}
