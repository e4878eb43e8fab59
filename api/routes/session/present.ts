import type { Department } from '../../../store/departments.ts';
import type { OwnSession } from '../../../store/sessions.ts';
import { agentOf } from '../../agent.ts';
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

export function presentSession(session: OwnSession, caller: Caller) {
  const { id, openedAt, seenAt, expiresAt, address, agent, isVouched } = session;
  return {
    id,
    isThis: id === caller.sessionId,
    by: isVouched ? ('sign-on' as const) : ('password' as const),
    openedAt: timeOf(openedAt),
    seenAt: timeOf(seenAt),
    expiresAt: timeOf(expiresAt),
    address,
    agent: agentOf(agent),
  };
}
