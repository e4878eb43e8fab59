import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Context, Middleware } from 'koa';
import { escapeHtml } from './html.ts';
import type { PageTitle } from './public-titles.ts';

interface StaticFile {
  readonly body: Buffer;
  readonly gzipped?: Buffer;
  readonly type: string;
  readonly tag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

/** Everything comes from here, and scripts and styles are files: text from people never runs. */
export const PORTAL_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  // Attachments that the portal itself has found to be PDF, shown beside a case.
  'frame-src blob:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What is the API's, whoever asks: a page of the portal never stands in for its answers. */
const NOT_PAGES = /^\/(api|gateway|sysapi|ledger|metrics|problems|catalog\.)(\/|$|\w)/;

/**
 * Serves the built portal: files with a digest in their name may be kept for ever, the page that names them must be asked
 * for again each time. Any other address that a browser goes to is a page of the portal's own (history fallback).
 * Where nothing is built it serves nothing. `titleOf` says what pages of the public site are called before scripts have run.
 */
export function portal(folder: string, titleOf: (path: string) => Promise<PageTitle | undefined>): Middleware {
  const files = filesIn(folder);
  const page = files.get('/index.html');
  return async function portalMiddleware(ctx, next) {
    await next();
    const isRead = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (!page || !isRead || ctx.body !== undefined || ctx.status !== 404) return;
    const file = files.get(ctx.path);
    if (file && file !== page) return send(ctx, file, ctx.path.startsWith('/assets/'));
    const isPage = file === page || (!NOT_PAGES.test(ctx.path) && ctx.accepts('json', 'html') === 'html');
    if (!isPage || (isFileName(ctx.path) && file !== page)) return;
    ctx.set('Content-Security-Policy', PORTAL_POLICY);
    // Without its title a page is still the page: the database may be away.
    const title = await titleOf(ctx.path).catch(() => undefined);
    send(ctx, title ? titled(page, title) : page, false);
  };
}

/** The page under a title of its own. */
function titled({ body, type }: StaticFile, { title, description }: PageTitle): StaticFile {
  const head = `<title>${escapeHtml(title)}</title>\n    <meta name="description" content="${escapeHtml(description)}" />`;
  const text = Buffer.from(body.toString('utf8').replace(/<title>[^<]*<\/title>/, () => head));
  return { body: text, type, tag: tagOf(text) };
}

function tagOf(body: Buffer): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

/** Files lie at the top and under /assets/; the ids of things, which pages are called by, may have a point in them. */
function isFileName(path: string): boolean {
  return extname(path) !== '' && /^\/(assets\/.*|[^/]*)$/.test(path);
}

function send(ctx: Context, { body, gzipped, type, tag }: StaticFile, isForEver: boolean): void {
  ctx.set('Cache-Control', isForEver ? 'public, max-age=31536000, immutable' : 'no-cache');
  ctx.set('ETag', tag);
  ctx.vary('Accept-Encoding');
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const isGzipped = gzipped !== undefined && ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (isGzipped) ctx.set('Content-Encoding', 'gzip');
  ctx.type = type;
  ctx.body = isGzipped ? gzipped : body;
}

/** Held in memory: about a megabyte, read once. A build that comes later is served after the next start. */
function filesIn(folder: string): ReadonlyMap<string, StaticFile> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    names.map((name) => {
      const body = readFileSync(name);
      const gzipped = existsSync(`${name}.gz`) ? readFileSync(`${name}.gz`) : undefined;
      const type = TYPES[extname(name)] ?? 'application/octet-stream';
      return [
        `/${relative(folder, name).replaceAll(sep, '/')}`,
        { body, type, tag: tagOf(body), ...(gzipped ? { gzipped } : {}) },
      ];
    }),
  );
}
