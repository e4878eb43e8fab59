import { Socket } from 'node:net';
import type { AddressGuard } from '../notices/addresses.ts';

/** Makes sockets for the driver of a database that connect to permitted addresses only. */
export function guardedSocket(guard: AddressGuard): () => Socket {
  return () => new GuardedSocket(guard);
}

/** Resolves the name for the very connection that is made, so that it cannot lead elsewhere in between. */
class GuardedSocket extends Socket {
  readonly #guard: AddressGuard;

  constructor(guard: AddressGuard) {
    super();
    this.#guard = guard;
  }

  /** As the driver calls it; a path to a socket on this machine is never permitted. */
  override connect(...args: readonly unknown[]): this {
    const [port, name = 'localhost'] = args as readonly [unknown, string?];
    const host = name.replace(/^\[(.*)\]$/, '$1');
    if (typeof port !== 'number' || this.#guard.forbids(host)) {
      return this.destroy(Object.assign(new Error('The address is not permitted'), { code: 'AddressForbidden' }));
    }
    return super.connect({ port, host, lookup: this.#guard.lookup });
  }
}
