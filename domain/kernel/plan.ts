import type { CaseState, FormPart, FormRef } from '../case.ts';
import { conditionHolds, partsReadBy } from '../condition.ts';
import type { Block, Choice, ForEach, Limit, Route, SeatSpec, Stage } from '../route.ts';

/** A block of a route as it stands for one case: choices made, a for-each spread out into its branches. */
export interface Node {
  readonly kind: 'stage' | 'sequence' | 'tiers' | 'parallel' | 'for-each';
  /** The block's id, with the key of every for-each branch around it: `provider-lead@public-security`. */
  readonly id: string;
  readonly nodes: readonly Node[];
  /** Whether a for-each is inside, so that some of the subjects may be refused here and the rest go on. */
  readonly splits: boolean;
  readonly clock?: Limit;
  readonly stage?: Stage;
  /** Which department `provider` is in here. */
  readonly provider: string;
  /** The subjects that are decided here; absent: everything that is asked for. */
  readonly subjects?: readonly string[];
  /** For a stage: the parts of the form that a signature rests on, those included that the choices around it read. */
  readonly basis: readonly FormPart[];
}

export type StageNode = Node & { readonly stage: Stage };

/** The route of a case, ready to be walked. */
export interface Plan {
  readonly root: Node;
  /** The stages in route order. */
  readonly stages: readonly StageNode[];
  /** From the root down to the stage, both included. */
  readonly paths: ReadonlyMap<string, readonly Node[]>;
  /** The nodes that have a clock, outer before inner. */
  readonly clocked: readonly (Node & { readonly clock: Limit })[];
}

/** Everything in a case that its plan follows from. */
type Planned = Pick<CaseState, 'route' | 'form' | 'provider' | 'frozen'>;

const known = new WeakMap<Route, WeakMap<FormRef, Known>>();

interface Known {
  readonly frozen: readonly string[];
  readonly plan: Plan;
}

/** The plan of a case. It follows from route, form and what is frozen alone, and is worked out once for each. */
export function planOf(state: Planned): Plan {
  const { route, form, frozen } = state;
  let ofRoute = known.get(route);
  if (!ofRoute) known.set(route, (ofRoute = new WeakMap()));
  const before = ofRoute.get(form);
  if (before && before.frozen === frozen) return before.plan;
  const plan = unfold(state);
  ofRoute.set(form, { frozen, plan });
  return plan;
}

/** As `planOf`; undefined where a condition asks for a fact that the form does not have. */
export function tryPlan(state: Planned): Plan | undefined {
  try {
    return planOf(state);
  } catch {
    return undefined;
  }
}

export function stageNode(state: Planned, id: string): StageNode | undefined {
  const node = planOf(state).paths.get(id)?.at(-1);
  return node && isStage(node) ? node : undefined;
}

export function isStage(node: Node): node is StageNode {
  return node.stage !== undefined;
}

/** The stages inside a node, in route order. */
export function stagesIn(node: Node): StageNode[] {
  return isStage(node) ? [node] : node.nodes.flatMap(stagesIn);
}

interface Scope {
  readonly suffix: string;
  readonly provider: string;
  readonly subjects?: readonly string[];
  readonly reads: readonly FormPart[];
}

/** Throws if a condition asks for a fact that the form does not have. */
function unfold(state: Planned): Plan {
  const root = nodeOf(state.route.root, { suffix: '', provider: state.provider, reads: [] }, state);
  const paths = new Map<string, readonly Node[]>();
  const stages: StageNode[] = [];
  const clocked: (Node & { readonly clock: Limit })[] = [];
  const visit = (node: Node, above: readonly Node[]): void => {
    const path = [...above, node];
    if (node.clock) clocked.push(node as Node & { readonly clock: Limit });
    if (isStage(node)) {
      stages.push(node);
      paths.set(node.id, path);
    }
    node.nodes.forEach((inner) => visit(inner, path));
  };
  visit(root, []);
  return { root, stages, paths, clocked };
}

