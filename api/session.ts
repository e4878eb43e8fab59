import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { findSession, insertSession, type NewSession, noteSeen } from '../store/sessions.ts';
import type { Caller } from './endpoint.ts';

export const SESSION_COOKIE = 'santong_session';
export const SESSION_SECONDS = 12 * 3_600;

export interface OpenedSession {
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
}

/** Who logs in, from where and with what. */
export type Opening = Pick<NewSession, 'person' | 'address' | 'vouched'> & { readonly agent: string | undefined };

/** Longer ones say nothing more to people. */
const MOST_AGENT = 400;

/** Opens a session: 32 random bytes that only the caller keeps; the database has their SHA-256. */
export async function openSession(db: Knex, opening: Opening): Promise<OpenedSession> {
  const token = randomBytes(32).toString('base64url');
  const csrfToken = csrfTokenOf(token);
  const expiresAt = await insertSession(db, {
    ...opening,
    agent: (opening.agent ?? '').slice(0, MOST_AGENT),
    tokenDigest: sha256(token),
    csrfDigest: sha256(csrfToken),
    seconds: SESSION_SECONDS,
  });
  return { token, csrfToken, expiresAt };
}

/** The caller behind a token, or undefined when it is unknown, over or revoked. */
export async function callerOf(db: Knex, token: string, by: 'cookie' | 'bearer'): Promise<Caller | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined;
  const holder = await findSession(db, sha256(token));
  if (!holder) return undefined;
  const { sessionId, person, name, department, roles, expiresAt, mustChangePassword } = holder;
  const caller: Caller = { sessionId, name, expiresAt, mustChangePassword, actor: { person, department, roles } };
  if (holder.isUnseen) await noteSeen(db, sessionId);
  return by === 'cookie' ? { ...caller, csrfToken: csrfTokenOf(token) } : caller;
}

/** The cookie that holds a session; one without a token takes it away. */
export function sessionCookie(token: string, isSecure: boolean): string {
  const seconds = token === '' ? 0 : SESSION_SECONDS;
  const parts = [`${SESSION_COOKIE}=${token}`, 'Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Strict'];
  return (isSecure ? [...parts, 'Secure'] : parts).join('; ');
}

/** Derived from the session's token, so that a page loaded anew can be told it, while another site can neither read nor make it. */
function csrfTokenOf(token: string): string {
  return createHash('sha256').update(`csrf:${token}`).digest('base64url');
}

function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
