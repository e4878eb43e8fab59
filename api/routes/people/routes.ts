import type { Actor } from '../../../domain/language.ts';
import { listDepartments } from '../../../store/departments.ts';
import { changesOf, listChanges, type ListedChange, noteChange } from '../../../store/directory-changes.ts';
import { addPerson, findPerson, listPeople, openTasksOf, type PeopleFilter } from '../../../store/directory.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { actOnPerson, applyPersonChange, personFaults } from '../../directory.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { hashed, newPassword } from '../../passwords.ts';
import { Problem } from '../../problem.ts';
import { idParams, listOf } from '../../schema.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { presentChange, presentPerson, presentPersonDetail } from './present.ts';
import {
  changesQuery,
  listedChange,
  newPerson,
  peopleQuery,
  person,
  personActionBody,
  personChange,
  personDetail,
  personWithPassword,
} from './schema.ts';

const READ = { object: 'account', action: 'read' } as const;
const MANAGE = { object: 'account', action: 'manage' } as const;
const tag = 'people';

/** Accounts as administrators keep them; auditors see them. Every change is on record with who made it. */
export function peopleEndpoints({ db, policies }: RouteDeps): Endpoint[] {
  async function found(id: string) {
    const one = await findPerson(db, id);
    if (!one) throw new Problem('NotFound');
    return one;
  }

  async function shown(id: string, actor: Actor) {
    const one = await found(id);
    const [openTasks, changes, known] = await Promise.all([
      openTasksOf(db, one),
      changesOf(db, 'person', id),
      listDepartments(db),
    ]);
    const names = await namesOfPeople(
      db,
      changes.map(({ by }) => by),
    );
    const body = presentPersonDetail(one, { openTasks, changes, names }, { actor, policies, departments: known });
    return { body, headers: { ETag: `"${one.revision}"` } };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/people',
      tag,
      summary: 'Accounts by department, role, standing, or part of a name',
      access: READ,
      query: peopleQuery,
      answers: { 200: listOf(person) },
      async handle({ actor, query }) {
        const { q, department, role, active } = query;
        const filter = withoutUndefined({
          q,
          department,
          role,
          active: active === undefined ? undefined : active === 'true',
        }) as PeopleFilter;
        const [page, known] = await Promise.all([
          listPeople(db, filter, pageRequest('people', query)),
          listDepartments(db),
        ]);
        const context = { actor, policies, departments: known };
        return { status: 200, body: presentPage('people', page, (one) => presentPerson(one, context)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/people',
      tag,
      summary: 'Add an account. Its password is shown in this answer only and has to be changed at the first login',
      access: MANAGE,
      body: newPerson,
      answers: { 201: personWithPassword },
      async handle(call) {
        const { actor, body } = call;
        const password = newPassword();
        const passwordHash = await hashed(password);
        let isMade = false;
        const id = await once(db, call, {
          kind: 'person',
          action: 'add',
          id: body.id,
          async work(trx) {
            const faults = await personFaults(trx, body);
            const isFree =
              faults.length > 0 ? !(await findPerson(trx, body.id)) : await addPerson(trx, { ...body, passwordHash });
            if (!isFree) faults.unshift({ pointer: '/id', code: 'AccountTaken' });
            if (faults.length > 0) throw new Problem('Invalid', { faults });
            const { id: _, ...after } = body;
            await noteChange(trx, { kind: 'person', id: body.id, action: 'add', by: actor.person, after });
            isMade = true;
          },
        });
        const { body: answer, headers } = await shown(id, actor);
        return {
          status: 201,
          body: { ...answer, oneTimePassword: isMade ? password : null },
          headers: { ...headers, Location: `/api/people/${id}` },
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/directory/changes',
      tag,
      summary: 'Who changed what of people, departments and settings, the latest first',
      access: READ,
      query: changesQuery,
      answers: { 200: listOf(listedChange) },
      async handle({ query }) {
        const page = await listChanges(db, pageRequest('changes', query));
        const people = page.items.flatMap(({ kind, id, by }) => (kind === 'person' ? [id, by] : [by]));
        const [names, known] = await Promise.all([namesOfPeople(db, people), listDepartments(db)]);
        const nameOf = ({ kind, id }: ListedChange): string =>
          (kind === 'person' ? names.get(id) : known.find((one) => one.id === id)?.name) ?? id;
        const present = (one: ListedChange) => ({ ...presentChange(one, names), name: nameOf(one) });
        return { status: 200, body: presentPage('changes', page, present) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/people/:id',
      tag,
      summary: 'An account: what waits for it, and who changed what of it',
      access: READ,
      params: idParams,
      answers: { 200: personDetail },
      handle: async ({ params, actor }) => ({ status: 200, ...(await shown(params.id, actor)) }),
    }),
    endpoint({
      method: 'patch',
      path: '/api/people/:id',
      tag,
      summary: 'Change name, department or roles: they hold from the next request on',
      access: MANAGE,
      params: idParams,
      body: personChange,
      ifMatch: 'required',
      answers: { 200: personDetail },
      async handle({ actor, params, body, headers }) {
        const one = await found(params.id);
        const match = headers['if-match'];
        if (match === undefined) throw new Problem('PreconditionRequired');
        if (match !== '*' && match !== `"${one.revision}"`) throw new Problem('PreconditionFailed');
        const { name = one.name, department = one.department, roles = one.roles } = body;
        await db.transaction((trx) => applyPersonChange(trx, { person: one, to: { name, department, roles }, actor }));
        return { status: 200, ...(await shown(one.id, actor)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/people/:id/actions',
      tag,
      summary: 'Deactivate (sessions end), activate, unlock, or give out a password that holds for one login',
      access: MANAGE,
      params: idParams,
      body: personActionBody,
      answers: { 200: personWithPassword },
      async handle(call) {
        const { actor, params, body } = call;
        const one = await found(params.id);
        const isReset = body.action === 'reset-password';
        const password = newPassword();
        const passwordHash = isReset ? await hashed(password) : '';
        let isDone = false;
        await once(db, call, {
          kind: 'person',
          action: body.action,
          id: one.id,
          async work(trx) {
            await actOnPerson(trx, { person: one, action: body.action, actor, passwordHash });
            isDone = true;
          },
        });
        const { body: answer, headers } = await shown(one.id, actor);
        return { status: 200, body: { ...answer, oneTimePassword: isReset && isDone ? password : null }, headers };
      },
    }),
  ];
}
