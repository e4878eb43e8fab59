import { accountActions } from '../../../domain/accounts.ts';
import type { Actor } from '../../../domain/language.ts';
import type { Department } from '../../../store/departments.ts';
import type { DirectoryChange } from '../../../store/directory-changes.ts';
import type { DirectoryPerson, HeldTask } from '../../../store/directory.ts';
import type { Policies } from '../../reach.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentPerson as presentName } from '../cases/present.ts';
import { presentDepartment } from '../departments/present.ts';

export interface DirectoryContext {
  readonly actor: Actor;
  readonly policies: Policies;
  readonly departments: readonly Department[];
}

export function presentPerson(person: DirectoryPerson, { actor, policies, departments }: DirectoryContext) {
  const { lockedUntil, lastLoginAt, department, ...rest } = person;
  const mayManage = policies.may(actor, 'manage', 'account', department);
  const actions = mayManage ? (['change', ...accountActions(person, actor.person)] as const) : [];
  return {
    ...rest,
    department: presentDepartment(department, departments),
    lockedUntil: timeOrNull(lockedUntil),
    lastLoginAt: timeOrNull(lastLoginAt),
    actions: actions.map((action) => ({ action })),
  };
}

export function presentChange<C extends DirectoryChange>({ by, at, ...change }: C, names: ReadonlyMap<string, string>) {
  return { ...change, by: presentName(by, names), at: timeOf(at) };
}

export interface PersonParts {
  readonly openTasks: readonly HeldTask[];
  readonly changes: readonly DirectoryChange[];
  readonly names: ReadonlyMap<string, string>;
}

export function presentPersonDetail(
  person: DirectoryPerson,
  { openTasks, changes, names }: PersonParts,
  context: DirectoryContext,
) {
  return {
    ...presentPerson(person, context),
    openTasks: [...openTasks],
    changes: changes.map((change) => presentChange(change, names)),
  };
}
