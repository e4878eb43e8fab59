import type { Middleware } from 'koa';
import type { Logger } from 'pino';

/** One line a request: never bodies, queries, tokens or names, since those may hold secrets or personal data. */
export function log({ logger }: { readonly logger: Logger }): Middleware {
  return async function logMiddleware(ctx, next) {
    const start = process.hrtime.bigint();
    await next();
    const ms = Number(process.hrtime.bigint() - start) / 1e6;
    const { requestId, caller } = ctx.state;
    logger.info(
      {
        requestId,
        method: ctx.method,
        path: ctx.path,
        status: ctx.status,
        ms: Math.round(ms * 10) / 10,
        person: caller?.actor.person,
        code: ctx.state['problem'],
      },
      'request',
    );
  };
}
