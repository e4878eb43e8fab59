import type { Middleware } from 'koa';
import type { ApiMetrics } from '../../metrics/api.ts';

/** Methods that are asked for; whatever else somebody sends is one more label and no more. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Counts every request by the template of its route. Outermost but for `log`: what it counts is what was answered. */
export function measure({ answered }: Pick<ApiMetrics, 'answered'>): Middleware {
  return async function measureMiddleware(ctx, next) {
    const start = process.hrtime.bigint();
    await next();
    const route: unknown = ctx.state['route'];
    answered({
      method: METHODS.includes(ctx.method) ? ctx.method : 'other',
      route: typeof route === 'string' ? route : 'none',
      status: ctx.status,
      seconds: Number(process.hrtime.bigint() - start) / 1e9,
    });
  };
}

/** Says under which route's template a request is counted. */
export function routed(path: string): Middleware {
  return async function routedMiddleware(ctx, next) {
    ctx.state['route'] = path;
    await next();
  };
}
