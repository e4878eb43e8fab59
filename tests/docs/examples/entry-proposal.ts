import type { Command } from '../../../domain/case.ts';
import { endOfDay } from '../../../domain/calendar.ts';
import { type Machine, refuse } from '../../../domain/machine.ts';

/** A department proposes a catalogue entry; the authority publishes it or sends it back (R809 Art.16). */
export type ProposalAction =
  | { readonly action: 'propose'; readonly entryId: string; readonly department: string; readonly dueOn: string }
  | { readonly action: 'publish' }
  | { readonly action: 'sendBack'; readonly reason: string }
  | { readonly action: 'passLimit' };

export type ProposalEvent =
  | { readonly type: 'proposed'; readonly entryId: string; readonly department: string; readonly dueOn: string }
  | { readonly type: 'limitPassed'; readonly at: string }
  | { readonly type: 'published'; readonly at: string; readonly actor: string }
  | { readonly type: 'sentBack'; readonly at: string; readonly actor: string; readonly reason: string };

export interface ProposalState {
  readonly status: 'proposed' | 'published' | 'sent-back';
  readonly entryId: string;
  readonly department: string;
  readonly dueOn: string;
  readonly isLate: boolean;
}

function decide(state: ProposalState | undefined, { do: action, actor, at }: Command<ProposalAction>) {
  if (state === undefined) {
    if (action.action !== 'propose') return refuse('NotFiled');
    const { action: _, ...proposal } = action;
    return { events: [{ type: 'proposed', ...proposal } as const] };
  }
  if (state.status !== 'proposed') return refuse('AlreadyDecided');
  const by = { at, actor: actor.person };
  switch (action.action) {
    case 'propose':
      return refuse('AlreadyFiled');
    case 'passLimit':
      return { events: state.isLate ? [] : [{ type: 'limitPassed', at } as const] };
    case 'publish':
      return actor.roles.includes('authority')
        ? { events: [{ type: 'published', ...by } as const] }
        : refuse('NotYourTask');
    case 'sendBack':
      if (!actor.roles.includes('authority')) return refuse('NotYourTask');
      if (action.reason.trim() === '') return refuse('ReasonMissing', '/reason');
      return { events: [{ type: 'sentBack', ...by, reason: action.reason } as const] };
  }
}

function evolve(state: ProposalState | undefined, event: ProposalEvent): ProposalState {
  if (event.type === 'proposed') {
    const { type: _, ...proposal } = event;
    return { ...proposal, status: 'proposed', isLate: false };
  }
  if (state === undefined) throw new Error(`A proposal begins with proposed, not with ${event.type}`);
  switch (event.type) {
    case 'limitPassed':
      return { ...state, isLate: true };
    case 'published':
      return { ...state, status: 'published' };
    case 'sentBack':
      return { ...state, status: 'sent-back' };
  }
}

export const proposalMachine: Machine<ProposalState, ProposalAction, ProposalEvent> = {
  decide,
  evolve,
  /** Time counts that the limit has passed. It never decides. */
  alarm: (state) =>
    state.status === 'proposed' && !state.isLate
      ? { at: endOfDay(state.dueOn), do: { action: 'passLimit' } }
      : undefined,
  isOver: (state) => state.status !== 'proposed',
};
