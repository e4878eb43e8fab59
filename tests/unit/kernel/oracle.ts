import type { CaseState, FormPart, FormRef, SeatState, StageState, Verdict } from '../../../domain/case.ts';
import type { Block, Limit, Rule, Stage } from '../../../domain/route.ts';
import { CONDITIONS } from './random-forms.ts';

/**
 * The specification of the kernel once more, written apart from it and for clearness alone: what the route of a case is
 * under its form, what its answers make of it, and whom it waits for. The invariants hold the kernel against this.
 */
export interface Part {
  readonly kind: 'stage' | 'sequence' | 'tiers' | 'parallel' | 'for-each';
  readonly id: string;
  readonly parts: readonly Part[];
  readonly provider: string;
  readonly subjects: readonly string[];
  readonly isScoped: boolean;
  readonly stage?: Stage;
  readonly clock?: Limit;
  readonly basis: readonly FormPart[];
}

type Case = Pick<CaseState, 'route' | 'form' | 'provider' | 'frozen'>;

/** The route with its choices made and its branches opened. */
export function partsOf(state: Case): Part {
  const all = (state.form.subjects ?? [{ id: 'all', provider: state.provider, parts: {} }]).filter(
    ({ id }) => !state.frozen.includes(id),
  );
  const open = (
    block: Block,
    scope: {
      suffix: string;
      provider: string;
      subjects: readonly string[];
      isScoped: boolean;
      reads: readonly FormPart[];
    },
  ): Part => {
    const own = {
      id: block.id + scope.suffix,
      ...scope,
      ...(isCounted(block.clock, state.form) ? { clock: block.clock } : {}),
    };
    if (block.kind === 'stage') {
      return { ...own, kind: 'stage', parts: [], stage: block, basis: [...block.basis, ...scope.reads] };
    }
    if (block.kind === 'choice') {
      const meanings = block.branches.map(({ when }) => CONDITIONS.find((one) => one.when === when));
      const reads = [...scope.reads, ...meanings.flatMap((one) => one?.reads ?? [])];
      const index = meanings.findIndex((one) => one?.holds(state.form.facts ?? {}));
      const chosen = index < 0 ? block.otherwise : block.branches[index]?.block;
      return { ...own, kind: 'sequence', parts: chosen ? [open(chosen, { ...scope, reads })] : [], basis: [] };
    }
    if (block.kind !== 'for-each') {
      return { ...own, kind: block.kind, parts: block.blocks.map((inner) => open(inner, scope)), basis: [] };
    }
    const within = all.filter(({ id }) => scope.subjects.includes(id));
    const keys = [...new Set(within.map((one) => (block.over === 'provider' ? one.provider : one.id)))];
    const parts = keys.map((key) => {
      const subjects = within.filter((one) => (block.over === 'provider' ? one.provider : one.id) === key);
      const provider = subjects[0]?.provider ?? scope.provider;
      const ids = subjects.map(({ id }) => id);
      return open(block.block, { ...scope, suffix: `${scope.suffix}@${key}`, provider, subjects: ids, isScoped: true });
    });
    return { ...own, kind: 'for-each', parts, basis: [] };
  };
  const subjects = all.map(({ id }) => id);
  return open(state.route.root, { suffix: '', provider: state.provider, subjects, isScoped: false, reads: [] });
}

/** A limit is one unless it counts from a day that the form does not state. */
function isCounted(limit: Limit | undefined, { dates }: FormRef): limit is Limit {
  return limit !== undefined && (limit.from === undefined || dates?.[limit.from] !== undefined);
}

export function stageParts(part: Part): (Part & { readonly stage: Stage })[] {
  return part.stage ? [{ ...part, stage: part.stage }] : part.parts.flatMap(stageParts);
}

/** From the root down to the part with this id; empty if there is none. */
export function pathOf(root: Part, id: string): readonly Part[] {
  if (root.id === id && root.kind === 'stage') return [root];
  for (const inner of root.parts) {
    const path = pathOf(inner, id);
    if (path.length > 0) return [root, ...path];
  }
  return [];
}

export interface Reading {
  readonly verdict: Verdict | undefined;
  /** Ids of the stages that have to answer now. */
  readonly waits: readonly string[];
  readonly refused: ReadonlySet<string>;
}

