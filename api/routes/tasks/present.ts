import type { CaseRow } from '../../../store/cases.ts';
import type { OpinionDraft } from '../../../store/opinion-drafts.ts';
import { absentHolder, type TaskRow } from '../../../store/tasks.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { type CaseContext, presentCase, presentPerson } from '../cases/present.ts';
import { presentDepartment } from '../departments/present.ts';

export function presentDraft({ opinion, updatedAt }: OpinionDraft) {
  return { opinion, updatedAt: timeOf(updatedAt) };
}

/** A task with its case, what the caller may do with this task, and the opinion that they have begun to write. */
export function presentTask(
  task: TaskRow,
  { row, draft }: { readonly row: CaseRow; readonly draft: OpinionDraft | undefined },
  context: CaseContext,
) {
  const { id, stage, activation, seat, holder, role, status, verdict, decidedBy, dueOn } = task;
  const shown = presentCase(row, context);
  const absent = absentHolder(task, context);
  return {
    id,
    stage,
    activation,
    seat,
    holder: holder === null ? null : presentPerson(holder, context.names),
    onBehalf: absent === undefined ? null : presentPerson(absent, context.names),
    draft: draft ? presentDraft(draft) : null,
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
