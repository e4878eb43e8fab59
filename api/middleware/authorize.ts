import type { Middleware } from 'koa';
import type { Caller } from '../endpoint.ts';
import { Problem } from '../problem.ts';
import { type Policies, reachOf } from '../reach.ts';

/** Lets through who may do this in the own department or in any; whose thing it is, the handler asks once it has loaded it. */
export function authorize(object: string, action: string, { policies }: { readonly policies: Policies }): Middleware {
  return async function authorizeMiddleware(ctx, next) {
    const { actor } = ctx.state['caller'] as Caller;
    if (reachOf(policies, actor, { action, object }) === 'none') throw new Problem('NotAllowed');
    await next();
  };
}
