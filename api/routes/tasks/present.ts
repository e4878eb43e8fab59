import type { CaseRow } from '../../../store/cases.ts';
import type { TaskRow } from '../../../store/tasks.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { type CaseContext, presentCase, presentPerson } from '../cases/present.ts';
import { presentDepartment } from '../departments/present.ts';

/** A task with its case, and what the caller may do with this task. */
export function presentTask(task: TaskRow, row: CaseRow, context: CaseContext) {
  const { id, stage, activation, seat, holder, role, status, verdict, decidedBy, dueOn } = task;
  const shown = presentCase(row, context);
  return {
    id,
    stage,
    activation,
    seat,
    holder: holder === null ? null : presentPerson(holder, context.names),
    role,
    status,
    verdict,
    dueOn,
    department: presentDepartment(task.department, context.departments),
    decidedBy: decidedBy === null ? null : presentPerson(decidedBy, context.names),
    openedAt: timeOf(task.openedAt),
    closedAt: timeOrNull(task.closedAt),
    form: shown.form,
    case: shown,
    actions: shown.actions.filter(({ taskId }) => taskId === id),
  };
}
