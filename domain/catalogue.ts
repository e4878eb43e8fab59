import type { Classification } from './classification.ts';
import type { ShareMode, ShareType } from './language.ts';

/** Types of data items by the 2017 guide (发改高技〔2017〕1272号): character, numeric, currency, date, time, logical, text, … */
export const ITEM_TYPES = ['C', 'N', 'Y', 'D', 'T', 'L', 'M', 'G', 'B', 'I', 'F'] as const;
export type ItemType = (typeof ITEM_TYPES)[number];

/** How an item looks on delivery. `none` leaves it as it is; every other rule masks where the data is (rules.md, Masking). */
export const MASK_RULES = [
  'none',
  'name',
  'mobile',
  'id-card',
  'bank-card',
  'address',
  'email',
  'plate',
  'pseudonym',
  'whole',
] as const;
export type MaskRule = (typeof MASK_RULES)[number];

/** A data item (信息项) of an entry: one column of what is mounted. */
export interface Item {
  /** The column's name in the mounted table: `[a-z][a-z0-9_]*`. Unique within the entry. */
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
  readonly type: ItemType;
  /** Longest value in characters; absent where the type has no length. */
  readonly length?: number;
  /** Data grade (数据分级), 1 lowest to 4 highest. */
  readonly grade: 1 | 2 | 3 | 4;
  /** Whether it is personal information (个人信息保护法 Art.4). */
  readonly personal: boolean;
  /** The least masking under which the provider shares the item; a grant may mask more, never less. */
  readonly mask: MaskRule;
  /** Where it differs from the entry's: `withheld` items of a shared entry cannot be asked for. */
  readonly shareType?: ShareType;
  /** Where it is narrower than the entry's. */
  readonly openness?: Openness;
}

/** Opening to the public (社会开放), outside R809. An entry that says nothing of it is closed. */
export const OPENNESS = ['unconditional', 'conditional', 'closed'] as const;
export type Openness = (typeof OPENNESS)[number];

/** Only `published` entries take new requests; what was granted before goes on by its own terms. */
export type EntryStatus = 'published' | 'suspended' | 'withdrawn';

/** R809 Art.12: nothing below a State Council decision may withhold. */
export const BASIS_LEVELS = ['law', 'administrative-regulation', 'state-council-decision'] as const;

/** R809 Art.12: only a law, an administrative regulation or a State Council decision may withhold. */
export interface WithheldBasis {
  readonly document: string;
  readonly level: (typeof BASIS_LEVELS)[number];
  readonly article: string;
}

/** R809 Art.12 and Art.13: what a conditional entry must state. */
export interface Conditions {
  /** Department ids that may ask; absent means any department. */
  readonly departments?: readonly string[];
  readonly scope: string;
  readonly purposes: readonly string[];
}

/** The binding (挂接) of an entry to what serves it, in a data source of its provider's own. */
export type Mount = TableMount | FileMount | ServiceMount;
export const MOUNT_KINDS = ['table', 'file', 'service'] as const;
export type MountKind = (typeof MOUNT_KINDS)[number];

/** A table, view or materialised view of a database. */
export interface TableMount {
  readonly sourceId: string;
  readonly schema: string;
  readonly table: string;
  /** The column that says when a row was last changed: with it deliveries after the first bring what changed since. */
  readonly updatedColumn?: string;
  /** The column that says that a row is deleted while it is still there: true, or anything where it is no boolean. */
  readonly deletedColumn?: string;
}

/** A file with headings: CSV or XLSX, or JSON Lines, by its ending. */
export interface FileMount {
  readonly sourceId: string;
  /** Its path in the folder of the source, with `/`. */
  readonly file: string;
}

/** An address of an HTTP service that answers JSON. */
export interface ServiceMount {
  readonly sourceId: string;
  /** What follows the base address of the source; empty: nothing. */
  readonly path: string;
  /** JSON pointer (RFC 6901) to the list of records in the answer; absent: the answer itself. */
  readonly records?: string;
}

/** An entry that rows can be delivered from. */
export type TableEntry = Entry & { readonly mount: TableMount };

export function mountKindOf(mount: Mount): MountKind {
  if ('table' in mount) return 'table';
  return 'file' in mount ? 'file' : 'service';
}

/** Deliveries are made from tables; what is mounted on files or services is in the catalogue alone. */
export function isOnTable(entry: Entry): entry is TableEntry {
  return entry.mount !== undefined && mountKindOf(entry.mount) === 'table';
}

/** A published version of a catalogue entry (目录). Requests and grants always point to one version. */
export interface Entry {
  readonly id: string;
  readonly version: number;
  /** Classification code, `/`, sequence number (2017 guide). */
  readonly code: string;
  readonly name: string;
  readonly nameEn: string;
  readonly summary: string;
  readonly provider: string;
  readonly classification: Classification;
  readonly format: string;
  readonly updateCycle: string;
  readonly shareType: ShareType;
  readonly shareModes: readonly ShareMode[];
  readonly conditions?: Conditions;
  readonly withheldBasis?: WithheldBasis;
  readonly items: readonly Item[];
  /** Ids of the items that identify a row: the order of the canonical form, unique and never null in the source. */
  readonly key: readonly string[];
  /** Absent: published before it is mounted; nobody can ask for it yet. */
  readonly mount?: Mount;
  /** Where the rows come from and under which licence. */
  readonly provenance: string;
  readonly publishedAt: string;
  readonly openness?: Openness;
  /** What the public has to meet where the openness is conditional. */
  readonly opennessConditions?: string;
  /** Ids of entries that belong to this one. */
  readonly related?: readonly string[];
  /** Every code of the entry, one for each classification (2017 guide); absent: `code` alone. */
  readonly codes?: readonly { readonly classification: string; readonly code: string }[];
  /** Absent: published. It is the entry's, not the version's. */
  readonly status?: EntryStatus;
  readonly statusReason?: string;
}