function nodeOf(block: Block, scope: Scope, state: Planned): Node {
  const { suffix, provider, subjects, reads } = scope;
  const clock = limitOf(block, state.form);
  const own = {
    id: `${block.id}${suffix}`,
    provider,
    ...(subjects ? { subjects } : {}),
    ...(clock ? { clock } : {}),
    basis: [],
  };
  switch (block.kind) {
    case 'stage':
      return {
        ...own,
        kind: 'stage',
        nodes: [],
        splits: false,
        stage: block,
        basis: [...new Set([...block.basis, ...reads])],
      };
    case 'sequence':
    case 'tiers':
    case 'parallel':
      return group(
        own,
        block.kind,
        block.blocks.map((inner) => nodeOf(inner, scope, state)),
      );
    case 'for-each':
      return group(own, 'for-each', branchesOf(block, scope, state));
    case 'choice': {
      const inside = { ...scope, reads: [...reads, ...block.branches.flatMap(({ when }) => partsReadBy(when))] };
      const chosen = chosenOf(block, state.form);
      return group(own, 'sequence', chosen ? [nodeOf(chosen, inside, state)] : []);
    }
  }
}

/** A limit from a day that the form does not state is none. */
function limitOf({ clock }: Block, form: FormRef): Limit | undefined {
  return clock?.from !== undefined && dayNamed(form, clock.from) === undefined ? undefined : clock;
}

/** The day that a form states under this name. */
export function dayNamed({ dates = {} }: FormRef, name: string): string | undefined {
  return Object.hasOwn(dates, name) ? dates[name] : undefined;
}

function group(own: Omit<Node, 'kind' | 'nodes' | 'splits'>, kind: Node['kind'], nodes: readonly Node[]): Node {
  return { ...own, kind, nodes, splits: kind === 'for-each' || nodes.some(({ splits }) => splits) };
}

function chosenOf({ branches, otherwise }: Choice, { facts = {} }: FormRef): Block | undefined {
  return branches.find(({ when }) => conditionHolds(when, facts))?.block ?? otherwise;
}

/** A form that names no subjects is about one thing, of the case's provider. */
function branchesOf({ over, block }: ForEach, scope: Scope, state: Planned): Node[] {
  const { frozen, form } = state;
  const subjects = (form.subjects ?? [{ id: 'all', provider: state.provider }]).filter(
    ({ id }) => !frozen.includes(id) && (scope.subjects?.includes(id) ?? true),
  );
  const keyOf = (subject: (typeof subjects)[number]) => (over === 'provider' ? subject.provider : subject.id);
  return [...new Set(subjects.map(keyOf))].map((key) => {
    const own = subjects.filter((subject) => keyOf(subject) === key);
    const provider = own[0]?.provider ?? scope.provider;
    const suffix = `${scope.suffix}@${key}`;
    return nodeOf(block, { ...scope, suffix, provider, subjects: own.map(({ id }) => id) }, state);
  });
}

/** The department that a seat's specification means at a node. */
export function departmentOf({ department }: SeatSpec, node: Node, requester: string): string {
  if (department === 'requester') return requester;
  return department === 'provider' ? node.provider : department;
}

/** The parts of a stage's basis that differ between two versions of a form; each branch looks at its own subjects only. */
export function changedBasis(node: Node, before: FormRef, after: FormRef): FormPart[] {
  return node.basis.filter((part) => digestAt(node, part, before) !== digestAt(node, part, after));
}

function digestAt({ subjects }: Node, part: FormPart, form: FormRef): string {
  if (!subjects || !form.subjects) return form.parts[part] ?? '';
  const own = form.subjects.filter(({ id }) => subjects.includes(id));
  if (own.every((subject) => subject.parts[part] === undefined)) return form.parts[part] ?? '';
  return own.map((subject) => `${subject.id} ${subject.parts[part] ?? ''}`).join('\n');
}
