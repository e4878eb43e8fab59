import type { Knex } from 'knex';
import type { Context, Middleware } from 'koa';
import { Problem } from '../problem.ts';
import { callerOf, SESSION_COOKIE } from '../session.ts';

/** Finds out who calls: by a bearer token or the session's cookie. Without either the request ends here (401). */
export function authenticate({ db }: { readonly db: Knex }): Middleware {
  return async function authenticateMiddleware(ctx, next) {
    const bearer = bearerOf(ctx);
    const cookie = bearer === undefined ? ctx.cookies.get(SESSION_COOKIE) : undefined;
    const token = bearer ?? cookie;
    const caller =
      token === undefined ? undefined : await callerOf(db, token, bearer === undefined ? 'cookie' : 'bearer');
    if (!caller) throw new Problem('NotAuthenticated');
    ctx.state['caller'] = caller;
    await next();
  };
}

function bearerOf(ctx: Context): string | undefined {
  return /^Bearer +(\S+)$/i.exec(ctx.get('Authorization'))?.[1];
}
