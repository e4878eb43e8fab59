import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Registry } from 'prom-client';
import { isLoopback } from '../config-values.ts';

/** Whether a request may read the metrics: `allowed`, or how it is refused. */
export type Access = 'allowed' | 'unauthenticated' | 'forbidden';

interface Asking {
  readonly address: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * With a token, whoever shows it. Without one, this machine alone, and nobody where something stands in between: a proxy on
 * this machine makes the whole world look as if it were here.
 */
export function metricsAccess(
  { address, headers }: Asking,
  { token, isProxied }: { readonly token: string | undefined; readonly isProxied: boolean },
): Access {
  if (token !== undefined) {
    const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    return given !== undefined && isSame(given, token) ? 'allowed' : 'unauthenticated';
  }
  const passedOn = PASSED_ON.some((name) => headers[name] !== undefined);
  return isLoopback(address) && !isProxied && !passedOn ? 'allowed' : 'forbidden';
}

const PASSED_ON = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
] as const;

/** Digests are of one length, so that the comparison takes as long whatever was given. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

export interface MetricsListener {
  readonly port: number;
  close(): Promise<void>;
}

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string | undefined;
}

const STATUS = { unauthenticated: 401, forbidden: 403 } as const;

/** Answers `GET /metrics` and nothing else: for a process that has no other server. Rejects where it cannot listen. */
export async function listenForScrapes(
  registry: Registry,
  { host, port, token }: ListenerOptions,
): Promise<MetricsListener> {
  const server = createServer((request, response) => {
    const end = (status: number, text = '', headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'Cache-Control': 'no-store', ...headers }).end(text);
    };
    if (request.url?.split('?')[0] !== '/metrics') return end(404);
    if (request.method !== 'GET') return end(405, '', { Allow: 'GET' });
    const asking = { address: request.socket.remoteAddress ?? '', headers: request.headers };
    const access = metricsAccess(asking, { token, isProxied: false });
    if (access !== 'allowed') {
      return end(STATUS[access], '', access === 'unauthenticated' ? { 'WWW-Authenticate': 'Bearer' } : {});
    }
    registry.metrics().then(
      (text) => end(200, text, { 'Content-Type': registry.contentType }),
      () => end(500),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
