import { addWorkingDays, endOfDay } from '../calendar.ts';
import { canonicalJson } from '../canonical.ts';
import type { CaseEvent, CaseState, Command, PersonAction, SystemAction } from '../case.ts';
import { epochMilliseconds } from '../civil-date.ts';
import { refuse } from '../machine.ts';
import type { Route } from '../route.ts';
import { faultsOfRoute } from '../route-check.ts';
import { recounted } from './clocks.ts';
import { grantOfDelivery } from './evolve.ts';
import { limitPassed } from './limits.ts';
import { isAuthority, type Of, type Outcome, signed } from './holding.ts';
import { type Node, planOf, tryPlan } from './plan.ts';
import { settle } from './settle.ts';

/** What the platform notes decides nothing about the request: a passed limit is counted, never an approval by silence. */
export function note(state: CaseState, at: string, action: SystemAction): Outcome {
  switch (action.action) {
    case 'passLimit':
      return passLimit(state, at, action);
    case 'remind':
      return remind(state, at, action);
    case 'remindReview': {
      const { suspended } = state;
      if (!suspended || suspended.isReviewDue || suspended.reviewOn !== action.reviewOn) return [];
      return [{ type: 'reviewDue', at, reviewOn: action.reviewOn }];
    }
    case 'close':
      return state.refileUntil === undefined ? [] : [{ type: 'closed', at }];
    case 'recount': {
      const { calendar } = action;
      if (calendar.version <= state.calendar.version) return [];
      return [{ type: 'calendarChanged', at, calendar }, ...recounted(state, calendar, at)];
    }
    case 'reportDelivery': {
      const { report } = action;
      return grantOfDelivery(state, report.deliveryId) === undefined
        ? []
        : [{ type: 'deliveryReported', at, ...report }];
    }
    case 'reportGrantOver': {
      const { how, grantId } = action;
      if (state.grants.length === 0) return [];
      return [{ type: 'grantOver', at, how, ...(grantId === undefined ? {} : { grantId }) }];
    }
    case 'reportClosing': {
      if (!state.isAgreed || state.grants.length > 0) return [];
      const { outcome, code } = action;
      return [{ type: 'closingReported', at, outcome, ...(code === undefined ? {} : { code }) }];
    }
  }
}

function passLimit(state: CaseState, at: string, action: Of<SystemAction, 'passLimit'>): CaseEvent[] {
  const clock = state.clocks[action.clock];
  const stale = !clock || clock.stopped || clock.pausedFor.length > 0 || clock.dueOn !== action.dueOn;
  return stale || clock.passedAt !== undefined ? [] : limitPassed(clock, at);
}

/** Of several reminders that are due by now, as after an outage, only the latest is given. */
function remind(state: CaseState, at: string, action: Of<SystemAction, 'remind'>): CaseEvent[] {
  const clock = state.clocks[action.clock];
  if (!clock || clock.stopped || clock.pausedFor.length > 0 || clock.passedAt !== undefined) return [];
  if (clock.dueOn !== action.dueOn) return [];
  const due = (clock.limit.remind ?? []).filter((left) => {
    const on = addWorkingDays(state.calendar, clock.dueOn, -left);
    return left > 0 && epochMilliseconds(endOfDay(on)) <= epochMilliseconds(at);
  });
  const left = Math.min(...due);
  if (due.length === 0 || clock.reminded.some((given) => given <= left)) return [];
  return [{ type: 'reminded', at, clock: clock.clock, dueOn: clock.dueOn, left }];
}

/**
 * Moves a running case to another version of its route. Stages that the new route does not have lose their signatures,
 * seats and waits; signatures whose basis or seats are other ones lapse. Refused if the move itself would decide or end
 * the case: that is for people.
 */
export function migrate(state: CaseState, command: Command, { route }: Of<PersonAction, 'migrate'>): Outcome {
  const capacity = isAuthority(command);
  if (!capacity) return refuse('NotTheAuthority');
  if (state.isAgreed) return refuse('AlreadyGranted');
  if (route.id !== state.route.id || route.version === state.route.version)
    return refuse('NotAnotherVersion', '/route');
  if (faultsOfRoute(route).length > 0) return refuse('RouteUnsound', '/route');
  const { at } = command;
  const events: CaseEvent[] = [
    { type: 'migrated', route, ...signed(command, capacity) },
    ...restless(state, route, at),
  ];
  const all = trySettle(state, events, command);
  if (!all) return refuse('FactsMissing', '/route');
  return all.some(({ type }) => DECIDING.has(type)) ? refuse('MigrationDecides', '/route') : events;
}

const DECIDING: ReadonlySet<string> = new Set(['stageDecided', 'granted', 'agreed', 'ended']);

function trySettle(state: CaseState, events: readonly CaseEvent[], { at, staff }: Command): CaseEvent[] | undefined {
  try {
    return settle(state, events, staff ? { at, staff } : { at });
  } catch {
    return undefined;
  }
}

/** The stages that the new route has in another form: who signs, how many, or what a signature rests on. */
function restless(state: CaseState, route: Route, at: string): CaseEvent[] {
  const paths = tryPlan({ ...state, route })?.paths;
  if (!paths) return [];
  return planOf(state).stages.flatMap((node): CaseEvent[] => {
    const now = state.stages[node.id];
    const next = paths.get(node.id)?.at(-1);
    if (!now || now.standing === 'lapsed' || !next?.stage) return [];
    const same = whoSigns(node) === whoSigns(next);
    const changed = next.basis.filter((part) => !node.basis.includes(part));
    return same && changed.length === 0 ? [] : [{ type: 'signatureLapsed', at, stage: node.id, changed }];
  });
}

/** Who signs at a stage, of what, and how many of them have to: a text that differs if any of these does. */
function whoSigns({ stage, provider, subjects }: Node): string {
  return canonicalJson({ seat: stage?.seat, rule: stage?.rule, provider, subjects });
}

/** What a move of a case to another version of its route would do, without doing it. */
export function migrationPreview(
  state: CaseState,
  command: Command,
  route: Route,
): { readonly refusal: string } | { readonly lapsed: readonly string[]; readonly dropped: readonly string[] } {
  const outcome = migrate(state, command, { action: 'migrate', route });
  if ('refusal' in outcome) return { refusal: outcome.refusal.code };
  const { at, staff } = command;
  const all = settle(state, outcome, staff ? { at, staff } : { at });
  const signed = (stage: string): boolean => state.stages[stage]?.seats.some(({ answer }) => answer) ?? false;
  const of = (type: CaseEvent['type']): string[] =>
    all.flatMap((event) => (event.type === type && 'stage' in event && event.stage ? [event.stage] : []));
  return { lapsed: of('signatureLapsed').filter(signed), dropped: of('stageDropped') };
}
