import { createHash } from 'node:crypto';
import type { Middleware } from 'koa';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Caller, Idempotency } from '../endpoint.ts';
import { Problem } from '../problem.ts';

const KEY = /^[\w.:~+=@-]{1,128}$/;

/** A POST names a key, so that repeating it does nothing twice. What was asked is kept as a digest beside it. */
export function idempotency(): Middleware {
  return async function idempotencyMiddleware(ctx, next) {
    const key = ctx.get('Idempotency-Key');
    if (key === '') throw new Problem('IdempotencyKeyMissing');
    if (!KEY.test(key)) throw new Problem('IdempotencyKeyMalformed');
    const { actor } = ctx.state['caller'] as Caller;
    const hash = createHash('sha256').update(`${ctx.method} ${ctx.path}${ctx.search}\n`);
    const input: unknown = ctx.state['input'];
    hash.update(Buffer.isBuffer(input) ? input : textOf(input));
    const found: Idempotency = { id: `${actor.person}:${key}`, bodyDigest: hash.digest('hex') };
    ctx.state['idempotency'] = found;
    await next();
  };
}

/** Text that has no canonical form is refused later, by name; until then it is told apart as it came. */
function textOf(input: unknown): string {
  try {
    return canonicalJson(input ?? null);
  } catch {
    return JSON.stringify(input);
  }
}
