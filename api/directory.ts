import type { Knex } from 'knex';
import {
  type AccountAction,
  accountActions,
  BUREAU,
  isAdministrator,
  isMoved,
  roleFaults,
} from '../domain/accounts.ts';
import type { Actor, Fault } from '../domain/language.ts';
import { findDepartment } from '../store/departments.ts';
import { noteChange } from '../store/directory-changes.ts';
import {
  changePerson,
  type DirectoryPerson,
  otherAdministrators,
  type PersonFields,
  setActive,
  setPassword,
  unlock,
} from '../store/directory.ts';
import { revokeSessions } from '../store/sessions.ts';
import { Problem } from './problem.ts';

/** What is wrong with where somebody is to sit and as what. `is`: what holds now, of somebody who is there already. */
export async function personFaults(
  db: Knex,
  { department: id, roles }: Pick<PersonFields, 'department' | 'roles'>,
  is?: Pick<PersonFields, 'department'>,
): Promise<Fault[]> {
  const department = await findDepartment(db, id);
  const isAnew = is?.department !== id;
  return [
    ...(department ? [] : [{ pointer: '/department', code: 'DepartmentUnknown' }]),
    ...(department?.endedAt && isAnew ? [{ pointer: '/department', code: 'DepartmentOver' }] : []),
    ...roleFaults({ department: id, roles }),
  ];
}

/** Changes name, department and roles. @throws {Problem} PreconditionFailed; Invalid with all that is wrong */
export async function applyPersonChange(
  trx: Knex.Transaction,
  { person, to, actor }: { readonly person: DirectoryPerson; readonly to: PersonFields; readonly actor: Actor },
): Promise<void> {
  const faults = await personFaults(trx, to, person);
  if (isMoved(person, to) && person.id === actor.person) faults.push({ pointer: '/roles', code: 'OwnAccount' });
  if (isAdministrator(person) && !isAdministrator({ ...to, active: true })) {
    if ((await otherAdministrators(trx, person.id, BUREAU)) === 0) {
      faults.push({ pointer: '/roles', code: 'LastAdministrator' });
    }
  }
  if (faults.length > 0) throw new Problem('Invalid', { faults });
  if (!(await changePerson(trx, person, to))) throw new Problem('PreconditionFailed');
  const { name, department, roles } = person;
  await noteChange(trx, {
    kind: 'person',
    id: person.id,
    action: 'change',
    by: actor.person,
    before: { name, department, roles: roles.toSorted() },
    after: { ...to, roles: to.roles.toSorted() },
  });
}

/** @throws {Problem} AccountStanding where it cannot be done to the account as it stands; Invalid */
export async function actOnPerson(
  trx: Knex.Transaction,
  asked: {
    readonly person: DirectoryPerson;
    readonly action: AccountAction;
    readonly actor: Actor;
    /** Of the password that holds for one login, where that is what is done. */
    readonly passwordHash: string;
  },
): Promise<void> {
  const { person, action, actor, passwordHash } = asked;
  const { id } = person;
  if (!accountActions(person, actor.person).includes(action)) throw new Problem('AccountStanding');
  if (action === 'deactivate' && isAdministrator(person) && (await otherAdministrators(trx, id, BUREAU)) === 0) {
    throw new Problem('Invalid', { faults: [{ pointer: '/action', code: 'LastAdministrator' }] });
  }
  if (action === 'unlock') await unlock(trx, id);
  if (action === 'reset-password') await setPassword(trx, { id, passwordHash, once: true });
  if (action === 'activate' || action === 'deactivate') await setActive(trx, id, action === 'activate');
  if (action === 'deactivate' || action === 'reset-password') await revokeSessions(trx, { person: id });
  await noteChange(trx, { kind: 'person', id, action, by: actor.person });
}
