import type { Knex } from 'knex';
import type { Context, Middleware } from 'koa';
import { Problem } from '../problem.ts';
import { callerOf, SESSION_COOKIE } from '../session.ts';

export interface AuthenticateDeps {
  readonly db: Knex;
  /** Whether it is open to those who have yet to choose a password of their own. */
  readonly isBeforePassword?: boolean;
}

/**
 * Finds out who calls: by a bearer token or the session's cookie. Without either the request ends here (401), and so it
 * does for whoever has a password that holds for one login only (403).
 */
export function authenticate({ db, isBeforePassword = false }: AuthenticateDeps): Middleware {
  return async function authenticateMiddleware(ctx, next) {
    const bearer = bearerOf(ctx);
    const cookie = bearer === undefined ? ctx.cookies.get(SESSION_COOKIE) : undefined;
    const token = bearer ?? cookie;
    const caller =
      token === undefined ? undefined : await callerOf(db, token, bearer === undefined ? 'cookie' : 'bearer');
    if (!caller) throw new Problem('NotAuthenticated');
    if (caller.mustChangePassword && !isBeforePassword) throw new Problem('PasswordToChange');
    ctx.state['caller'] = caller;
    await next();
  };
}

function bearerOf(ctx: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(ctx.get('Authorization'))?.[1];
}
