import { revokeSessions } from '../../../store/sessions.ts';
import { endpoint, type Endpoint, publicEndpoint } from '../../endpoint.ts';
import { createLogin } from '../../login.ts';
import { choosePassword } from '../../passwords.ts';
import { callerOf, openSession, sessionCookie } from '../../session.ts';
import { createProvider } from '../../sign-on/provider.ts';
import type { RouteDeps } from '../deps.ts';
import { signOnEndpoints } from './oidc.ts';
import { presentMe } from './present.ts';
import { loggedOut, loginBody, me, passwordBody, session, ways } from './schema.ts';
import { ownSessionEndpoints } from './sessions.ts';
import { signOutAt } from './sign-out.ts';

export function sessionEndpoints({ db, departments, logger, outside }: RouteDeps): Endpoint[] {
  const login = createLogin({ db });
  const { secretKey, publicUrl, signOn } = outside;
  const provider = signOn && publicUrl !== undefined ? createProvider(signOn, publicUrl) : undefined;
  const deps = { db, logger, secretKey, login, provider };
  return [
    publicEndpoint({
      method: 'post',
      path: '/api/session',
      tag: 'session',
      summary: 'Log in: a cookie with its CSRF token, and the same session as a bearer token',
      body: loginBody,
      answers: { 201: session },
      async handle({ body, headers, address }) {
        const person = await login(body.account, body.password);
        const { token, csrfToken } = await openSession(db, { person, address, agent: headers['user-agent'] });
        const caller = await callerOf(db, token, 'bearer');
        if (!caller) throw new Error('A session just opened is not there');
        return {
          status: 201,
          body: { ...presentMe(caller, await departments()), token, csrfToken },
          headers: { 'Set-Cookie': sessionCookie(token, headers['x-forwarded-proto'] === 'https') },
        };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/session',
      tag: 'session',
      summary: 'Log out: the session ends at once, for its cookie and its bearer token; says where to log out besides',
      access: 'anyone',
      isBeforePassword: true,
      answers: { 200: loggedOut, 204: undefined },
      async handle({ caller }) {
        const besides = await signOutAt(deps, caller);
        await revokeSessions(db, { id: caller.sessionId });
        const headers = { 'Set-Cookie': sessionCookie('', false) };
        return besides === undefined
          ? { status: 204, headers }
          : { status: 200, body: { signOutAt: besides }, headers };
      },
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/session/ways',
      tag: 'session',
      summary: 'How one can log in here',
      answers: { 200: ways },
      async handle() {
        return { status: 200, body: { password: true, signOn: provider !== undefined } };
      },
    }),
    ...signOnEndpoints(deps),
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
        await choosePassword(deps, caller, body);
        return { status: 204 };
      },
    }),
    ...ownSessionEndpoints(deps),
  ];
}
