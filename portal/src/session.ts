import { api, answered, got } from './api/client.ts';
import { session } from './session-state.ts';

export { session } from './session-state.ts';

/** Says that a session may be there, which no script can see: without it nobody is asked. */
const MARK = 'santong.signed-in';

/** The session of this browser, where it has one. @throws {Unreachable} */
export async function restore(): Promise<void> {
  if (session.me || localStorage.getItem(MARK) === null) return;
  try {
    session.me = await got(api.GET('/api/me'));
  } catch (error) {
    localStorage.removeItem(MARK);
    if (!(error instanceof Error && 'status' in error && error.status === 401)) throw error;
  }
}

/** @throws {ApiProblem} LoginRefused, AccountLocked */
export async function login(account: string, password: string): Promise<void> {
  const { data } = await answered(api.POST('/api/session', { body: { account, password } }));
  const { token: _, ...me } = data;
  session.me = me;
  session.isLost = false;
  localStorage.setItem(MARK, '1');
}

/** Ends the session on the server as well. The page is loaded anew: nothing of one person stays for the next. */
export async function logout(): Promise<void> {
  localStorage.removeItem(MARK);
  await api.DELETE('/api/session').catch(() => undefined);
  location.assign('/login');
}
