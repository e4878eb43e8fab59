import { endOfDay } from '../calendar.ts';
import type { CaseAction, CaseEvent, CaseState, SystemAction } from '../case.ts';
import { epochMilliseconds } from '../civil-date.ts';
import type { Alarm, Machine } from '../machine.ts';
import { nextLimit, nextReminder } from './limits.ts';
import { decide, whyNot } from './decide.ts';
import { evolve } from './evolve.ts';

/** The next thing that time will do: it reminds, counts and closes, and never decides. */
function alarm(state: CaseState): Alarm<SystemAction> | undefined {
  if (state.refileUntil !== undefined) return { at: endOfDay(state.refileUntil), do: { action: 'close' } };
  const limit = nextLimit(state);
  const alarms: Alarm<SystemAction>[] = [];
  if (limit) {
    const { clock, dueOn } = limit.clock;
    alarms.push({ at: limit.at, do: { action: 'passLimit', clock, dueOn } });
  }
  const reminder = nextReminder(state);
  if (reminder) alarms.push({ ...reminder, isSoft: true });
  const { suspended } = state;
  if (suspended && !suspended.isReviewDue) {
    alarms.push({ at: endOfDay(suspended.reviewOn), do: { action: 'remindReview', reviewOn: suspended.reviewOn } });
  }
  return alarms.toSorted((a, b) => epochMilliseconds(a.at) - epochMilliseconds(b.at))[0];
}

/** The kernel as the machine that the workflow, the recorder and the auditor run. */
export const caseMachine: Machine<CaseState, CaseAction, CaseEvent> = {
  decide,
  whyNot,
  evolve,
  alarm,
  isOver: (state) => state.endedAt !== undefined && state.refileUntil === undefined,
};
