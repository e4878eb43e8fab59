import { openItems, standingRefusals } from '../../../domain/kernel/item-answers.ts';
import type { StageNode } from '../../../domain/kernel/plan.ts';
import type { CaseRow } from '../../../store/cases.ts';
import { timeOf } from '../../time.ts';
import { presentDepartment } from '../departments/present.ts';
import type { CaseContext } from './present.ts';

type Row = Pick<CaseRow, 'entryId' | 'state'>;

/** Every item that a standing approval leaves out: who said so, and why. */
export function presentRefused({ entryId, state }: Row, { departments, names }: CaseContext) {
  return standingRefusals(state).map(({ itemId, subject, reason, stage, answer }) => ({
    entryId: subject ?? entryId ?? '',
    itemId,
    reason,
    stage,
    department: presentDepartment(answer.capacity.department, departments),
    role: answer.capacity.role,
    by: { id: answer.actor, name: names.get(answer.actor) ?? answer.actor },
    at: timeOf(new Date(answer.at)),
  }));
}

/** What may be decided item by item at a stage; empty where it answers as a whole. */
export function presentOpenItems(node: StageNode, { entryId, state }: Row) {
  return openItems(state, node).map(({ subject, items, scopedBy }) => ({
    entryId: subject ?? entryId ?? '',
    items: [...items],
    scopedBy: [...scopedBy],
  }));
}
