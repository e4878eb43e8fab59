import type { Department } from '../../../store/departments.ts';
import type { Caller } from '../../endpoint.ts';
import { timeOf } from '../../time.ts';
import { presentDepartment } from '../departments/present.ts';

export function presentMe(caller: Caller, departments: readonly Department[]) {
  const { actor, name, expiresAt, csrfToken, mustChangePassword } = caller;
  return {
    mustChangePassword,
    person: { id: actor.person, name },
    department: presentDepartment(actor.department, departments),
    roles: actor.roles,
    expiresAt: timeOf(expiresAt),
    ...(csrfToken === undefined ? {} : { csrfToken }),
  };
}
