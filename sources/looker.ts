import type { Mount } from '../domain/catalogue.ts';
import type { Connection, Probe, SourceReason } from '../domain/data-source.ts';
import type { Physical } from '../domain/mount-check.ts';
import type { AddressGuard } from '../notices/addresses.ts';
import { lookAtFiles, probeFolder } from './folder.ts';
import { lookAtServices, probeService } from './http.ts';
import { lookAtTables, probeDatabase } from './database.ts';

/** What a look at one mount has come to. */
export type Look =
  | { readonly outcome: 'found'; readonly physical: Physical }
  /** The source is there, and has no such table, file or address, or it may not be read. */
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'failed'; readonly reason: SourceReason };

/** A source that can be looked into. */
export interface OpenSource {
  readonly department: string;
  readonly connection: Connection;
  /** Whoever runs the platform has named the address: it may be any. */
  readonly isTrusted: boolean;
}

/** Looks into departments' sources, read-only. */
export interface Looker {
  /** @throws {SourceFailure} */
  probe(source: OpenSource): Promise<Probe>;
  /** Looks at mounts of one source, in their order, through as few connections as can be. @throws {SourceFailure} */
  look(source: OpenSource, mounts: readonly Mount[]): Promise<Look[]>;
}

export interface LookerOptions {
  readonly guard: AddressGuard;
  /** Under which each department has a folder that bears its id; absent: folders are not looked into. */
  readonly foldersRoot?: string;
  /** For the answer of a service, in milliseconds. */
  readonly serviceMs?: number;
}

export function createLooker({ guard, foldersRoot, serviceMs = 10_000 }: LookerOptions): Looker {
  const database = (url: string, isTrusted: boolean) => ({ url, ...(isTrusted ? {} : { guard }) });
  const folder = (department: string, path: string) => ({
    department,
    path,
    ...(foldersRoot === undefined ? {} : { root: foldersRoot }),
  });
  return {
    async probe({ connection, department, isTrusted }) {
      switch (connection.kind) {
        case 'postgresql':
        case 'mysql':
          return probeDatabase(database(connection.url, isTrusted));
        case 'folder':
          return probeFolder(folder(department, connection.path));
        case 'http':
          return probeService({ ...connection, guard, timeoutMs: serviceMs });
      }
    },
    async look({ connection, department, isTrusted }, mounts) {
      if (mounts.length === 0) return [];
      switch (connection.kind) {
        case 'postgresql':
        case 'mysql':
          return lookAtTables(database(connection.url, isTrusted), mounts);
        case 'folder':
          return lookAtFiles(folder(department, connection.path), mounts);
        case 'http':
          return lookAtServices({ ...connection, guard, timeoutMs: serviceMs }, mounts);
      }
    },
  };
}
