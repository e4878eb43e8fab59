import type { Actor } from '../../../domain/language.ts';
import { NEED_ACTIONS, NEED_STEPS, type NeedAction } from '../../../domain/needs.ts';
import type { Department } from '../../../store/departments.ts';
import type { Need } from '../../../store/needs.ts';
import type { Suggested } from '../../../store/need-suggestions.ts';
import type { Policies } from '../../reach.ts';
import { timeOf } from '../../time.ts';
import { presentPerson } from '../cases/present.ts';
import { presentEntrySummary } from '../catalogue/present.ts';
import { presentDepartment } from '../departments/present.ts';

export interface NeedContext {
  readonly actor: Actor;
  readonly policies: Policies;
  readonly departments: readonly Department[];
  readonly names: ReadonlyMap<string, string>;
}

/** Whether it is this person's to do, whatever the need's status. */
export function mayAct(
  { department }: Pick<Need, 'department'>,
  action: NeedAction,
  { actor, policies }: Pick<NeedContext, 'actor' | 'policies'>,
): boolean {
  return NEED_STEPS[action].by === 'authority'
    ? policies.may(actor, 'settle', 'need', department)
    : policies.may(actor, 'file', 'need', department);
}

export function presentNeed(need: Need, context: NeedContext) {
  const { department, entryId, source, createdBy, createdAt, updatedAt, history: _, ...rest } = need;
  const offered = NEED_ACTIONS.filter(
    (action) => NEED_STEPS[action].from.includes(need.status) && mayAct(need, action, context),
  );
  return {
    ...rest,
    department: presentDepartment(department, context.departments),
    entry: entryId === null ? null : { id: entryId, href: `/api/catalogue/${entryId}` },
    source: source === null ? null : presentDepartment(source, context.departments),
    createdBy: presentPerson(createdBy, context.names),
    createdAt: timeOf(createdAt),
    updatedAt: timeOf(updatedAt),
    actions: offered.map((action) => ({ action })),
  };
}

export function presentNeedDetail(need: Need, suggestions: readonly Suggested[], context: NeedContext) {
  return {
    ...presentNeed(need, context),
    history: need.history.map(({ person, department: _, ...note }) => ({
      ...note,
      by: presentPerson(person, context.names),
    })),
    suggestions: suggestions.map(({ entry, items }) => ({ entry: presentEntrySummary(entry, context), items })),
  };
}
