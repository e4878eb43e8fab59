import { actorsIn, namesOfPeople } from '../../../store/people.ts';
import { draftsOf, dropDraft, putDraft } from '../../../store/opinion-drafts.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem, type ProblemCode } from '../../problem.ts';
import { idParams } from '../../schema.ts';
import { recipientsFor } from '../../task-recipients.ts';
import { presentPerson } from '../cases/present.ts';
import { presentDepartment } from '../departments/present.ts';
import type { RouteDeps } from '../deps.ts';
import { presentDraft } from './present.ts';
import { draftBody, opinionDraft, recipients } from './schema.ts';
import { taskView } from './view.ts';

const READ = { object: 'task', action: 'read' } as const;
const tag = 'tasks';

/** What belongs to a task beside its decision: an opinion begun, and who else could take it. */
export function besideTaskEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies } = deps;
  const view = taskView(deps);
  return [
    endpoint({
      method: 'get',
      path: '/api/tasks/:id/recipients',
      tag,
      summary: 'To whom the caller could hand the task, and how',
      access: READ,
      params: idParams,
      answers: { 200: recipients },
      async handle(call) {
        const { actor, at, params } = call;
        const { task, row, context } = await view.found(params.id, call);
        const isAuthority = actor.roles.includes('authority');
        const colleagues = await actorsIn(db, [isAuthority ? task.department : actor.department]);
        const { standsInFor } = context;
        const found = recipientsFor(row.state, task.id, { actor, at, policies, colleagues, standsInFor });
        const names = await namesOfPeople(
          db,
          found.map(({ to }) => to.person),
        );
        const items = found.map(({ to, actions }) => ({
          person: presentPerson(to.person, names),
          department: presentDepartment(to.department, context.departments),
          roles: to.roles,
          actions,
        }));
        return { status: 200, body: { items, nextCursor: null } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/tasks/:id/draft',
      tag,
      summary: 'The opinion that the caller has begun to write at a task',
      access: READ,
      params: idParams,
      answers: { 200: opinionDraft },
      async handle(call) {
        const { task } = await view.found(call.params.id, call);
        const draft = (await draftsOf(db, call.actor.person, [task.id])).get(task.id);
        if (!draft) throw new Problem('NotFound');
        return { status: 200, body: presentDraft(draft) };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/tasks/:id/draft',
      tag,
      summary: 'Keep an opinion that is not given yet; it goes once the task is answered',
      access: { object: 'task', action: 'decide' },
      params: idParams,
      body: draftBody,
      answers: { 200: opinionDraft },
      async handle(call) {
        const { actions, status } = await view.shown(call.params.id, call);
        if (status !== 'open') throw new Problem(CLOSED[status] ?? 'AlreadyDecided');
        if (!actions.some(({ action }) => WRITING.has(action))) throw new Problem('NotYourTask');
        const place = { task: call.params.id, person: call.actor.person };
        return { status: 200, body: presentDraft(await putDraft(db, place, call.body.opinion)) };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/tasks/:id/draft',
      tag,
      summary: 'Throw away the opinion that the caller has begun to write',
      access: READ,
      params: idParams,
      answers: { 204: undefined },
      async handle(call) {
        const { task } = await view.found(call.params.id, call);
        const isGone = await dropDraft(db, { task: task.id, person: call.actor.person });
        if (!isGone) throw new Problem('NotFound');
        return { status: 204 };
      },
    }),
  ];
}

/** Why nothing is written at a task that is not open. */
const CLOSED: Readonly<Record<string, ProblemCode>> = { lapsed: 'TaskLapsed', waiting: 'NotYetYourTurn' };

/** What an opinion is given with. */
const WRITING: ReadonlySet<string> = new Set(['approve', 'reject', 'advise']);
