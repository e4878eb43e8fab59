import type { Actor, Fault } from '../../../domain/language.ts';
import {
  addDepartment,
  changeDepartment,
  departmentClashes,
  type DirectoryDepartment,
  directoryDepartments,
  findDepartment,
  listDepartments,
} from '../../../store/departments.ts';
import { noteChange } from '../../../store/directory-changes.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { idParams, listOf } from '../../schema.ts';
import { timeOrNull } from '../../time.ts';
import type { RouteDeps } from '../deps.ts';
import { department, departmentChange, keptDepartment, newDepartment } from './schema.ts';

const MANAGE = { object: 'department', action: 'manage' } as const;
const tag = 'departments';

export function departmentEndpoints({ db, policies }: RouteDeps): Endpoint[] {
  function present({ endedAt, ...one }: DirectoryDepartment, actor: Actor) {
    const mayManage = policies.may(actor, 'manage', 'department', one.id);
    return { ...one, endedAt: timeOrNull(endedAt), actions: mayManage ? [{ action: 'change' as const }] : [] };
  }

  async function shown(id: string, actor: Actor) {
    const one = await findDepartment(db, id);
    if (!one) throw new Problem('NotFound');
    return { body: present(one, actor), headers: { ETag: `"${one.revision}"` } };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/departments',
      tag,
      summary: 'Every department, in the order of the city',
      access: { object: 'department', action: 'read' },
      answers: { 200: listOf(department) },
      async handle() {
        return { status: 200, body: { items: await listDepartments(db), nextCursor: null } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/directory',
      tag,
      summary: 'Every department with how many accounts it has and since when it is over',
      access: { object: 'account', action: 'read' },
      answers: { 200: listOf(keptDepartment) },
      async handle({ actor }) {
        const items = (await directoryDepartments(db)).map((one) => present(one, actor));
        return { status: 200, body: { items, nextCursor: null } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/departments',
      tag,
      summary: 'Add a department, after all others',
      access: MANAGE,
      body: newDepartment,
      answers: { 201: keptDepartment },
      async handle(call) {
        const { actor, body } = call;
        const made = await once(db, call, {
          kind: 'department',
          action: 'add',
          id: body.id,
          async work(trx) {
            const clashes = await departmentClashes(trx, body);
            const faults: Fault[] = [
              ...(clashes.id ? [{ pointer: '/id', code: 'DepartmentTaken' }] : []),
              ...(clashes.creditCode ? [{ pointer: '/creditCode', code: 'CreditCodeTaken' }] : []),
            ];
            if (faults.length > 0) throw new Problem('Invalid', { faults });
            await addDepartment(trx, body);
            const { id, ...after } = body;
            await noteChange(trx, { kind: 'department', id, action: 'add', by: actor.person, after });
          },
        });
        return { status: 201, ...(await shown(made, actor)) };
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/departments/:id',
      tag,
      summary: 'Change a department, or end it once nobody is left in it; what it gave and was given stays',
      access: MANAGE,
      params: idParams,
      body: departmentChange,
      ifMatch: 'required',
      answers: { 200: keptDepartment },
      async handle({ actor, params, body, headers }) {
        const one = await findDepartment(db, params.id);
        if (!one) throw new Problem('NotFound');
        const match = headers['if-match'];
        if (match === undefined) throw new Problem('PreconditionRequired');
        if (match !== '*' && match !== `"${one.revision}"`) throw new Problem('PreconditionFailed');
        const before = fieldsOf(one);
        const { name = one.name, nameEn = one.nameEn, creditCode = one.creditCode, ended = before.ended } = body;
        const after = { name, nameEn, creditCode, ended };
        await db.transaction(async (trx) => {
          const clashes = await departmentClashes(trx, { id: one.id, creditCode });
          const isPeopled = ended && !before.ended && one.people > 0;
          const faults: Fault[] = [
            ...(clashes.creditCode ? [{ pointer: '/creditCode', code: 'CreditCodeTaken' }] : []),
            ...(isPeopled ? [{ pointer: '/ended', code: 'DepartmentPeopled', params: { n: String(one.people) } }] : []),
          ];
          if (faults.length > 0) throw new Problem('Invalid', { faults });
          if (!(await changeDepartment(trx, one, after))) throw new Problem('PreconditionFailed');
          await noteChange(trx, { kind: 'department', id: one.id, action: 'change', by: actor.person, before, after });
        });
        return { status: 200, ...(await shown(one.id, actor)) };
      },
    }),
  ];
}

function fieldsOf({ name, nameEn, creditCode, endedAt }: DirectoryDepartment) {
  return { name, nameEn, creditCode, ended: endedAt !== null };
}
