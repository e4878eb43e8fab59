import { type CaseState, partiesOf } from '../../../domain/case.ts';
import { actionsOf, type OfferedAction } from '../../../domain/kernel/actions.ts';
import type { Actor } from '../../../domain/language.ts';
import type { Policies } from '../../reach.ts';
import { judged } from '../../staff.ts';
import type { CaseContext } from './present.ts';

/** `onBehalf`: the absent person for whom it may be done. */
export type Offered = OfferedAction & { readonly onBehalf?: string };

/** What the kernel would accept from this person, for themselves or an absent one, and the policies allow. */
export function offeredActions(state: CaseState, context: CaseContext): Offered[] {
  const { actor, at, policies, colleagues, standsInFor } = context;
  const allowed = ({ action }: Offered, as: Actor) => mayAct(policies, as, { action, state });
  const own = actionsOf(state, actor, at, { colleagues }).filter((one) => allowed(one, actor));
  const others = standsInFor.flatMap((absent) =>
    actionsOf(state, actor, at, { colleagues, onBehalf: absent })
      .filter((one) => allowed(one, judged(actor, absent)))
      .map((one): Offered => ({ ...one, onBehalf: absent.person })),
  );
  const known = new Set(own.map((one) => JSON.stringify(one)));
  return [...own, ...others.filter(({ onBehalf: _, ...one }) => !known.has(JSON.stringify(one)))];
}

export function mayAct(
  policies: Policies,
  actor: Actor,
  { action, state }: { readonly action: Offered['action']; readonly state: CaseState },
): boolean {
  const may = (what: string) => partiesOf(state).some((department) => policies.may(actor, what, 'case', department));
  switch (action) {
    case 'supplement':
    case 'resubmit':
    case 'refile':
      return policies.may(actor, 'supplement', 'case', state.requester);
    case 'withdraw':
      return policies.may(actor, 'withdraw', 'case', state.requester);
    case 'advise':
    case 'copy':
    case 'comment':
    case 'urge':
      return may('take-part');
    case 'suspend':
    case 'resume':
    case 'terminate':
    case 'grantExtension':
    case 'refuseExtension':
    case 'migrate':
      return may('supervise');
    case 'reassign':
    case 'recall':
    case 'removeSeat':
      return may('decide') || may('supervise');
    case 'approve':
    case 'reject':
    case 'askSupplement':
    case 'return':
    case 'takeBack':
    case 'delegate':
    case 'addSeat':
    case 'askExtension':
      return may('decide');
  }
}
