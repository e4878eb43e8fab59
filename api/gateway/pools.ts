import type { Grant } from '../../domain/grant.ts';
import type { TableEntry } from '../../domain/catalogue.ts';
import type { Service } from '../../domain/service.ts';
import type { AddressGuard } from '../../notices/addresses.ts';
import type { Columns } from '../../sources/columns.ts';
import { columnsOf } from '../../sources/postgresql/columns.ts';
import { masksOf } from '../../sources/granted-sql.ts';
import { type SourcePool, sourcePool } from '../../sources/pool.ts';
import { pseudonymsOf } from '../../sources/pseudonyms.ts';
import type { OpenedSource } from '../../store/data-sources.ts';

export interface OpenPool {
  readonly pool: SourcePool;
  /** The columns of the entry's table, as they were within the last minute. */
  columns(): Promise<Columns>;
  /** They are not what they were. */
  forgetColumns(): void;
}

export interface Pools {
  of(asked: PoolAsk): OpenPool;
  stop(): Promise<void>;
}

export interface PoolAsk {
  readonly service: Service;
  readonly source: OpenedSource;
  readonly grant: Grant;
  readonly entry: TableEntry;
}

/** Connections of one process to the source of one service, at the most; of a grant with pseudonyms it has its own. */
const MOST_CONNECTIONS = 4;
const MOST_POOLS = 200;
const COLUMNS_MS = 60_000;

/** Connections to sources, by service. The salt of a grant's pseudonyms is said as a connection begins: it needs its own. */
export function sourcePools({
  guard,
  secretKey,
}: {
  readonly guard: AddressGuard;
  readonly secretKey: Uint8Array;
}): Pools {
  const open = new Map<string, OpenPool & { readonly of: string }>();

  function close(key: string): void {
    const gone = open.get(key);
    open.delete(key);
    gone?.pool.end().catch(() => undefined);
  }

  function opened({ service, source, grant, entry }: PoolAsk, hasPseudonyms: boolean): OpenPool {
    const { connection, isTrusted } = source;
    if (connection.kind !== 'postgresql') throw new Error(`Source ${source.id} is no database`);
    const pool = sourcePool({
      url: connection.url,
      most: MOST_CONNECTIONS,
      timeoutMs: service.timeoutMs,
      ...(isTrusted ? {} : { guard }),
      ...(hasPseudonyms ? { settings: pseudonymsOf(secretKey, grant.id).settings() } : {}),
    });
    let known: { readonly at: number; readonly columns: Promise<Columns> } | undefined;
    return {
      pool,
      columns() {
        if (known === undefined || performance.now() - known.at > COLUMNS_MS) {
          const asked = { at: performance.now(), columns: columnsOf(pool, entry.mount) };
          known = asked;
          asked.columns.catch(() => {
            if (known === asked) known = undefined;
          });
        }
        return known.columns;
      },
      forgetColumns: () => (known = undefined),
    };
  }

  return {
    of(asked) {
      const { service, source, grant, entry } = asked;
      const hasPseudonyms = Object.values(masksOf(grant, entry)).includes('pseudonym');
      const of = JSON.stringify([service.id, entry.version, hasPseudonyms ? grant.id : '']);
      const key = JSON.stringify([of, service.revision, source.id, source.revision]);
      const found = open.get(key);
      if (found) return found;
      // What was changed since has another pool.
      for (const [other, { of: earlier }] of open) if (earlier === of) close(other);
      const [oldest] = open.keys();
      if (open.size >= MOST_POOLS && oldest !== undefined) close(oldest);
      const made = { ...opened(asked, hasPseudonyms), of };
      open.set(key, made);
      return made;
    },
    async stop() {
      await Promise.all([...open.values()].map(({ pool }) => pool.end().catch(() => undefined)));
      open.clear();
    },
  };
}
