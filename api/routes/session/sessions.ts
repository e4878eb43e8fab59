import { z } from 'zod';
import { listSessions, revokeSessions } from '../../../store/sessions.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { listOf } from '../../schema.ts';
import { sessionCookie } from '../../session.ts';
import { presentSession } from './present.ts';
import { ended, endQuery, ownSession, sessionsQuery } from './schema.ts';
import { type SessionDeps, signOutAt } from './sign-out.ts';

/** Everybody's own sessions, and nobody else's. */
export function ownSessionEndpoints(deps: SessionDeps): Endpoint[] {
  const { db } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/sessions',
      tag: 'session',
      summary: 'Where I am logged in: when, from where, with what, last seen; the latest first',
      access: 'anyone',
      query: sessionsQuery,
      answers: { 200: listOf(ownSession) },
      async handle({ query, actor, caller }) {
        const page = await listSessions(db, actor.person, pageRequest('sessions', query));
        return { status: 200, body: presentPage('sessions', page, (one) => presentSession(one, caller)) };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/sessions/:id',
      tag: 'session',
      summary: 'End one of my sessions',
      access: 'anyone',
      params: z.object({ id: z.uuid() }),
      answers: { 204: undefined },
      async handle({ params, actor }) {
        const count = await revokeSessions(db, { person: actor.person, id: params.id });
        if (count === 0) throw new Problem('NotFound');
        return { status: 204 };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/sessions',
      tag: 'session',
      summary: 'End all of my sessions, or all but this one: log out everywhere',
      access: 'anyone',
      query: endQuery,
      answers: { 200: ended },
      async handle({ query, actor, caller }) {
        if (query.except === 'this') {
          const count = await revokeSessions(db, { person: actor.person, except: caller.sessionId });
          return { status: 200, body: { ended: count } };
        }
        const besides = await signOutAt(deps, caller);
        const count = await revokeSessions(db, { person: actor.person });
        return {
          status: 200,
          body: { ended: count, ...(besides === undefined ? {} : { signOutAt: besides }) },
          headers: { 'Set-Cookie': sessionCookie('', false) },
        };
      },
    }),
  ];
}
