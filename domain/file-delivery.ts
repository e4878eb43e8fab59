import type { Fault, ShareMode } from './language.ts';

/** What a file delivery is written as: CSV (RFC 4180), an Excel workbook, JSON Lines, Apache Parquet. */
export const FILE_FORMATS = ['csv', 'xlsx', 'jsonl', 'parquet'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** How text is written in CSV: UTF-8, or GB18030 (GB 18030-2022), which older Chinese programs expect. */
export const FILE_ENCODINGS = ['utf-8', 'gb18030'] as const;
export type FileEncoding = (typeof FILE_ENCODINGS)[number];

/** Where a file goes: kept by the platform to be downloaded, a folder of the requester's, or a bucket of an S3 storage. */
export const FILE_DESTINATIONS = ['download', 'folder', 's3'] as const;
export type FileDestination = (typeof FILE_DESTINATIONS)[number];

/** What was asked for and granted about the file, with nothing left open. `encoding` and `bom` are there for CSV alone. */
export interface FileTerms {
  readonly format: FileFormat;
  readonly encoding?: FileEncoding;
  /** Whether the file begins with a byte-order mark, by which spreadsheets know UTF-8. */
  readonly bom?: boolean;
  readonly to: FileDestination;
}

/** What an applicant says of the file; the rest is filled in by `fileTermsOf`. */
export interface FileAsk {
  readonly format?: FileFormat | undefined;
  readonly encoding?: FileEncoding | undefined;
  readonly bom?: boolean | undefined;
  readonly to?: FileDestination | undefined;
}

export type FileFaultCode = 'FileForOtherMode' | 'EncodingForCsvOnly' | 'BomForUtf8Only' | 'DestinationNotOffered';

/** Every fault of what is asked of the file; `destinations` are those that the platform has been set up for. */
export function checkFileAsk(
  ask: FileAsk | undefined,
  { mode, destinations }: { readonly mode: ShareMode; readonly destinations: readonly FileDestination[] },
): (Fault & { readonly code: FileFaultCode })[] {
  if (ask === undefined) return [];
  if (mode !== 'file') return [{ pointer: '/file', code: 'FileForOtherMode' }];
  const { format, encoding, bom, to } = fileTermsOf(ask);
  const faults: (Fault & { readonly code: FileFaultCode })[] = [];
  if (format !== 'csv' && ask.encoding !== undefined) {
    faults.push({ pointer: '/file/encoding', code: 'EncodingForCsvOnly' });
  }
  const isMarked = format === 'csv' ? bom === true && encoding !== 'utf-8' : ask.bom === true;
  if (isMarked) faults.push({ pointer: '/file/bom', code: 'BomForUtf8Only' });
  if (!destinations.includes(to)) faults.push({ pointer: '/file/to', code: 'DestinationNotOffered', params: { to } });
  return faults;
}

/** CSV in UTF-8 with a byte-order mark, to be downloaded, where nothing else is asked for. */
export function fileTermsOf({ format = 'csv', encoding = 'utf-8', bom, to = 'download' }: FileAsk = {}): FileTerms {
  if (format !== 'csv') return { format, to };
  return { format, encoding, bom: bom ?? encoding === 'utf-8', to };
}

/** The parts of a file delivery: the data, and beside it its digest, the dictionary of the data as JSON and CSV, the manifest. */
export const FILE_PARTS = ['data', 'digest', 'dictionary', 'dictionary-csv', 'manifest'] as const;
export type FilePart = (typeof FILE_PARTS)[number];

/** The names of the parts, which all begin with the entry's id and the delivery's. Safe in every file system and address. */
export function fileNamesOf(
  entryId: string,
  deliveryId: string,
  format: FileFormat,
): Readonly<Record<FilePart, string>> {
  const base = fileBaseOf(entryId, deliveryId);
  return {
    data: `${base}.${format}`,
    digest: `${base}.${format}.sha256`,
    dictionary: `${base}.dictionary.json`,
    'dictionary-csv': `${base}.dictionary.csv`,
    manifest: `${base}.manifest.json`,
  };
}

/** What the names of one delivery's parts have in common. */
export function fileBaseOf(entryId: string, deliveryId: string): string {
  return `${entryId.slice(0, 60)}_${deliveryId}`.replaceAll(/[^\w.-]/g, '-');
}

/** What `sha256sum -c` reads. */
export function digestLine(sha256: string, name: string): string {
  return `${sha256}  ${name}\n`;
}
