import type { Readable, Writable } from 'node:stream';
import type { Side } from '../../domain/delivery-failure.ts';
import type { RowQuery } from '../../sources/granted-sql.ts';
import type { Dialect } from './dialect.ts';

/** A department's data source: where it is, without being open. Anything that opens a session can stand in its place. */
export interface DataSource {
  readonly sourceId: string;
  /** `label` shows in the department's own monitoring. Rejects with a TransferFailure. */
  open(label: string, signal?: AbortSignal, settings?: SessionSettings): Promise<Session>;
}

/**
 * Settings of a session that are secret. They are said as the connection begins and are in no statement and no parameter
 * of one, so no log that a database keeps of its statements has them. Where a database can only be told by a statement
 * the session is refused if that would be logged. Names and values are plain words.
 */
export type SessionSettings = Readonly<Record<string, string>>;

/** A table that takes rows in the canonical form. */
export interface Filling {
  /** As SQL names it. */
  readonly table: string;
  /** `type`: the base type, as in `RowQuery`. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** It was made in this transaction and nobody else sees it. */
  readonly isNew: boolean;
}

/**
 * One connection to one side. All its errors are TransferFailures of that side. Rows leave and come in one canonical form
 * whatever the database: PostgreSQL's COPY text format, of which the digest of a delivery is taken.
 */
export interface Session {
  readonly side: Side;
  /** How its database says what differs from others. */
  readonly dialect: Dialect;
  rows<T>(text: string, values?: readonly unknown[]): Promise<T[]>;
  /** Runs a statement without values; several, where the dialect's own code knows that its database takes them. */
  run(text: string): Promise<void>;
  /**
   * Runs the one statement that makes a delivery visible. A signal that comes before stops it; one that comes during it does
   * not, so that nobody is left in doubt of whether it was done.
   */
  commit(text?: string): Promise<void>;
  copyOut(query: RowQuery): CopyOut;
  copyIn(into: Filling): CopyIn;
  /** Ends the connection, waiting for a good end only if nothing is under way. */
  close(): Promise<void>;
  /** Cuts the connection at once: the server rolls back what was under way. */
  abort(): void;
}

export type CopyOut = Readable & { readonly rowCount: number };
export type CopyIn = Writable & { readonly rowCount: number };
