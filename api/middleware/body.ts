import type { Context, Middleware } from 'koa';
import { Problem } from '../problem.ts';

/** Enough for the longest application; what may be longer says so at its route. */
export const BODY_LIMIT = 262_144;

/** What a body may be of: bytes, the fields of a form, JSON. */
const TYPES = {
  bytes: ['application/octet-stream'],
  form: ['application/x-www-form-urlencoded'],
  json: ['json', '+json'],
} as const;

export interface BodyOptions {
  /** In bytes. */
  readonly limit: number;
  readonly kind: keyof typeof TYPES;
}

/** Reads the body up to a limit, and refuses what is longer (413), broken (400) or of another kind (415). */
export function body({ limit, kind }: BodyOptions): Middleware {
  return async function bodyMiddleware(ctx, next) {
    const isRight = ctx.is(...TYPES[kind]);
    // A browser that sends nothing says that its length is 0, and of what type nothing is it does not say.
    if (isRight === false && ctx.request.length !== 0) throw new Problem('UnsupportedMediaType');
    const bytes = await read(ctx, limit);
    ctx.state['input'] = kind === 'bytes' ? bytes : kind === 'form' ? fieldsOf(bytes) : parse(bytes);
    await next();
  };
}

function fieldsOf(bytes: Buffer): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
}

async function read(ctx: Context, limit: number): Promise<Buffer> {
  if ((ctx.request.length ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Not destroyed when it becomes too long: then the refusal would never reach the caller. Node reads the rest away.
    for await (const chunk of ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Problem ? error : new Problem('Malformed', { cause: error });
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): Problem {
  const MIB = 1_048_576;
  return new Problem('BodyTooLarge', {
    params: { limit: limit < MIB ? `${limit / 1_024} KiB` : `${Math.round((limit / MIB) * 10) / 10} MiB` },
  });
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Problem('Malformed', { cause });
  }
  if (!isShallow(value)) throw new Problem('Malformed');
  return value;
}

/** No input nests this deep; what does is made to exhaust the stack of whatever walks through it. */
const DEEPEST = 32;

function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return false;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return true;
}
