import type { CaseRow } from '../../../store/cases.ts';
import { draftsOf } from '../../../store/opinion-drafts.ts';
import { findTask, type TaskRow } from '../../../store/tasks.ts';
import { caseContext, visibleCase } from '../../case-views.ts';
import type { CallerCall } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import type { CaseContext } from '../cases/present.ts';
import type { RouteDeps } from '../deps.ts';
import { presentTask } from './present.ts';

type Deps = Pick<RouteDeps, 'db' | 'policies' | 'departments'>;
type Call = Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'at' | 'locale' | 'caller'>;

/** One task as the caller may see it. */
export function taskView(deps: Deps) {
  const { db, policies } = deps;

  /** @throws {Problem} NotFound, whether there is none or it is none of theirs */
  async function found(id: string, call: Call): Promise<{ task: TaskRow; row: CaseRow; context: CaseContext }> {
    const task = await findTask(db, id, viewerOf(policies, call.actor, 'task'));
    if (!task) throw new Problem('NotFound');
    const row = await visibleCase(deps, task.caseId, call);
    return { task, row, context: await caseContext(deps, [row], call) };
  }

  return {
    found,
    async shown(id: string, call: Call) {
      const { task, row, context } = await found(id, call);
      const drafts = await draftsOf(db, call.actor.person, [id]);
      return presentTask(task, { row, draft: drafts.get(id) }, context);
    },
  };
}
