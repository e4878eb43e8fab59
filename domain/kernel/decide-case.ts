import { dateIn, endOfDay } from '../calendar.ts';
import {
  type Capacity,
  type CaseAction,
  type CaseEvent,
  type CaseState,
  type Command,
  type WholeCaseAction,
} from '../case.ts';
import { epochMilliseconds, isDate } from '../civil-date.ts';
import { refuse } from '../machine.ts';
import { extend } from './clocks.ts';
import { holds, isAuthority, isHolder, type Of, type Outcome, peopleOf, principalOf, signed } from './holding.ts';
import { planOf } from './plan.ts';
import { frontierOf } from './standing.ts';

const CONDUCTS = [
  'withdraw',
  'urge',
  'copy',
  'comment',
  'suspend',
  'resume',
  'terminate',
  'askExtension',
  'grantExtension',
  'refuseExtension',
] as const;
export type Conduct = Of<WholeCaseAction, (typeof CONDUCTS)[number]>;

export function isConduct(action: CaseAction): action is Conduct {
  return (CONDUCTS as readonly string[]).includes(action.action);
}

/** How the case as a whole is conducted, without deciding what it asks for. */
export function conduct(state: CaseState, command: Command, action: Conduct): Outcome {
  switch (action.action) {
    case 'withdraw':
      return withdraw(state, command, action);
    case 'urge':
      return urge(state, command, action);
    case 'copy':
      return copy(state, command, action);
    case 'comment':
      return comment(state, command, action);
    case 'suspend':
      return suspend(state, command, action);
    case 'resume':
      if (!state.suspended) return refuse('NotSuspended');
      return byAuthority(command, action, (by, { reason }) => [{ type: 'resumed', reason, ...by }]);
    case 'terminate':
      if (state.isAgreed) return refuse('AlreadyGranted');
      return byAuthority(command, action, (by, { reason }) => [
        { type: 'terminated', reason, ...by },
        { type: 'ended', at: command.at, status: 'terminated' },
      ]);
    case 'askExtension':
      return askExtension(state, command, action);
    case 'grantExtension':
    case 'refuseExtension':
      return answerExtension(state, command, action);
  }
}

function withdraw(state: CaseState, command: Command, { reason }: Of<Conduct, 'withdraw'>): Outcome {
  if (principalOf(command).person !== state.applicant) return refuse('NotTheApplicant');
  if (state.isAgreed) return refuse('AlreadyGranted');
  const withdrawn: CaseEvent = { type: 'withdrawn', ...signed(command, applicantOf(state)), reason };
  return [withdrawn, { type: 'ended', at: command.at, status: 'withdrawn' }];
}

/** Once a day is a reminder, more is noise. */
function urge(state: CaseState, command: Command, { note }: Of<Conduct, 'urge'>): Outcome {
  const isApplicant = principalOf(command).person === state.applicant;
  const capacity = isApplicant ? applicantOf(state) : isAuthority(command);
  if (!capacity) return refuse('NotTheApplicant');
  const stages = frontierOf(state)
    .filter(({ id }) => !state.supplements[id])
    .map(({ id }) => id);
  if (stages.length === 0) return refuse('NobodyToUrge');
  if (state.urgedOn !== undefined && dateIn(state.urgedOn) === dateIn(command.at)) return refuse('UrgedToday');
  return [{ type: 'urged', stages, ...(note ? { note } : {}), ...signed(command, capacity) }];
}

/** 抄送. That it goes to departments that are parties, or to the authority's, is seen to by whoever knows the departments. */
function copy(state: CaseState, command: Command, { to, note }: Of<Conduct, 'copy'>): Outcome {
  const capacity = partyOf(state, command);
  if (!capacity) return refuse('NotAParty');
  if (to.length === 0) return refuse('NobodyNamed', '/to');
  const by = signed(command, capacity);
  return to.map((one): CaseEvent => ({ type: 'copied', to: one, ...(note ? { note } : {}), ...by }));
}

function comment(state: CaseState, command: Command, { text }: Of<Conduct, 'comment'>): Outcome {
  const capacity = partyOf(state, command);
  if (!capacity) return refuse('NotAParty');
  if (text.trim() === '') return refuse('CommentMissing', '/text');
  return [{ type: 'commented', text, ...signed(command, capacity) }];
}

