import { dateIn } from '../../../domain/calendar.ts';
import { absentFor } from '../../../store/absences.ts';
import { findCaseOfTask, findCasesById } from '../../../store/cases.ts';
import { draftsOf } from '../../../store/opinion-drafts.ts';
import { countTasks, listTasks } from '../../../store/tasks.ts';
import { caseContext } from '../../case-views.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { acceptedCommand, idParams } from '../../schema.ts';
import { decideMany, presentBatch } from '../../task-batches.ts';
import { type CaseInput, taskActionBody } from '../cases/action-schema.ts';
import { actOnCase } from '../cases/actions.ts';
import { actionDone } from '../cases/schema.ts';
import type { RouteDeps } from '../deps.ts';
import { presentTask } from './present.ts';
import { batchBody, batchDone, task, taskList, taskQuery } from './schema.ts';
import { taskView } from './view.ts';

const READ = { object: 'task', action: 'read' } as const;

export function taskEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies } = deps;
  const view = taskView(deps);
  return [
    endpoint({
      method: 'get',
      path: '/api/tasks',
      tag: 'tasks',
      summary: 'The inbox: mine to answer, also for the absent; my department’s; decided by me; copied to me',
      access: READ,
      query: taskQuery,
      answers: { 200: taskList },
      async handle(call) {
        const { actor, query, at } = call;
        const { box, sort, limit: _, cursor: __, ...filter } = query;
        const list = `tasks-${sort}:${box}` as const;
        const owner = { actor, standsInFor: await absentFor(db, actor.person, dateIn(at)) };
        const page = await listTasks(db, {
          box,
          owner,
          order: sort,
          page: pageRequest(list, query),
          filter: withoutUndefined(filter),
        });
        const ids = page.items.map(({ id }) => id);
        const [rows, counts, drafts] = await Promise.all([
          findCasesById(
            db,
            page.items.map(({ caseId }) => caseId),
          ),
          countTasks(db, owner),
          draftsOf(db, actor.person, ids),
        ]);
        const context = await caseContext(deps, [...rows.values()], call);
        const shown = presentPage(list, page, (one) => {
          const row = rows.get(one.caseId);
          if (!row) throw new Error(`Task ${one.id} has no case`);
          return presentTask(one, { row, draft: drafts.get(one.id) }, context);
        });
        return { status: 200, body: { ...shown, counts } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/tasks/actions',
      tag: 'tasks',
      summary: 'One decision on many tasks; each is carried out or refused for itself',
      access: READ,
      body: batchBody,
      answers: { 200: batchDone },
      async handle(call) {
        const { tasks, ...decision } = call.body;
        const items = await decideMany(deps, { tasks, decision }, call);
        return { status: 200, body: presentBatch(call.idempotency.id, items, call.locale) };
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
        return { status: 200, body: await view.shown(call.params.id, call) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/tasks/:id/actions',
      tag: 'tasks',
      ifMatch: 'optional',
      summary: 'Do something to a task: answer it, hand it on, send it back, take it back',
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
