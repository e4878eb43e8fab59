import { z } from 'zod';
import { isAccount } from '../../../store/people.ts';
import { seal } from '../../../store/sealed.ts';
import { revokeSessions } from '../../../store/sessions.ts';
import { type Endpoint, publicEndpoint, type Reply } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { openSession, sessionCookie } from '../../session.ts';
import { endedFlowCookie, flowCookie, flowIn, ownPath } from '../../sign-on/flow.ts';
import { type Provider, SignOnError } from '../../sign-on/provider.ts';
import type { SessionDeps } from './sign-out.ts';

const beginQuery = z.object({
  next: z.string().max(2_000).optional().meta({ description: 'A path of the portal to go to afterwards.' }),
  again: z
    .literal('true')
    .optional()
    .meta({ description: 'Has the provider ask who it is, even if it knows somebody.' }),
});

const logoutBody = z.object({ logout_token: z.string().min(1).max(20_000) });

/** Single sign-on: where a browser goes, and is sent on from, so that refusals are pages of the portal. */
export function signOnEndpoints({ db, logger, secretKey, provider }: SessionDeps): Endpoint[] {
  function needed(): Provider {
    if (!provider) throw new Problem('NotFound');
    return provider;
  }

  /** Back to the login page, which says why. */
  function refused(error: unknown, next: string, requestId: string): Reply {
    if (!(error instanceof SignOnError)) throw error;
    // Texts of the provider go into the log, never to the page.
    logger.warn({ requestId, fault: error.fault, err: error.cause }, 'nobody was logged in by the provider');
    const query = new URLSearchParams({ refused: error.fault, ...(next === '/' ? {} : { next }) });
    return { status: 303, headers: { Location: `/login?${query.toString()}` } };
  }

  return [
    publicEndpoint({
      method: 'get',
      path: '/api/session/oidc',
      tag: 'session',
      summary: 'Begin to log in by the OpenID provider that is set up: sends the browser there',
      query: beginQuery,
      answers: { 303: undefined },
      async handle({ query, headers, requestId }) {
        const next = ownPath(query.next);
        try {
          const { url, flow } = await needed().begin(next, query.again === 'true');
          const cookie = flowCookie(flow, secretKey, headers['x-forwarded-proto'] === 'https');
          return { status: 303, headers: { Location: url, 'Set-Cookie': cookie } };
        } catch (error) {
          return refused(error, next, requestId);
        }
      },
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/session/oidc/callback',
      tag: 'session',
      summary: 'Where the provider sends the browser back to: opens the session of the account that its claim names',
      checksQuery: true,
      answers: { 303: undefined },
      async handle({ query, headers, address, requestId }) {
        const flow = flowIn(headers.cookie, secretKey, Date.now());
        const isSecure = headers['x-forwarded-proto'] === 'https';
        try {
          const asked = needed();
          if (!flow) throw new SignOnError('expired');
          const { account, subject, session, idToken } = await asked.finish(flow, searchOf(query));
          if (account === undefined || !(await isAccount(db, account))) throw new SignOnError('unknown');
          const sealedIdToken = seal(secretKey, idToken);
          const vouched = { subject, sealedIdToken, ...(session === undefined ? {} : { session }) };
          const agent = headers['user-agent'];
          const { token } = await openSession(db, { person: account, address, agent, vouched });
          return {
            status: 303,
            headers: {
              Location: `/signed-in?${new URLSearchParams({ next: flow.next }).toString()}`,
              'Set-Cookie': [sessionCookie(token, isSecure), endedFlowCookie(isSecure)],
            },
          };
        } catch (error) {
          const reply = refused(error, flow?.next ?? '/', requestId);
          return { ...reply, headers: { ...reply.headers, 'Set-Cookie': endedFlowCookie(isSecure) } };
        }
      },
    }),
    publicEndpoint({
      method: 'post',
      path: '/api/session/oidc/logout',
      tag: 'session',
      summary: 'For the provider: ends the sessions that a logout token names (OpenID Connect Back-Channel Logout)',
      form: true,
      body: logoutBody,
      answers: { 200: undefined },
      async handle({ body }) {
        const out = await needed().loggedOut(body.logout_token).catch(unavailable);
        if (!out) throw new Problem('Malformed');
        const { subject, session: providerSession } = out;
        await revokeSessions(db, {
          ...(subject === undefined ? {} : { subject }),
          ...(providerSession === undefined ? {} : { providerSession }),
        });
        return { status: 200, body: '' };
      },
    }),
  ];
}

/** A provider that does not answer is asked again by itself: it is told to. */
function unavailable(cause: unknown): never {
  throw cause instanceof SignOnError ? new Problem('Unavailable', { retryAfter: 5, cause }) : cause;
}

/** Of a parameter that comes more than once nothing is taken, and the provider's answer is refused for it. */
function searchOf(query: unknown): URLSearchParams {
  const entries = Object.entries(query as Record<string, unknown>);
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
