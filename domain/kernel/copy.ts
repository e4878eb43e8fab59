import type { CaseState } from '../case.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A copy of a state to change. Written out member by member, so that all states have one shape for the engine: spread in a
 * dozen places they have a dozen shapes, and every copy and every look at one takes many times as long.
 */
export function copyOf(state: CaseState): Writable<CaseState> {
  const { about, label, endedAt, refileUntil, returned, suspended, urgedOn, closing } = state;
  const copy: Writable<CaseState> = {
    caseId: state.caseId,
    process: state.process,
    status: state.status,
    route: state.route,
    calendar: state.calendar,
    requester: state.requester,
    provider: state.provider,
    applicant: state.applicant,
    contributors: state.contributors,
    form: state.form,
    openedAt: state.openedAt,
    round: state.round,
    stages: state.stages,
    clocks: state.clocks,
    extensions: state.extensions,
    supplements: state.supplements,
    noticesGiven: state.noticesGiven,
    isAgreed: state.isAgreed,
    grants: state.grants,
    frozen: state.frozen,
  };
  if (about !== undefined) copy.about = about;
  if (label !== undefined) copy.label = label;
  if (endedAt !== undefined) copy.endedAt = endedAt;
  if (refileUntil !== undefined) copy.refileUntil = refileUntil;
  if (returned !== undefined) copy.returned = returned;
  if (suspended !== undefined) copy.suspended = suspended;
  if (urgedOn !== undefined) copy.urgedOn = urgedOn;
  if (closing !== undefined) copy.closing = closing;
  return copy;
}
