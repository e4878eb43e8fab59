import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';

/** One id a request, in the answer, the log and every problem. A caller's own is kept when it is harmless. */
export function requestId(): Middleware {
  return async function requestIdMiddleware(ctx, next) {
    const given = ctx.get('X-Request-Id');
    ctx.state['requestId'] = /^[\w.-]{1,80}$/.test(given) ? given : randomUUID();
    ctx.set('X-Request-Id', ctx.state['requestId']);
    await next();
  };
}
