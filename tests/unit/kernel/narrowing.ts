import type { CaseEvent, CaseState, Command, FormRef, RefusedItem } from '../../../domain/case.ts';
import { caseMachine } from '../../../domain/kernel/case-machine.ts';
import { itemFaults, seenOf } from '../../../domain/kernel/item-answers.ts';
import { seatOfTask } from '../../../domain/kernel/holding.ts';
import { planOf } from '../../../domain/kernel/plan.ts';
import type { CaseMachine } from '../../support/play.ts';
import { must } from './invariants.ts';

const ALL = ['a', 'b', 'c', 'd', 'e'];

/** Which items a form asks for follows from the digest of the part, so that they change with it and not without. */
function itemsOf(digest: string | undefined): readonly string[] {
  const turn = Number(digest?.split('.')[1] ?? 0);
  return ALL.slice(turn % 3, 3 + (turn % 3));
}

function withItems(form: FormRef): FormRef {
  const subjects = form.subjects?.map((one) => ({ ...one, items: itemsOf(one.parts['items']), scopedBy: [] }));
  const own = subjects ? { subjects } : { items: itemsOf(form.parts['items']), scopedBy: [] };
  return { ...form, ...own };
}

/** Any number that follows from an id, the same each time. */
function numberOf(id: string): number {
  return Array.from(id).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7);
}

/** What some approvals leave out: nothing that they may not. */
function refusedBy(state: CaseState, { id, do: action }: Command): readonly RefusedItem[] {
  if (action.action !== 'approve') return [];
  const held = seatOfTask(state, action.taskId);
  if ('refusal' in held) return [];
  const pick = numberOf(id);
  const asked = state.form.subjects ?? [{ items: state.form.items ?? [] }];
  const all = asked.flatMap((one) =>
    (one.items ?? []).map((itemId): RefusedItem => ({
      itemId,
      reason: '超出必要',
      ...('id' in one ? { subject: one.id } : {}),
    })),
  );
  return all.reduce<readonly RefusedItem[]>((chosen, one, at) => {
    if (Math.floor(pick / 2 ** at) % 2 === 0) return chosen;
    return itemFaults(state, held.node, [...chosen, one]).length > 0 ? chosen : [...chosen, one];
  }, []);
}

function narrowed(state: CaseState | undefined, command: Command): Command {
  const { do: action } = command;
  if ('form' in action) return { ...command, do: { ...action, form: withItems(action.form) } };
  if (!state || !('seen' in action) || action.seen !== state.form.digest) return command;
  const seen = seenOf(state);
  if (action.action !== 'approve') return { ...command, do: { ...action, seen } };
  const refused = refusedBy(state, command);
  return { ...command, do: { ...action, seen, ...(refused.length > 0 ? { refused } : {}) } };
}

/** A machine whose forms name items, and whose approvals now and then leave some out, held to what that means. */
export function narrowing(
  machine: CaseMachine = caseMachine,
  onNarrowed: (event: CaseEvent) => void = () => {},
): CaseMachine {
  return {
    ...machine,
    decide: (state, command) => machine.decide(state, narrowed(state, command)),
    whyNot: (state, command) => machine.whyNot?.(state, narrowed(state, command)),
    evolve(state, event) {
      if (state) check(state, event);
      if ('refused' in event || 'without' in event) onNarrowed(event);
      return machine.evolve(state, event);
    },
  };
}

function check(state: CaseState, event: CaseEvent): void {
  if (event.type === 'answered') {
    const gone = (event.without ?? []).map(({ itemId, subject }) => `${subject} ${itemId}`);
    const again = (event.refused ?? []).some(({ itemId, subject }) => gone.includes(`${subject} ${itemId}`));
    must(!again, 'nobody decides on an item that an earlier stage has refused');
  }
  if (event.type !== 'granted') return;
  const { subject, without = [] } = event;
  const asked = subject === undefined ? state.form : state.form.subjects?.find(({ id }) => id === subject);
  const given = (asked?.items ?? []).filter((id) => !without.includes(id));
  must(given.length > 0, 'a grant covers something');
  must(new Set(without).size === without.length, 'an item is left out once');
  const about = planOf(state).stages.filter(
    ({ subjects }) => subject === undefined || (subjects?.includes(subject) ?? true),
  );
  const answers = about.flatMap(({ id }) => state.stages[id]?.seats.flatMap(({ answer }) => answer ?? []) ?? []);
  const approvals = answers.filter(({ verdict }) => verdict === 'approved');
  for (const { refused = [], without: unseen = [] } of approvals) {
    const not = [...refused, ...unseen].filter((one) => one.subject === subject).map(({ itemId }) => itemId);
    must(!not.some((id) => given.includes(id)), 'a grant covers only what every standing approval agreed to');
  }
  const refusedOnes = approvals.flatMap(({ refused = [] }) => refused).filter((one) => one.subject === subject);
  must(
    without.every((id) => refusedOnes.some(({ itemId }) => itemId === id)),
    'what is left out of a grant was refused, with a reason',
  );
}