function suspend(state: CaseState, command: Command, action: Of<Conduct, 'suspend'>): Outcome {
  const { reviewOn } = action;
  if (state.isAgreed) return refuse('AlreadyGranted');
  const isLater = isDate(reviewOn) && epochMilliseconds(endOfDay(reviewOn)) > epochMilliseconds(command.at);
  if (!isLater) return refuse('ReviewNotLater', '/reviewOn');
  return byAuthority(command, action, (by, { reason }) => [{ type: 'suspended', reason, reviewOn, ...by }]);
}

/** What the authority alone may do with a case, for a reason that it states. */
function byAuthority<A extends { readonly reason: string }>(
  command: Command,
  action: A,
  events: (by: ReturnType<typeof signed>, action: A) => readonly CaseEvent[],
): Outcome {
  const capacity = isAuthority(command);
  if (!capacity) return refuse('NotTheAuthority');
  if (action.reason.trim() === '') return refuse('ReasonMissing', '/reason');
  return events(signed(command, capacity), action);
}

/** R809 Art.22: once, before the limit is over, by somebody who holds the case under it. */
function askExtension(state: CaseState, command: Command, action: Of<Conduct, 'askExtension'>): Outcome {
  const { clock: id, days, reason } = action;
  const clock = state.clocks[id];
  if (!clock || clock.stopped) return refuse('NoSuchClock', '/clock');
  const capacity = holderUnder(state, command, id);
  if (!capacity) return refuse('NotYourTask');
  const most = clock.limit.extension ?? 0;
  if (most === 0) return refuse('NotExtendable', '/clock');
  if (state.extensions[id]) return refuse('ExtensionAsked', '/clock');
  if (clock.passedAt !== undefined) return refuse('LimitPassed', '/clock');
  if (!Number.isInteger(days) || days < 1 || days > most) return refuse('TooManyDays', '/days');
  if (reason.trim() === '') return refuse('ReasonMissing', '/reason');
  return [{ type: 'extensionAsked', clock: id, days, reason, ...signed(command, capacity) }];
}

function holderUnder(state: CaseState, command: Command, clock: string): Capacity | undefined {
  const { paths } = planOf(state);
  for (const node of frontierOf(state)) {
    const stage = state.stages[node.id];
    if (stage?.standing !== 'open' || !paths.get(node.id)?.some(({ id }) => id === clock)) continue;
    const { activation } = stage;
    const seat = stage.seats.find(
      (one) => one.standing === 'open' && isHolder({ node, seat: one, ref: { stage: node.id, activation } }, command),
    );
    if (seat && !peopleOf(command).some((person) => state.contributors.includes(person))) return seat.capacity;
  }
  return undefined;
}

function answerExtension(
  state: CaseState,
  command: Command,
  action: Of<Conduct, 'grantExtension' | 'refuseExtension'>,
): Outcome {
  const capacity = isAuthority(command);
  if (!capacity) return refuse('NotTheAuthority');
  const [clock, asked] = [state.clocks[action.clock], state.extensions[action.clock]];
  if (!clock || clock.stopped || asked?.standing !== 'asked') return refuse('NoExtensionAsked', '/clock');
  const by = signed(command, capacity);
  if (action.action === 'refuseExtension') {
    if (action.reason.trim() === '') return refuse('ReasonMissing', '/reason');
    return [{ type: 'extensionRefused', clock: clock.clock, reason: action.reason, ...by }];
  }
  const { days } = asked;
  return [
    { type: 'extensionGranted', clock: clock.clock, days, ...by },
    extend(state, clock, { days, at: command.at }),
  ];
}

/** In what capacity somebody belongs to the case: of the requester's, a provider's or the authority's. */
function partyOf(state: CaseState, command: Command): Capacity | undefined {
  const { requester, provider, form, stages } = state;
  const departments = [requester, provider, ...(form.subjects ?? []).map((subject) => subject.provider)];
  const seats = Object.values(stages).flatMap((stage) => stage.seats.map(({ capacity }) => capacity));
  const seat = seats.find((capacity) => holds(command, capacity));
  if (seat) return seat;
  const { department, roles } = principalOf(command);
  const [role] = roles;
  if (role !== undefined && departments.includes(department)) return { role, department };
  return isAuthority(command);
}

function applicantOf({ requester }: CaseState): Capacity {
  return { role: 'requester', department: requester };
}
