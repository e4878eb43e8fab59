import type { MaskRule } from './catalogue.ts';
import type { FileTerms } from './file-delivery.ts';
import type { ShareMode } from './language.ts';
import type { Rate } from './rate.ts';
import type { RowScope } from './row-scope.ts';

/** The right given (授权): exactly which items and rows, how masked, by which mode, for what and how long. */
export interface Grant {
  readonly id: string;
  readonly caseId: string;
  readonly requester: string;
  readonly provider: string;
  readonly entryId: string;
  readonly entryVersion: number;
  readonly items: readonly string[];
  readonly masks: Readonly<Record<string, MaskRule>>;
  readonly rowScope: RowScope;
  readonly mode: ShareMode;
  /** Where the mode is `file`: as what, and where to. */
  readonly file?: FileTerms;
  /** Where the mode is `service`: how often it may be called. */
  readonly rate?: Rate;
  readonly purpose: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** Up to when changes of the source are in a delivery, as its column `column` has it (text in UTC). */
export interface Mark {
  readonly column: string;
  /** Of an increment: the mark of the delivery that it goes on from. */
  readonly from?: string;
  readonly to: string;
}

/** What an increment did to the target table, and how many rows that has since. */
export interface Changes {
  /** The delivery that it goes on from. */
  readonly base: string;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly total: number;
}

/**
 * What a delivery carries so that anyone can hold it against what was approved. Times are RFC 3339.
 * `sha256` is over the canonical form: the granted items in the grant's order, masked, rows ordered by the entry's key (by
 * what is delivered where pseudonyms stand for a key that is not), in PostgreSQL's COPY text format under fixed session
 * settings, UTF-8. Of an increment `rows`, `bytes` and `sha256` are of the rows that changed in the source; those deleted
 * there have no content any more and are counted in `changes`.
 */
export interface Manifest {
  readonly deliveryId: string;
  readonly grantId: string;
  readonly caseId: string;
  readonly entryId: string;
  readonly entryVersion: number;
  readonly items: readonly string[];
  readonly rowScope: RowScope;
  readonly masks: Readonly<Record<string, MaskRule>>;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly policyVersion: string;
  readonly policyLine: string;
  readonly source: { readonly sourceId: string; readonly schema: string; readonly table: string };
  readonly target: { readonly sourceId: string; readonly schema: string; readonly table: string };
  /** Absent where the entry names no column that says when a row was changed. */
  readonly mark?: Mark;
  /** Absent: the whole set. */
  readonly changes?: Changes;
  /**
   * The digest (`digestOf`) of the manifest before it under the same grant; of the grant itself in the first. Absent in
   * manifests from before they were chained.
   */
  readonly previous?: string;
  readonly startedAt: string;
  readonly endedAt: string;
}

/** A file that was delivered: the same, with what it was written as and where it lies in place of a table. */
export interface FileManifest extends Omit<Manifest, 'target'> {
  readonly file: DeliveredFile;
}

/**
 * A service that was opened: nothing is moved, so rows and bytes are 0 and the digest is that of nothing. It says under
 * which terms calls are answered from now on, and that a key to call with was there.
 */
export interface ServiceManifest extends Omit<Manifest, 'target' | 'source'> {
  readonly source: { readonly sourceId: string };
  readonly service: { readonly id: string; readonly keyId: string };
}

/** The manifest of a delivery in any mode. */
export type AnyManifest = Manifest | FileManifest | ServiceManifest;

export interface DeliveredFile extends FileTerms {
  readonly name: string;
  /** Size and SHA-256 of the file itself, while `bytes` and `sha256` of the manifest are of the canonical form. */
  readonly bytes: number;
  readonly sha256: string;
  /** The folder below its root, the address in the storage, or the path of the download. */
  readonly place: string;
}
