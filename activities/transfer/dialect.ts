import type { Entry, Item } from '../../domain/catalogue.ts';
import type { Grant, Manifest } from '../../domain/grant.ts';
import type { Column, Columns, TableName } from '../../sources/columns.ts';
import type { Words } from '../../sources/words.ts';
import type { Filling, Session } from './connector.ts';

/**
 * What differs between databases: the words of SQL, how a source is read, how a target receives. All of them quote names
 * with `"` and join texts with `||`: sessions of a database that does otherwise are set to do so.
 */
export interface Dialect {
  /** Two databases of one name take the same sums of keys. */
  readonly name: string;
  readonly words: Words;
  readonly reading: Reading;
  readonly receiving: Receiving;
}

/** A database as a source. */
export interface Reading {
  /** Begins to read one snapshot, with the table's columns locked. `lockMs`: how long the lock is waited for. */
  begin(session: Session, table: TableName, lockMs: number): Promise<void>;
  /** The columns of a table, by name; none when the table does not exist. Items tell which type is meant where one could be two. */
  columnsOf(session: Session, table: TableName, items?: readonly Item[]): Promise<Map<string, Column>>;
  /** How many rows the planner expects of a query. */
  estimate(session: Session, sql: string): Promise<number>;
  /** Undefined: the column's type says no time. */
  spanOf(column: Column): Span | undefined;
}

/** How far before the mark a source is read again: a row may carry a time from before it was there for others to see. */
export interface Span {
  /** The latest time, or now where there is none or it is still to come. */
  upTo(latest: string): string;
  /** The moment from which is read again, of a mark. */
  from(mark: string): string;
}

export interface Staging {
  readonly grant: Grant;
  readonly entry: Entry;
  readonly deliveryId: string;
  /** Of the source. */
  readonly columns: Columns;
}

export interface Merge {
  readonly table: string;
  readonly items: readonly string[];
  readonly key: readonly string[];
}

export interface Patience {
  readonly tries: number;
  readonly timeoutMs: number;
}

export interface Delivered {
  readonly id: string;
  readonly manifest: Manifest;
}

/**
 * A database as a target. Between `claim` and `complete` nobody sees anything of a delivery, and whatever ends it in between
 * leaves the table and the list of deliveries as they were.
 */
export interface Receiving {
  /** Where the tables are that hold what is delivered. */
  schemaOf(session: Session): Promise<string>;
  tableOf(grant: Grant): string;
  /** The table as SQL names it. */
  qualified(table: string): string;
  /** Makes the list of deliveries where it is missing. Safe for several at once. */
  ensure(session: Session): Promise<void>;
  /** Whether anything has been delivered into the database. */
  isThere(session: Session): Promise<boolean>;
  /** Keeps every other delivery into the table out, without waiting for one that is under way. Throws TargetInUse. */
  claim(session: Session, table: string): Promise<void>;
  /** Gives up what was claimed. */
  release(session: Session, table: string): Promise<void>;
  /** The manifest of a delivery that is already there. */
  manifestOf(session: Session, deliveryId: string): Promise<Manifest | undefined>;
  /** The delivery that the table holds now, the last one into it, by the id under which it is listed. */
  latest(session: Session, table: string): Promise<Delivered | undefined>;
  /** The columns of a table that was delivered, as they were in the source. */
  columnsOf(session: Session, table: TableName): Promise<Map<string, Column>>;
  /** An order in which rows come as they were stored, of the table as `s`; undefined where they come so by themselves. */
  readonly storedOrder: string | undefined;
  /** Makes a new staging table for the rows of a delivery. */
  createStaging(session: Session, staging: Staging): Promise<Filling>;
  /** What comes to nothing, as it does where keys are found not to be unique, is taken back. */
  attempt<T>(session: Session, work: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Whether the table still has the columns that a delivery into it has now: its department may have altered it. */
  fitsStaging(session: Session, table: string): Promise<boolean>;
  /** Puts the rows of the staging table into the table, by their key: new ones are inserted, others replace what they differ from. */
  mergeIn(session: Session, merge: Merge): Promise<{ inserted: number; updated: number }>;
  /** Deletes the rows of these keys, each a line of the canonical form. */
  deleteKeys(session: Session, merge: Pick<Merge, 'table' | 'key'>, keys: ReadonlySet<string>): Promise<void>;
  /**
   * Puts the delivery in its place together with its record: a whole set takes the place of the table, an increment is in it
   * already. Throws TargetInUse where readers of the table do not let go.
   */
  complete(session: Session, manifest: Manifest, patience: Patience): Promise<void>;
  /** Whether a delivery that failed leaves an unfinished table to whoever claims next, as no transaction takes it back. */
  readonly leavesStaging: boolean;
}
