import type { Connection } from '../domain/data-source.ts';
import type { Fault } from '../domain/language.ts';
import type { AddressGuard } from '../notices/addresses.ts';
import { Problem } from './problem.ts';
import type { ConnectionInput } from './routes/data-sources/schema.ts';

/** What Node sets itself, or what would let a request be read in two ways. */
const HEADERS_OF_OURS =
  /^(?:host|connection|content-.*|transfer-encoding|upgrade|te|trailer|expect|accept|accept-encoding)$/i;
const TLS = {
  postgresql: { none: '', encrypted: '?sslmode=no-verify', verified: '?sslmode=verify-full' },
  mysql: { none: '', encrypted: '?tls=encrypted', verified: '?tls=verified' },
} as const;

/**
 * How a source is reached, as it is sealed. What a name leads to is only known, and checked, when it is connected to.
 * @throws {Problem} Invalid, with every fault
 */
export function connectionFrom(input: ConnectionInput, guard: AddressGuard): Connection {
  switch (input.kind) {
    case 'postgresql':
    case 'mysql': {
      const { kind, host, port, database, user, password, tls } = input;
      refuseIf(guard.forbids(host), { pointer: '/connection/host', code: 'AddressNotReachable' });
      const at = host.includes(':') ? `[${host}]` : host;
      const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
      return {
        kind,
        url: `${kind}://${login}@${at}:${port}/${encodeURIComponent(database)}${TLS[kind][tls]}`,
      };
    }
    case 'folder': {
      const { path } = input;
      const isPlain = !/^[/\\]|\\|\0/.test(path) && !path.split('/').includes('..');
      refuseIf(!isPlain, { pointer: '/connection/path', code: 'PathOutside' });
      return { kind: 'folder', path };
    }
    case 'http':
      return serviceFrom(input, guard);
  }
}

function serviceFrom({ url: text, headers }: ConnectionInput & { kind: 'http' }, guard: AddressGuard): Connection {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSound = url && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === '';
  const isForbidden = url !== undefined && guard.forbids(url.hostname);
  const faults: Fault[] = [
    ...(isSound ? [] : [{ pointer: '/connection/url', code: 'Malformed' }]),
    ...(isForbidden ? [{ pointer: '/connection/url', code: 'AddressNotReachable' }] : []),
    ...Object.keys(headers).flatMap((name) =>
      HEADERS_OF_OURS.test(name) ? [{ pointer: `/connection/headers/${name}`, code: 'HeaderNotAllowed' }] : [],
    ),
  ];
  if (!url || faults.length > 0) throw new Problem('Invalid', { faults });
  return { kind: 'http', url: url.href, headers };
}

function refuseIf(isWrong: boolean, fault: Fault): void {
  if (isWrong) throw new Problem('Invalid', { faults: [fault] });
}
