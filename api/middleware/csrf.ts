import { timingSafeEqual } from 'node:crypto';
import type { Middleware } from 'koa';
import type { Caller } from '../endpoint.ts';
import { Problem } from '../problem.ts';

/** A cookie is sent along by browsers whoever asks for it: what changes something must also carry the session's CSRF token. */
export function csrf(): Middleware {
  return async function csrfMiddleware(ctx, next) {
    const { csrfToken } = ctx.state['caller'] as Caller;
    const isSafe = ['GET', 'HEAD', 'OPTIONS'].includes(ctx.method);
    if (csrfToken !== undefined && !isSafe && !isSame(ctx.get('X-CSRF-Token'), csrfToken)) {
      throw new Problem('CsrfTokenWrong');
    }
    await next();
  };
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
