import { findCaseOfTask, findCasesById } from '../../../store/cases.ts';
import { countTasks, findTask, listTasks, type TaskRow } from '../../../store/tasks.ts';
import { caseContext, visibleCase } from '../../case-views.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { acceptedCommand, idParams } from '../../schema.ts';
import { type CaseInput, taskActionBody } from '../cases/action-schema.ts';
import { actOnCase } from '../cases/actions.ts';
import { actionDone } from '../cases/schema.ts';
import type { RouteDeps } from '../deps.ts';
import { presentTask } from './present.ts';
import { task, taskList, taskQuery } from './schema.ts';

const READ = { object: 'task', action: 'read' } as const;

export function taskEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies } = deps;

  async function visibleTask(
    id: string,
    { actor }: Pick<CallerCall<unknown, unknown, unknown>, 'actor'>,
  ): Promise<TaskRow> {
    const found = await findTask(db, id, viewerOf(policies, actor, 'task'));
    if (!found) throw new Problem('NotFound');
    return found;
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/tasks',
      tag: 'tasks',
      summary: 'The inbox: mine to answer, my department’s, decided by me, or copied to me',
      access: READ,
      query: taskQuery,
      answers: { 200: taskList },
      async handle(call) {
        const { actor, query } = call;
        const list = `tasks.${query.box}`;
        const page = await listTasks(db, { box: query.box, actor, page: pageRequest(list, query) });
        const [rows, counts] = await Promise.all([
          findCasesById(
            db,
            page.items.map(({ caseId }) => caseId),
          ),
          countTasks(db, actor),
        ]);
        const context = await caseContext(deps, [...rows.values()], call);
        const shown = presentPage(list, page, (one) => {
          const row = rows.get(one.caseId);
          if (!row) throw new Error(`Task ${one.id} has no case`);
          return presentTask(one, row, context);
        });
        return { status: 200, body: { ...shown, counts } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/tasks/:id',
      tag: 'tasks',
      summary: 'One task with its case',
      access: READ,
      params: idParams,
      answers: { 200: task },
      async handle(call) {
        const found = await visibleTask(call.params.id, call);
        const row = await visibleCase(deps, found.caseId, call);
        return { status: 200, body: presentTask(found, row, await caseContext(deps, [row], call)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/tasks/:id/actions',
      tag: 'tasks',
      summary: 'Answer a task: approve, reject with reasons, or list what is missing',
      access: READ,
      params: idParams,
      body: taskActionBody,
      answers: { 200: actionDone, 202: acceptedCommand },
      async handle(call) {
        const row = await findCaseOfTask(db, call.params.id, viewerOf(policies, call.actor, 'task'));
        if (!row) throw new Problem('NotFound');
        return actOnCase(deps, row, { input: { ...call.body, taskId: call.params.id } as CaseInput, call });
      },
    }),
  ];
}
