import { type CaseEvent, type CaseState, type Capacity, type FormPart, type FormRef, type StaffLine } from '../case.ts';
import { addDays, dateIn } from '../civil-date.ts';
import { seatsOf } from '../route.ts';
import { DELIVERY_CLOCK, nextClockMove, startClock } from './clocks.ts';
import { evolve } from './evolve.ts';
import { itemsLeftOut, widenedSince } from './item-answers.ts';
import { passedAlready } from './limits.ts';
import { changedBasis, departmentOf, planOf, type StageNode } from './plan.ts';
import { verdictOfSeats } from './seats.ts';
import { frontierOf, refusedSubjects, verdictOf } from './standing.ts';

/** When things follow, and who holds the roles then. */
export interface Moment {
  readonly at: string;
  readonly staff?: readonly StaffLine[];
}

/**
 * Everything that follows from the events of a command without anybody doing more: stages decided, parked, entered,
 * clocks moved, grants, the end. Returns the given events with those that follow, in order.
 */
export function settle(before: CaseState | undefined, events: readonly CaseEvent[], moment: Moment): CaseEvent[] {
  const all = [...events];
  let state = events.reduce<CaseState | undefined>(evolve, before);
  while (state) {
    const more: readonly CaseEvent[] = follow(state, moment);
    if (more.length === 0) break;
    all.push(...more);
    state = more.reduce<CaseState | undefined>(evolve, state);
  }
  return all;
}

function follow(state: CaseState, moment: Moment): readonly CaseEvent[] {
  if (state.endedAt !== undefined) return [];
  if (state.isAgreed) return followApproval(state, moment);
  const widened = widenedSince(state, moment.at);
  return widened ? [widened] : (followAnswers(state, moment) ?? followRoute(state, moment));
}

/** The case ends once each of this round's grants has its first delivery, or is over without one. */
function followApproval(state: CaseState, { at }: Moment): CaseEvent[] {
  const grants = state.grants.filter(({ subject }) => subject === undefined || !state.frozen.includes(subject));
  const clock = nextClockMove(state, [], at);
  if (clock) return [clock, ...passedAlready(state, clock, at)];
  if (grants.length === 0) return state.closing?.outcome === 'done' ? [{ type: 'ended', at, status: 'completed' }] : [];
  if (grants.some(({ delivery, over }) => delivery?.outcome !== 'delivered' && over === undefined)) return [];
  const delivered = grants.filter(({ delivery }) => delivery?.outcome === 'delivered');
  if (delivered.length === 0) return [{ type: 'ended', at, status: 'undelivered' }];
  // Items that were refused are asked for by a request of their own (R809 Art.25): the resource has been granted.
  if (refusedSubjects(state).size === 0) {
    const isNarrowed = state.grants.some(({ without }) => without !== undefined);
    return [{ type: 'ended', at, status: isNarrowed ? 'partly-completed' : 'completed' }];
  }
  return [{ type: 'ended', at, status: 'partly-completed', ...refileTerm(state, at) }];
}

function refileTerm({ route }: CaseState, at: string): { readonly refileUntil?: string } {
  return route.refileWithin === undefined ? {} : { refileUntil: addDays(dateIn(at), route.refileWithin) };
}

/** The rule of a stage is looked at after everything that may fulfil it, or make it impossible to fulfil. */
function followAnswers(state: CaseState, { at }: Moment): CaseEvent[] | undefined {
  const { stages, root } = planOf(state);
  for (const node of stages) {
    const now = state.stages[node.id];
    if (!now || now.standing === 'decided' || now.standing === 'lapsed') continue;
    const verdict = verdictOfSeats(node.stage, now);
    if (verdict === undefined) continue;
    const copies = verdict === 'approved' ? (node.stage.copies ?? []) : [];
    return [
      { type: 'stageDecided', at, stage: node.id, verdict },
      ...copies.map((to): CaseEvent => ({
        type: 'copied',
        at,
        stage: node.id,
        to: { role: to.role, department: departmentOf(to, node, state.requester) },
      })),
    ];
  }
  if (verdictOf(root, state) !== 'rejected') return undefined;
  const isPartly = state.grants.some(({ delivery }) => delivery?.outcome === 'delivered');
  return [{ type: 'ended', at, status: isPartly ? 'partly-completed' : 'refused', ...refileTerm(state, at) }];
}

/** Parks what may not go on, resumes and enters what may. */
function followRoute(state: CaseState, moment: Moment): readonly CaseEvent[] {
  const { at } = moment;
  const { paths } = planOf(state);
  const dropped = Object.keys(state.stages).find((id) => !paths.has(id) && state.stages[id]?.standing !== 'lapsed');
  if (dropped !== undefined) return [{ type: 'stageDropped', at, stage: dropped }];
  const frontier = frontierOf(state);
  const clock = nextClockMove(state, frontier, at);
  if (clock) return [clock, ...passedAlready(state, clock, at)];
  if (frontier.length === 0) return state.returned ? parkOthers(state, frontier, at) : grants(state, at);
  const parked = parkOthers(state, frontier, at);
  if (parked.length > 0) return parked;
  for (const node of frontier) {
    const now = state.stages[node.id];
    if (now?.standing === 'open') continue;
    return now?.standing === 'parked' ? [{ type: 'stageResumed', at, stage: node.id }] : enter(state, node, moment);
  }
  return [];
}

