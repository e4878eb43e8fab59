import type { CaseState } from '../case.ts';
import { type Node, planOf } from '../kernel/plan.ts';
import { type Block, type Route, type SeatSpec, seatsOf, type Stage } from '../route.ts';

/** A route as something to draw: how its blocks lie to each other, before anything has a place. */
export type Shape = TaskShape | RowShape | ForkShape | TiersShape | LoopShape;

export interface TaskShape {
  readonly kind: 'task';
  /** The stage's id as cases have it (`provider-lead@public-security`), or what is done besides. */
  readonly id: string;
  readonly name: string;
  /** Done by the platform itself, not by people. */
  readonly isAutomatic?: true;
}

export interface RowShape {
  readonly kind: 'row';
  readonly parts: readonly Shape[];
}

export interface Branch {
  readonly shape: Shape;
  /** What is asked at the fork. */
  readonly name?: string;
  /** False: the case does not go this way. */
  readonly isTaken: boolean;
}

export interface ForkShape {
  readonly kind: 'fork';
  readonly id: string;
  readonly gateway: 'parallel' | 'exclusive';
  readonly branches: readonly Branch[];
}

/** One after another until one agrees. */
export interface TiersShape {
  readonly kind: 'tiers';
  readonly id: string;
  readonly parts: readonly Shape[];
}

/** The same once for each of several, side by side, before it is known how many there are. */
export interface LoopShape {
  readonly kind: 'loop';
  readonly id: string;
  readonly name: string;
  readonly inner: Shape;
}

/** What stands in the drawing, in the reader's language. */
export interface DiagramWords {
  /** A seat; `department` is absent where it is not known before there is a case. */
  seat(seat: SeatSpec, department: string | undefined): string;
  loop(over: 'provider' | 'subject'): string;
  readonly filed: string;
  readonly granted: string;
  readonly ended: string;
  readonly otherwise: string;
  readonly agreed: string;
}

/** The route of a case: for-eaches spread out over its providers, and of each choice which way it goes. */
export function shapeOfCase(state: CaseState, words: DiagramWords): Shape {
  const nameOf = (stage: Stage, node: Node | undefined): string => {
    const [spec] = seatsOf(stage);
    const department =
      spec && { requester: state.requester, provider: node?.provider ?? state.provider }[spec.department];
    return spec ? words.seat(spec, department ?? spec.department) : stage.id;
  };
  const root = shapeOf(state.route.root, { node: planOf(state).root, suffix: '', nameOf, words });
  return withGrant(state.route, root, words);
}

/** A route before there is a case: every way that one could go. */
export function shapeOfRoute(route: Route, words: DiagramWords): Shape {
  const nameOf = (stage: Stage): string =>
    seatsOf(stage)
      .map((spec) => words.seat(spec, undefined))
      .join(' / ');
  return withGrant(route, shapeOf(route.root, { node: undefined, suffix: '', nameOf, words }), words);
}

function withGrant({ delivery }: Route, root: Shape, words: DiagramWords): Shape {
  if (!delivery) return root;
  return { kind: 'row', parts: [root, { kind: 'task', id: 'grant', name: words.granted, isAutomatic: true }] };
}

interface At {
  /** What the plan of the case made of the block; absent where the case does not go, and where there is none. */
  readonly node: Node | undefined;
  readonly suffix: string;
  readonly nameOf: (stage: Stage, node: Node | undefined) => string;
  readonly words: DiagramWords;
}

function shapeOf(block: Block, at: At): Shape {
  const { node, suffix, words } = at;
  const id = `${block.id}${suffix}`;
  const inside = (inner: Block, nth: number): Shape => shapeOf(inner, { ...at, node: node?.nodes[nth] });
  switch (block.kind) {
    case 'stage':
      return { kind: 'task', id, name: at.nameOf(block, node) };
    case 'sequence':
      return { kind: 'row', parts: block.blocks.map(inside) };
    case 'tiers':
      return { kind: 'tiers', id, parts: block.blocks.map(inside) };
    case 'parallel':
      return fork(
        id,
        block.blocks.map((inner, nth) => ({ shape: inside(inner, nth), isTaken: true })),
      );
    case 'for-each': {
      if (!node) return { kind: 'loop', id, name: words.loop(block.over), inner: shapeOf(block.block, at) };
      const branches = node.nodes.map((branch) => {
        const shape = shapeOf(block.block, { ...at, node: branch, suffix: branch.id.slice(block.block.id.length) });
        return { shape, isTaken: true };
      });
      return fork(id, branches);
    }
    case 'choice': {
      const chosen = node?.nodes[0];
      const ways = [
        ...block.branches.map(({ when, block: inner }) => ({ name: when, inner })),
        { name: words.otherwise, inner: block.otherwise },
      ];
      const branches = ways.map(({ name, inner }) => {
        const isTaken = !node || chosen?.id === (inner && `${inner.id}${suffix}`);
        const shape: Shape = inner ? shapeOf(inner, { ...at, node: isTaken ? chosen : undefined }) : EMPTY;
        return { shape, name, isTaken };
      });
      return { kind: 'fork', id, gateway: 'exclusive', branches };
    }
  }
}

const EMPTY: Shape = { kind: 'row', parts: [] };

/** A fork with one way is none. */
function fork(id: string, branches: readonly Branch[]): Shape {
  const [only] = branches;
  if (branches.length < 2) return only?.shape ?? EMPTY;
  return { kind: 'fork', id, gateway: 'parallel', branches };
}
