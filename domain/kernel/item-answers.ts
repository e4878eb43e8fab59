import type { Answer, CaseEvent, CaseState, ItemRef, RefusedItem, StageState } from '../case.ts';
import { digestOf } from '../digest.ts';
import type { RefusalCode } from '../machine.ts';
import { planOf, type StageNode } from './plan.ts';
import { stagesBefore } from './standing.ts';

/** One item that a standing approval leaves out, with where and by whom. */
export interface StandingRefusal extends RefusedItem {
  readonly stage: string;
  readonly seat: number;
  readonly answer: Answer;
}

/** Something wrong with the items that an approval leaves out; `pointer` is a JSON pointer into the body of the action. */
export interface ItemFault {
  readonly code: RefusalCode;
  readonly pointer: string;
}

/**
 * What the approvals that stand leave out, in route order. Each holds for itself: the grant covers what every one of them
 * agrees to, and no approval gives back what another took away.
 */
export function standingRefusals(state: CaseState): StandingRefusal[] {
  // Most cases have none, and their plan need not be made to see it.
  const has = Object.values(state.stages).some(({ seats }) => seats.some(({ answer }) => answer?.refused));
  if (!has) return [];
  return planOf(state).stages.flatMap(({ id }) => refusalsAt(id, state.stages[id]));
}

function refusalsAt(stage: string, now: StageState | undefined): StandingRefusal[] {
  if (!now || now.verdict === 'rejected') return [];
  return now.seats.flatMap(({ id: seat, answer }) =>
    answer?.verdict === 'approved' ? (answer.refused ?? []).map((one) => ({ ...one, stage, seat, answer })) : [],
  );
}

/** Ids of the items that are left out of a resource; `subject` where the form asks for several. */
export function itemsLeftOut(state: CaseState, subject: string | undefined): string[] {
  const ids = standingRefusals(state).filter((one) => one.subject === subject);
  return [...new Set(ids.map(({ itemId }) => itemId))];
}

/** What the stages before one have left out of what it decides. */
export function leftOutBefore(state: CaseState, node: StageNode): ItemRef[] {
  const { subjects } = node;
  const earlier = stagesBefore(state, node.id).flatMap(({ id }) => refusalsAt(id, state.stages[id]));
  const own = earlier.filter(({ subject }) => subject === undefined || (subjects?.includes(subject) ?? true));
  const refs = own.map(({ itemId, subject }) => refOf(itemId, subject));
  return [...new Map(refs.map((one) => [keyOf(one), one])).values()];
}

/**
 * The digest of what somebody has before them who decides now: that of the form, and with it of every item that an approval
 * has left out. So nobody signs under their eyes what another has narrowed since.
 */
export function seenOf(state: CaseState): string {
  const refused = standingRefusals(state);
  if (refused.length === 0) return state.form.digest;
  const out = refused.map(({ stage, seat, answer: _, ...one }) => ({ ...one, stage, seat }));
  return digestOf({ form: state.form.digest, refused: out });
}

/** Every fault of the items that an approval would leave out, at once; none means that it may be signed. */
export function itemFaults(state: CaseState, node: StageNode, refused: readonly RefusedItem[]): ItemFault[] {
  if (refused.length === 0) return [];
  if (!isByItem(state, node)) return [{ code: 'ItemsWhole', pointer: '/refused' }];
  const asked = openItems(state, node);
  const named = new Set<string>();
  const faults = refused.flatMap((one, at): ItemFault[] => {
    const key = keyOf(one);
    const resource = asked.find(({ subject }) => subject === one.subject);
    const isOpen = resource?.items.includes(one.itemId) === true;
    const isTwice = named.has(key);
    named.add(key);
    const code: RefusalCode | undefined = !isOpen
      ? 'ItemNotAsked'
      : isTwice
        ? 'ItemTwice'
        : resource.scopedBy.includes(one.itemId)
          ? 'ScopeNeedsItem'
          : undefined;
    return [
      ...(code ? [{ code, pointer: `/refused/${at}/itemId` }] : []),
      ...(one.reason.trim() === '' ? [{ code: 'ReasonMissing' as const, pointer: `/refused/${at}/reason` }] : []),
    ];
  });
  const out = new Set([...standingRefusals(state).map(keyOf), ...named]);
  const isNothingLeft = asked.some(
    ({ subject, items }) =>
      refused.some((one) => one.subject === subject) && items.every((itemId) => out.has(keyOf(refOf(itemId, subject)))),
  );
  return isNothingLeft ? [...faults, { code: 'NothingLeft', pointer: '/refused' }] : faults;
}

/** What may be decided item by item at a stage now. */
export interface OpenItems {
  /** The resource, where the form asks for several. */
  readonly subject?: string;
  /** Ids of the items that are left by those before, in the form's order. */
  readonly items: readonly string[];
  /** Those of them that the row scope cannot do without. */
  readonly scopedBy: readonly string[];
}

/** The items that somebody at a stage decides on, resource by resource; none where it answers as a whole. */
export function openItems(state: CaseState, node: StageNode): OpenItems[] {
  if (!isByItem(state, node)) return [];
  const gone = new Set(leftOutBefore(state, node).map(keyOf));
  return askedAt(state, node).map(({ subject, items = [], scopedBy = [] }) => ({
    ...(subject === undefined ? {} : { subject }),
    items: items.filter((itemId) => !gone.has(keyOf(refOf(itemId, subject)))),
    scopedBy,
  }));
}

function isByItem(state: CaseState, node: StageNode): boolean {
  return node.basis.includes('items') && askedAt(state, node).every(({ items }) => items !== undefined);
}

interface Asked {
  readonly subject?: string;
  readonly items?: readonly string[];
  readonly scopedBy?: readonly string[];
}

/** What of the form is decided at a stage, resource by resource. */
function askedAt({ form, frozen }: CaseState, { subjects }: StageNode): readonly Asked[] {
  if (!form.subjects) return [form];
  return form.subjects
    .filter(({ id }) => (subjects?.includes(id) ?? true) && !frozen.includes(id))
    .map(({ id, ...own }) => ({ ...own, subject: id }));
}

/**
 * Signatures that were given while earlier stages had left something out which by now they agree to: nobody there has ever
 * agreed to it, so they have to be given anew. Looked at once all that comes before has been decided again, so that a
 * narrowing that is repeated costs nobody theirs. What is narrower by now has been agreed to with the rest.
 */
export function widenedSince(state: CaseState, at: string): CaseEvent | undefined {
  const rested = Object.entries(state.stages).filter(([, { standing, seats }]) => {
    return standing !== 'lapsed' && seats.some(({ answer }) => answer?.without !== undefined);
  });
  if (rested.length === 0) return undefined;
  const nodes = planOf(state).stages;
  for (const [stage, { seats }] of rested) {
    const node = nodes.find(({ id }) => id === stage);
    const isOpenBefore = stagesBefore(state, stage).some(({ id }) => state.stages[id]?.standing !== 'decided');
    if (!node || isOpenBefore) continue;
    const now = new Set(leftOutBefore(state, node).map(keyOf));
    const isWider = seats.some(({ answer }) => answer?.without?.some((one) => !now.has(keyOf(one))));
    if (isWider) return { type: 'signatureLapsed', at, stage, changed: ['items'] };
  }
  return undefined;
}

function refOf(itemId: string, subject: string | undefined): ItemRef {
  return subject === undefined ? { itemId } : { itemId, subject };
}

function keyOf({ itemId, subject }: ItemRef): string {
  return subject === undefined ? itemId : `${subject}\n${itemId}`;
}
