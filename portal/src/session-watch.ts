import { api } from './api/client.ts';
import { session } from './session-state.ts';

/** Whether the session is still there, as far as anybody knows; where it is not, that is noted. */
export async function restoreOrLose(): Promise<boolean> {
  if (!session.me || session.isLost) return false;
  try {
    const { response } = await api.GET('/api/me');
    return response.status !== 401;
  } catch {
    return true;
  }
}
