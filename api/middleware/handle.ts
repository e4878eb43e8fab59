import type { Middleware } from 'koa';
import type { Caller, CallerCall, Endpoint, Reply } from '../endpoint.ts';
import { timeOf } from '../time.ts';

/** The last step: hands the checked input to the endpoint and writes what it answers. */
export function handle(endpoint: Endpoint): Middleware {
  const run = endpoint.handle as (call: unknown) => Promise<Reply>;
  return async function handleMiddleware(ctx) {
    const { params, query, body, locale, caller, idempotency, requestId } = ctx.state;
    const call: Omit<CallerCall<unknown, unknown, unknown>, 'caller' | 'actor'> = {
      params,
      query,
      body,
      locale,
      idempotency,
      headers: ctx.headers,
      method: ctx.method,
      address: ctx.ip,
      at: timeOf(new Date()),
      requestId,
    };
    const known = caller as Caller | undefined;
    const reply: Reply = await run(known ? { ...call, caller: known, actor: known.actor } : call);
    ctx.status = reply.status;
    if (reply.body !== undefined) ctx.body = reply.body;
    else if (reply.status === 204) ctx.body = null;
    for (const [name, value] of Object.entries(reply.headers ?? {}))
      ctx.set(name, typeof value === 'string' ? value : [...value]);
  };
}
