import type { Middleware } from 'koa';
import type { Endpoint } from '../endpoint.ts';
import { Problem } from '../problem.ts';
import { unstorable } from '../storable.ts';
import { validate } from '../validate.ts';

/** Checks path, query and body by the endpoint's own schemas; what they let through is all that the handler sees. */
export function validated({ params, query, body, raw, checksBody, checksQuery }: Endpoint): Middleware {
  return async function validatedMiddleware(ctx, next) {
    const parsed = params?.safeParse(ctx['params']);
    // An id that cannot be one names nothing.
    if (parsed?.success === false || unstorable(ctx['params'], '').length > 0) throw new Problem('NotFound');
    ctx.state['params'] = parsed?.data;
    ctx.state['query'] = checksQuery ? { ...ctx.query } : query && validate(query.strict(), { ...ctx.query }, '/query');
    ctx.state['body'] = raw || checksBody ? ctx.state['input'] : body && validate(body, ctx.state['input']);
    await next();
  };
}
