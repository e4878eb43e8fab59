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
    const fault = await faultOf(port, host);
    if (fault === undefined) return port;
    if (fault !== 'EADDRINUSE' && fault !== 'EACCES') throw new Error(`Nothing can listen on ${host}: ${fault}`);
  }
  throw new Error(`No port from ${LOWEST} to ${HIGHEST} is free on ${host}`);
}

/** The system's code for why a server could not listen there now, or undefined if it could. */
export function faultOf(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
