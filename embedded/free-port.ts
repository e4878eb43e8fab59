import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems give outgoing connections their ports. A server that is started again wants its port
 * back, and a client that dials a port of that range while nobody listens there may end up connected to itself, holding it.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A port that was free a moment ago; whoever takes it must be ready to ask for another. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port, host)) return port;
  }
  throw new Error(`No port from ${LOWEST} to ${HIGHEST} is free on ${host}`);
}

/** Whether a server could listen there now. Other failures, such as a host that is not ours, reject. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
