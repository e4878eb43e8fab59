import { session } from '../../session.ts';

/** Who compiles the catalogue of a department, and keeps its sources: to them the API lists what others do not read. */
export function isCompiler(): boolean {
  return session.me?.roles.some((role) => role === 'reviewer' || role === 'integrator') === true;
}

/** The authority sees those of every department. */
export function isAuthority(): boolean {
  return session.me?.roles.includes('authority') === true;
}

/** The department whose own things a list shows; of everybody for the authority. */
export function ownProvider(): { provider?: string } {
  return isAuthority() || !session.me ? {} : { provider: session.me.department.id };
}
