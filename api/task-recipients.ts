import type { Absent, CaseState, Command, PersonAction } from '../domain/case.ts';
import { recipientsOf } from '../domain/kernel/actions.ts';
import { whyNot } from '../domain/kernel/decide.ts';
import type { Actor } from '../domain/language.ts';
import type { Policies } from './reach.ts';
import { mayAct } from './routes/cases/offered.ts';
import { judged } from './staff.ts';

/** Somebody to whom a task could be handed, and how the caller may do it. */
export interface Recipient {
  readonly to: Actor;
  readonly actions: readonly { readonly action: Handing['action']; readonly onBehalf?: string }[];
}

type Handing = Extract<PersonAction, { readonly action: 'reassign' | 'delegate' | 'addSeat' }>;

export interface Handler {
  readonly actor: Actor;
  readonly at: string;
  readonly policies: Policies;
  /** The people of the caller's department; for the authority, those of the task's. */
  readonly colleagues: readonly Actor[];
  readonly standsInFor: readonly Absent[];
}

/** Everybody to whom the caller could hand the task now, for themselves or for an absent person; the kernel has the word. */
export function recipientsFor(state: CaseState, taskId: string, handler: Handler): Recipient[] {
  const { actor, at, policies, colleagues, standsInFor } = handler;
  const accepts = (action: Handing, onBehalf: Absent | undefined): boolean => {
    if (!mayAct(policies, judged(actor, onBehalf), { action: action.action, state })) return false;
    const command: Command = { id: 'probe', at, actor, do: action, ...(onBehalf ? { onBehalf } : {}) };
    return !whyNot(state, command);
  };
  return recipientsOf(state, taskId, colleagues).flatMap((to): Recipient[] => {
    const probes: readonly Handing[] = [
      { action: 'reassign', taskId, to, reason: '-' },
      { action: 'delegate', taskId, to },
      { action: 'addSeat', taskId, place: 'beside', to },
    ];
    const actions = probes.flatMap((probe) => {
      const { action } = probe;
      if (accepts(probe, undefined)) return [{ action }];
      const absent = standsInFor.find((one) => accepts(probe, one));
      return absent ? [{ action, onBehalf: absent.person }] : [];
    });
    return actions.length > 0 ? [{ to, actions }] : [];
  });
}
