import type { Source } from './types.ts';

/** What is typed of how a source is reached, of whichever kind. */
export interface GivenConnection {
  kind: Source['kind'];
  host: string;
  port: string;
  database: string;
  user: string;
  password: string;
  tls: 'none' | 'encrypted' | 'verified';
  path: string;
  url: string;
  header: string;
  value: string;
}

export const PORTS: Readonly<Record<string, string>> = { postgresql: '5432', mysql: '3306' };

export function emptyConnection(): GivenConnection {
  return {
    kind: 'postgresql',
    host: '',
    port: '',
    database: '',
    user: '',
    password: '',
    tls: 'encrypted',
    path: '',
    url: '',
    header: '',
    value: '',
  };
}

/** What was typed on this visit, without its secrets: where a test fails nobody types all of it again. */
export const typedHere = new Map<string, GivenConnection>();

/** As the API takes it: what belongs to other kinds is left out. */
export function connectionFrom(given: GivenConnection): Record<string, unknown> {
  const { kind } = given;
  if (kind === 'folder') return { kind, path: given.path };
  if (kind === 'http')
    return { kind, url: given.url, headers: given.header === '' ? {} : { [given.header]: given.value } };
  const { host, database, user, password, tls } = given;
  const port = Number(given.port === '' ? PORTS[kind] : given.port);
  return { kind, host, port, database, user, password, tls };
}
