import { revokeSession } from '../../../store/sessions.ts';
import { endpoint, type Endpoint, publicEndpoint } from '../../endpoint.ts';
import { createLogin } from '../../login.ts';
import { choosePassword } from '../../passwords.ts';
import { callerOf, openSession, SESSION_COOKIE, SESSION_SECONDS } from '../../session.ts';
import type { RouteDeps } from '../deps.ts';
import { presentMe } from './present.ts';
import { loginBody, me, passwordBody, session } from './schema.ts';

export function sessionEndpoints({ db, departments }: RouteDeps): Endpoint[] {
  const login = createLogin({ db });
  return [
    publicEndpoint({
      method: 'post',
      path: '/api/session',
      tag: 'session',
      summary: 'Log in: a cookie with its CSRF token, and the same session as a bearer token',
      body: loginBody,
      answers: { 201: session },
      async handle({ body, headers }) {
        const { token, csrfToken } = await openSession(db, await login(body.account, body.password));
        const caller = await callerOf(db, token, 'bearer');
        if (!caller) throw new Error('A session just opened is not there');
        return {
          status: 201,
          body: { ...presentMe(caller, await departments()), token, csrfToken },
          headers: { 'Set-Cookie': cookie(token, SESSION_SECONDS, headers['x-forwarded-proto'] === 'https') },
        };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/session',
      tag: 'session',
      summary: 'Log out: the session ends at once, for its cookie and its bearer token',
      access: 'anyone',
      isBeforePassword: true,
      answers: { 204: undefined },
      async handle({ caller }) {
        await revokeSession(db, caller.sessionId);
        return { status: 204, headers: { 'Set-Cookie': cookie('', 0, false) } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/me',
      tag: 'session',
      summary: 'Who I am, and as what',
      access: 'anyone',
      isBeforePassword: true,
      answers: { 200: me },
      async handle({ caller }) {
        return { status: 200, body: presentMe(caller, await departments()) };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/me/password',
      tag: 'session',
      summary: 'Choose another password: every other session of the account ends',
      access: 'anyone',
      isBeforePassword: true,
      body: passwordBody,
      answers: { 204: undefined },
      async handle({ caller, body }) {
        await choosePassword(db, caller, body);
        return { status: 204 };
      },
    }),
  ];
}

function cookie(token: string, seconds: number, isSecure: boolean): string {
  const parts = [`${SESSION_COOKIE}=${token}`, 'Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Strict'];
  return (isSecure ? [...parts, 'Secure'] : parts).join('; ');
}
