import type { MountKind } from './catalogue.ts';

/** What a department keeps its data in: a PostgreSQL, MySQL or MariaDB database, files in a folder, an HTTP service that answers JSON. */
export const SOURCE_KINDS = ['postgresql', 'mysql', 'folder', 'http'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Sources with tables: deliveries are read from them and brought into them, and the catalogue is compiled from them. */
export const DATABASE_KINDS = ['postgresql', 'mysql'] as const satisfies readonly SourceKind[];
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

export function isDatabase(kind: SourceKind): kind is DatabaseKind {
  return (DATABASE_KINDS as readonly SourceKind[]).includes(kind);
}

/** How a source is reached. It holds passwords: it is stored sealed, and is in no answer, log, event or error. */
export type Connection =
  /** `postgresql://user:password@host:port/database`, or the same with `mysql:`. */
  | { readonly kind: DatabaseKind; readonly url: string }
  /** Under the folder that bears the department's id, with `/`; empty: that folder itself. */
  | { readonly kind: 'folder'; readonly path: string }
  /** `headers` carry what the service asks for to let the platform in. */
  | { readonly kind: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** Why a source cannot be read, as one reason that a person understands. */
export const SOURCE_REASONS = [
  'HostUnknown',
  'NotListening',
  'TimedOut',
  'CertificateRefused',
  'AddressNotReachable',
  'LoginRefused',
  'DatabaseUnknown',
  'NoPermission',
  'SourceBusy',
  'FoldersOff',
  'FolderUnknown',
  'PathOutside',
  'FileUnreadable',
  'AnswerUnreadable',
  'NoRecords',
  'StatusUnexpected',
  'RedirectRefused',
  'TooLarge',
  'Unreachable',
] as const;
export type SourceReason = (typeof SOURCE_REASONS)[number];

/** What a connection test has found. */
export interface Probe {
  /** From the first byte sent to the first answer, in milliseconds. */
  readonly latencyMs: number;
  /** Of the server, as it says itself; absent where nothing says so. */
  readonly version?: string;
  /** Tables, views or files that can be read; absent for a service, which does not say. */
  readonly readable?: { readonly count: number; readonly names: readonly string[] };
}

/** What can be mounted from each kind of source. */
export const MOUNTED_ON = {
  postgresql: 'table',
  mysql: 'table',
  folder: 'file',
  http: 'service',
} as const satisfies Readonly<Record<SourceKind, MountKind>>;

/** What is wrong with one file or address, while the source itself was reached. */
const ABOUT_ONE: readonly SourceReason[] = [
  'PathOutside',
  'FileUnreadable',
  'AnswerUnreadable',
  'NoRecords',
  'StatusUnexpected',
  'RedirectRefused',
  'TooLarge',
];

export function isAboutSource(reason: SourceReason): boolean {
  return !ABOUT_ONE.includes(reason);
}
