import type { CaseEvent, CaseState, CaseStatus, ClockState, GrantGiven } from '../case.ts';
import { clockAfter } from './clock-after.ts';
import { copyOf } from './copy.ts';
import { evolveStage, isStageEvent, withForm } from './evolve-stage.ts';

/** The state after an event. Total over every event that `decide` has ever produced; it judges nothing. */
export function evolve(before: CaseState | undefined, event: CaseEvent): CaseState {
  if (event.type === 'filed') return filed(event);
  if (before === undefined) throw new Error(`A case begins with filed, not with ${event.type}`);
  const state = isStageEvent(event) ? evolveStage(before, event) : next(before, event);
  const status = statusOf(state);
  if (status === state.status) return state;
  const copy = copyOf(state);
  copy.status = status;
  return copy;
}

function filed(event: Extract<CaseEvent, { type: 'filed' }>): CaseState {
  const { caseId, process, route, calendar, requester, provider, form, actor, at, onBehalf, about, label } = event;
  return {
    caseId,
    process,
    status: 'in-approval',
    route,
    calendar,
    requester,
    provider,
    applicant: onBehalf ?? actor,
    contributors: onBehalf === undefined ? [actor] : [onBehalf, actor],
    form,
    openedAt: at,
    round: 1,
    stages: {},
    clocks: {},
    extensions: {},
    supplements: {},
    noticesGiven: [],
    isAgreed: false,
    grants: [],
    frozen: [],
    ...(about ? { about } : {}),
    ...(label ? { label } : {}),
  };
}

type CaseWide = Exclude<CaseEvent, { type: 'filed' } | Parameters<typeof evolveStage>[1]>;

function next(state: CaseState, event: CaseWide): CaseState {
  switch (event.type) {
    case 'copied':
    case 'withdrawn':
    case 'terminated':
    case 'commented':
    case 'escalated':
      return state;
    case 'resubmitted': {
      const { returned: _, ...rest } = state;
      return withForm(rest, event);
    }
    case 'refiled':
      return refiled(state, event);
    case 'urged':
      return { ...state, urgedOn: event.at };
    case 'suspended':
      return { ...state, suspended: { at: event.at, reviewOn: event.reviewOn, isReviewDue: false } };
    case 'reviewDue':
      return state.suspended ? { ...state, suspended: { ...state.suspended, isReviewDue: true } } : state;
    case 'resumed': {
      const { suspended: _, ...rest } = state;
      return rest;
    }
    case 'extensionAsked':
      return withExtension(state, event.clock, { days: event.days, standing: 'asked' });
    case 'extensionGranted':
      return withExtension(state, event.clock, { days: event.days, standing: 'granted' });
    case 'extensionRefused':
      return withExtension(state, event.clock, { days: state.extensions[event.clock]?.days ?? 0, standing: 'refused' });
    case 'migrated':
      return { ...state, route: event.route };
    case 'calendarChanged':
      return { ...state, calendar: event.calendar };
    case 'clockMoved':
      return withClocks(state, event.clock, clockAfter(state.clocks[event.clock], event));
    case 'limitPassed':
      return withClock(state, event.clock, { passedAt: event.at });
    case 'reminded':
      return withClock(state, event.clock, { reminded: [...(state.clocks[event.clock]?.reminded ?? []), event.left] });
    case 'granted': {
      const { grantId: id, subject, without } = event;
      const grant: GrantGiven = { id, ...(subject ? { subject } : {}), ...(without ? { without } : {}) };
      const copy = copyOf(state);
      copy.isAgreed = true;
      copy.grants = [...state.grants, grant];
      return copy;
    }
    case 'agreed':
      return { ...state, isAgreed: true };
    case 'closingReported': {
      const { outcome, code } = event;
      return { ...state, closing: { outcome, ...(code === undefined ? {} : { code }) } };
    }
    case 'deliveryReported': {
      const { type: _, at: __, ...delivery } = event;
      return withGrant(state, grantOfDelivery(state, delivery.deliveryId), { delivery });
    }
    case 'grantOver':
      return withGrant(state, event.grantId ?? state.grants[0]?.id, { over: event.how });
    case 'ended':
      return ended(state, event);
    case 'closed': {
      const { refileUntil: _, ...rest } = state;
      return rest;
    }
  }
}

/** Deliveries are numbered under their grant: `<grant>.<n>`. */
export function grantOfDelivery({ grants }: Pick<CaseState, 'grants'>, deliveryId: string): string | undefined {
  return grants.find(({ id }) => deliveryId.startsWith(`${id}.`) && !deliveryId.slice(id.length + 1).includes('.'))?.id;
}

function withGrant(state: CaseState, grantId: string | undefined, change: Partial<GrantGiven>): CaseState {
  return { ...state, grants: state.grants.map((grant) => (grant.id === grantId ? { ...grant, ...change } : grant)) };
}

function withClock(state: CaseState, id: string, change: Partial<CaseState['clocks'][string]>): CaseState {
  const clock = state.clocks[id];
  if (!clock) throw new Error(`No clock ${id}`);
  return withClocks(state, id, { ...clock, ...change });
}

function withClocks(state: CaseState, id: string, clock: ClockState): CaseState {
  const clocks: Record<string, ClockState> = { ...state.clocks };
  clocks[id] = clock;
  const copy = copyOf(state);
  copy.clocks = clocks;
  return copy;
}

function withExtension(state: CaseState, clock: string, extension: CaseState['extensions'][string]): CaseState {
  return { ...state, extensions: { ...state.extensions, [clock]: extension } };
}

/** What was granted stays granted; what was refused is decided again. */
function refiled(state: CaseState, event: Extract<CaseEvent, { type: 'refiled' }>): CaseState {
  const { endedAt: _, refileUntil: __, closing: ___, ...rest } = state;
  const granted = state.grants.flatMap(({ subject }) => subject ?? []);
  return {
    ...withForm(rest, event),
    round: event.round,
    isAgreed: false,
    noticesGiven: [],
    extensions: {},
    frozen: [...new Set([...state.frozen, ...granted])],
  };
}

function ended(state: CaseState, { status, at, refileUntil }: Extract<CaseEvent, { type: 'ended' }>): CaseState {
  const { suspended: _, returned: __, ...rest } = state;
  const clocks = Object.fromEntries(
    Object.entries(state.clocks).map(([id, clock]) => [id, { ...clock, stopped: true }]),
  );
  return {
    ...rest,
    status,
    endedAt: at,
    clocks,
    supplements: {},
    ...(refileUntil === undefined ? {} : { refileUntil }),
  };
}

function statusOf(state: CaseState): CaseStatus {
  const isFrozen = (subject: string | undefined): boolean => subject !== undefined && state.frozen.includes(subject);
  if (state.endedAt !== undefined) return state.status;
  if (state.suspended) return 'suspended';
  if (state.isAgreed) {
    if (state.grants.length === 0) return 'closing';
    const failed = state.grants.some(({ delivery, subject }) => delivery?.outcome === 'failed' && !isFrozen(subject));
    return failed ? 'delivery-failed' : 'delivering';
  }
  if (state.returned) return 'returned';
  return Object.keys(state.supplements).length > 0 ? 'awaiting-supplement' : 'in-approval';
}
