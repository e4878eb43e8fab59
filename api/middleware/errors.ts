import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { isDatabaseDown } from '../../store/outage.ts';
import { isEngineDown } from '../engine.ts';
import { messageOf } from '../fault-messages.ts';
import { readAway } from './read-away.ts';
import { adviceOn } from '../problem-advice.ts';
import { type Locale, Problem, titleOf, typeOf } from '../problem.ts';

/** The one place that writes error answers (RFC 9457). What nobody expected is logged and answered without a word of it. */
export function errors({ logger }: { readonly logger: Logger }): Middleware {
  return async function errorsMiddleware(ctx, next) {
    try {
      await next();
      if (ctx.body !== undefined) return;
      if (ctx.status === 404) write(ctx, new Problem('NotFound'));
      // So the router leaves a method that is not that of any route here; `Allow` it has said already.
      if (ctx.status === 405 || ctx.status === 501) write(ctx, new Problem('MethodNotAllowed'));
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status >= 500) logger.error({ requestId: ctx.state['requestId'], err: error }, problem.code);
      write(ctx, problem);
      await readAway(ctx.req);
    }
  };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isDatabaseDown(error) || isEngineDown(error)) {
    return new Problem('Unavailable', { retryAfter: 2, cause: error });
  }
  if (error instanceof URIError) return new Problem('Malformed', { cause: error });
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return new Problem(status === 400 ? 'Malformed' : 'InternalError', { cause: error });
}

function write(ctx: Context, problem: Problem): void {
  const locale: Locale = ctx.state['locale'] ?? 'zh';
  const { code, status, faults, retryAfter, headers, params } = problem;
  const detail = adviceOn(code, params, locale);
  ctx.state['problem'] = code;
  ctx.status = status;
  ctx.set({ ...headers });
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
  if (status === 401) ctx.set('WWW-Authenticate', 'Bearer realm="santong"');
  ctx.body = {
    type: typeOf(code),
    title: titleOf(code, locale),
    ...(detail === undefined ? {} : { detail }),
    status,
    code,
    requestId: ctx.state['requestId'],
    ...(faults.length === 0
      ? {}
      : {
          errors: faults.map((fault) => ({
            pointer: fault.pointer,
            code: fault.code,
            message: messageOf(fault, locale),
          })),
        }),
  };
  ctx.type = 'application/problem+json; charset=utf-8';
}
