import type { MaskRule } from './catalogue.ts';
import type { FileTerms } from './file-delivery.ts';
import type { ShareMode } from './language.ts';
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
  readonly purpose: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/**
 * What a delivery carries so that anyone can hold it against what was approved. Times are RFC 3339.
 * `sha256` is over the canonical form: the granted items in the grant's order, masked, rows ordered by the entry's key,
 * in PostgreSQL's COPY text format under fixed session settings, UTF-8.
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
  readonly startedAt: string;
  readonly endedAt: string;
}

/** A file that was delivered: the same, with what it was written as and where it lies in place of a table. */
export interface FileManifest extends Omit<Manifest, 'target'> {
  readonly file: DeliveredFile;
}

export interface DeliveredFile extends FileTerms {
  readonly name: string;
  /** Size and SHA-256 of the file itself, while `bytes` and `sha256` of the manifest are of the canonical form. */
  readonly bytes: number;
  readonly sha256: string;
  /** The folder below its root, the address in the storage, or the path of the download. */
  readonly place: string;
}
