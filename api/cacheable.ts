import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Reply } from './endpoint.ts';

/** For how long a cache between many readers and the platform need not ask again, in seconds. */
const FRESH_SECONDS = 60;

/**
 * An answer that is the same for everybody: a shared cache may keep it for a minute; a browser asks by its ETag whether it
 * still holds, so that whoever has it loaded anew sees what is published now.
 */
export function cacheable(body: unknown, headers: IncomingHttpHeaders): Reply {
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22);
  const tag = `W/"${digest}"`;
  const kept = { ETag: tag, 'Cache-Control': `public, max-age=0, s-maxage=${FRESH_SECONDS}` };
  const known = headers['if-none-match']?.split(',').map((one) => one.trim()) ?? [];
  if (known.includes(tag) || known.includes('*')) return { status: 304, headers: kept };
  return { status: 200, body, headers: kept };
}