/** What the answers so far make of a part, of what is left of its subjects by then. */
export function read(part: Part, stages: CaseState['stages'], gone: ReadonlySet<string> = new Set()): Reading {
  const nothing = { waits: [], refused: new Set<string>() };
  if (part.kind === 'stage') {
    const stage = stages[part.id];
    return stage?.standing === 'decided'
      ? { ...nothing, verdict: stage.verdict }
      : { ...nothing, verdict: undefined, waits: [part.id] };
  }
  if (part.kind === 'sequence') {
    const refused = new Set(gone);
    for (const inner of part.parts) {
      const one = read(inner, stages, refused);
      one.refused.forEach((id) => refused.add(id));
      if (one.verdict !== 'approved') return { ...one, refused };
      if (part.subjects.every((id) => refused.has(id)) && part.subjects.length > 0)
        return { ...nothing, verdict: 'rejected', refused };
    }
    return { ...nothing, verdict: 'approved', refused };
  }
  if (part.kind === 'tiers') {
    const decisive = part.parts.map((inner) => read(inner, stages, gone)).find(({ verdict }) => verdict !== 'rejected');
    return decisive ?? { ...nothing, verdict: 'rejected', refused: gone };
  }
  const live =
    part.kind === 'parallel' ? part.parts : part.parts.filter(({ subjects }) => !subjects.every((id) => gone.has(id)));
  const all = live.map((inner) => ({ inner, ...read(inner, stages, gone) }));
  const lost = all.flatMap(({ inner, verdict, refused: more }) =>
    part.kind === 'for-each' && verdict === 'rejected' ? inner.subjects : [...more],
  );
  const refused = new Set([...gone, ...lost]);
  const waits = all.flatMap((one) => (one.verdict === undefined ? one.waits : []));
  const verdicts = all.map(({ verdict }) => verdict);
  if (part.kind === 'parallel') {
    if (verdicts.includes('rejected')) return { verdict: 'rejected', waits: [], refused };
    if (verdicts.includes(undefined)) return { verdict: undefined, waits, refused };
    const isNothingLeft = part.subjects.length > 0 && part.subjects.every((id) => refused.has(id));
    return { verdict: isNothingLeft ? 'rejected' : 'approved', waits: [], refused };
  }
  if (verdicts.includes(undefined)) return { verdict: undefined, waits, refused };
  return { verdict: verdicts.includes('approved') ? 'approved' : 'rejected', waits: [], refused };
}

/** What a stage's rule says of its answers, in fractions rather than in votes needed. */
export function ruled(rule: Rule, { seats }: Pick<StageState, 'seats'>): Verdict | undefined {
  const counted = seats.filter(({ standing }) => standing !== 'removed');
  const [yes, no] = (['approved', 'rejected'] as const).map(
    (verdict) => counted.filter(({ answer }) => answer?.verdict === verdict).length,
  ) as [number, number];
  const isAwaited = counted.some(({ added, answer }) => added && !answer);
  if (counted.length === 0) return 'rejected';
  if (typeof rule === 'object') {
    const { num, den } = rule.vote;
    if ((counted.length - no) * den < num * counted.length) return 'rejected';
    return yes * den >= num * counted.length && !isAwaited ? 'approved' : undefined;
  }
  if (no > 0) return 'rejected';
  if (rule === 'any')
    return counted.some(({ added, answer }) => !added && answer) && !isAwaited ? 'approved' : undefined;
  return yes === counted.length ? 'approved' : undefined;
}

/** What a person saw of what their signature rests on: the parts, of the subjects decided there. */
export function seenBy({ basis, subjects, isScoped }: Part, form: FormRef): string {
  return basis
    .map((part) => {
      const own = isScoped ? (form.subjects ?? []).filter(({ id }) => subjects.includes(id)) : [];
      const has = own.filter((one) => one.parts[part] !== undefined);
      return has.length === 0 ? `${part}=${form.parts[part]}` : has.map((one) => `${one.id}:${one.parts[part]}`).join();
    })
    .join('|');
}

/** The stage's own seat at the end of a chain of added ones. */
export function rootSeat(seats: readonly SeatState[], seat: SeatState): SeatState {
  const anchor = seat.added && seats.find(({ id }) => id === seat.added?.anchor);
  return anchor ? rootSeat(seats, anchor) : seat;
}
