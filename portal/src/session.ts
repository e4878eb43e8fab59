import { api, answered, got } from './api/client.ts';
import { session } from './session-state.ts';

export { session } from './session-state.ts';

/**
 * Says that a session may be there, which no script can see: without it nobody is asked. It says since when, so that other
 * tabs of this browser hear of every login and of its end.
 */
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
  noteSignedIn();
}

/** A session has been opened in this browser. */
export function noteSignedIn(): void {
  localStorage.setItem(MARK, String(Date.now()));
}

/** Ends the session on the server as well. The page is loaded anew: nothing of one person stays for the next. */
export async function logout(): Promise<void> {
  const ended = await api.DELETE('/api/session').catch(() => undefined);
  leave(ended?.data?.signOutAt);
}

/** Ends every session of the person, here and elsewhere. @throws {ApiProblem} {Unreachable} where none has been ended */
export async function logoutEverywhere(): Promise<void> {
  const { signOutAt } = await got(api.DELETE('/api/sessions'));
  leave(signOutAt);
}

/** Where a provider has vouched for the session, its own ends as well. */
function leave(signOutAt: string | undefined): void {
  localStorage.removeItem(MARK);
  location.assign(signOutAt ?? '/login');
}

/** Another tab has logged in or out. The one who was here goes on with the session there is now; anybody else begins anew. */
async function follow(mark: string | null): Promise<void> {
  if (!session.me) return;
  if (mark === null) {
    session.isLost = true;
    return;
  }
  const { data: me } = await api.GET('/api/me').catch(() => ({ data: undefined }));
  if (!me) return;
  if (me.person.id !== session.me.person.id) return location.assign('/');
  session.me = me;
  session.isLost = false;
}

window.addEventListener('storage', ({ key, newValue }) => {
  if (key === MARK) void follow(newValue);
});
