import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Reply } from './endpoint.ts';

/** For how long whoever has an answer need not ask again, in seconds. */
const FRESH_SECONDS = 60;

/** An answer that is the same for everybody: caches may keep it for a minute, and ask by its ETag whether it still holds. */
export function cacheable(body: unknown, headers: IncomingHttpHeaders): Reply {
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22);
  const tag = `W/"${digest}"`;
  const kept = { ETag: tag, 'Cache-Control': `public, max-age=${FRESH_SECONDS}` };
  const known = headers['if-none-match']?.split(',').map((one) => one.trim()) ?? [];
  if (known.includes(tag) || known.includes('*')) return { status: 304, headers: kept };
  return { status: 200, body, headers: kept };
}
