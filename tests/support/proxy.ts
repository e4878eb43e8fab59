import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A server that can be cut off from who talks to it, and joined again, while it runs on. */
export interface Proxy {
  readonly port: number;
  cut(): void;
  join(): void;
  close(): Promise<void>;
}

/** Stands on a free port of this machine before a server, given as `host:port` or the path of its socket. */
export async function proxyTo(
  target: { readonly path: string } | { readonly host: string; readonly port: number },
): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((near) => {
    if (isCut) return void near.destroy();
    const far = createConnection(target);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    join() {
      isCut = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** In front of a PostgreSQL server, by the address that its clients use; gives the address through the proxy. */
export async function databaseProxy(address: string): Promise<Proxy & { readonly url: string }> {
  const url = new URL(address);
  const folder = url.searchParams.get('host');
  const port = Number(url.port === '' ? 5_432 : url.port);
  const proxy = await proxyTo(folder ? { path: `${folder}/.s.PGSQL.${port}` } : { host: url.hostname, port });
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { ...proxy, url: url.href };
}