function parkOthers(state: CaseState, frontier: readonly StageNode[], at: string): CaseEvent[] {
  const other = Object.keys(state.stages).find(
    (id) => state.stages[id]?.standing === 'open' && !frontier.some((node) => node.id === id),
  );
  return other === undefined ? [] : [{ type: 'stageParked', at, stage: other }];
}

/** What was asked for is granted, each subject once; a process without grants is only agreed to. */
function grants(state: CaseState, at: string): CaseEvent[] {
  const { route, caseId, form, frozen } = state;
  if (!route.delivery) return [{ type: 'agreed', at }];
  const refused = refusedSubjects(state);
  const subjects = form.subjects?.filter(({ id }) => !refused.has(id) && !frozen.includes(id));
  const given: readonly CaseEvent[] = subjects
    ? subjects.map(({ id }) => ({
        type: 'granted',
        at,
        grantId: `${caseId}.grant.${id}`,
        subject: id,
        ...withoutItems(state, id),
      }))
    : [{ type: 'granted', at, grantId: `${caseId}.grant`, ...withoutItems(state, undefined) }];
  return [...given, startClock(state, { id: DELIVERY_CLOCK, limit: route.delivery }, at)];
}

function withoutItems(state: CaseState, subject: string | undefined): { readonly without?: readonly string[] } {
  const without = itemsLeftOut(state, subject);
  return without.length > 0 ? { without } : {};
}

/**
 * A stage opens with one seat for each of its specifications, or for each person on the staff where it says so. One that
 * nobody could ever answer is refused at once, rather than approved for want of anyone.
 */
function enter(state: CaseState, node: StageNode, moment: Moment): readonly CaseEvent[] {
  const { at } = moment;
  const activation = (state.stages[node.id]?.activation ?? 0) + 1;
  const [first, ...more] = placesOf(state, node, moment);
  const ref = { at, stage: node.id, activation };
  if (!first) {
    const [spec] = seatsOf(node.stage);
    const seat: Capacity = spec
      ? { role: spec.role, department: departmentOf(spec, node, state.requester) }
      : { role: 'authority', department: state.provider };
    return [
      { type: 'stageEntered', ...ref, seat, holder: 'nobody' },
      { type: 'stageDecided', at, stage: node.id, verdict: 'rejected' },
    ];
  }
  return [
    { type: 'stageEntered', ...ref, seat: first.capacity, ...(first.holder ? { holder: first.holder } : {}) },
    ...more.map(({ capacity, holder }, index): CaseEvent => ({
      type: 'seatOpened',
      ...ref,
      seat: index + 2,
      for: capacity,
      ...(holder ? { holder } : {}),
    })),
  ];
}

interface Place {
  readonly capacity: Capacity;
  readonly holder?: string;
}

/** The seats that a stage opens with, in order; nobody who has a part in the application gets one of their own, nor two. */
function placesOf(state: CaseState, node: StageNode, { staff = [] }: Moment): Place[] {
  const places: Place[] = [];
  const seated = new Set(state.contributors);
  for (const spec of seatsOf(node.stage)) {
    const { role } = spec;
    const capacity: Capacity = { role, department: departmentOf(spec, node, state.requester) };
    if (!spec.each) {
      places.push({ capacity });
      continue;
    }
    const line = staff.find((one) => one.role === role && one.department === capacity.department);
    const people = line?.people.filter((person) => !seated.has(person)) ?? [];
    for (const holder of people) {
      seated.add(holder);
      places.push({ capacity, holder });
    }
  }
  return places;
}

/** The parts that differ between two versions of a form. */
export function changedParts(before: FormRef, after: FormRef): FormPart[] {
  const parts = new Set([...Object.keys(before.parts), ...Object.keys(after.parts)]);
  return [...parts].filter((part) => before.parts[part] !== after.parts[part]);
}

/** A signature stands as long as what it rests on: the stages whose basis the change touches lose theirs. */
export function lapses(state: CaseState, form: FormRef, at: string): CaseEvent[] {
  const { paths } = planOf({ ...state, form });
  return planOf(state).stages.flatMap((node): CaseEvent[] => {
    const now = state.stages[node.id];
    const isSigned = now?.standing === 'decided' || now?.seats.some(({ answer }) => answer);
    if (!isSigned) return [];
    // What came into a branch was not there to be signed, what went out of it was: both are other than what was seen.
    const next = paths.get(node.id)?.at(-1) ?? node;
    const both = [...changedBasis(node, state.form, form), ...changedBasis(next, state.form, form)];
    const changed = [...new Set([...node.basis, ...next.basis])].filter((part) => both.includes(part));
    return changed.length > 0 ? [{ type: 'signatureLapsed', at, stage: node.id, changed }] : [];
  });
}
