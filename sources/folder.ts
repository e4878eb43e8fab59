import { constants } from 'node:fs';
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import type { Mount } from '../domain/catalogue.ts';
import type { Probe } from '../domain/data-source.ts';
import type { Physical } from '../domain/mount-check.ts';
import { type Line, SheetFault, sheetsOf } from '../sheets/decode.ts';
import { failureOf, SourceFailure } from './failure.ts';
import type { Look } from './looker.ts';
import { columnsOf, SAMPLE_RECORDS } from './records.ts';

export interface Place {
  /** Under which each department has a folder that bears its id; absent: there are no folders to be mounted. */
  readonly root?: string;
  readonly department: string;
  /** Of the source, in the department's folder. */
  readonly path: string;
}

/** Of a text as much is read as shows its first records; a workbook can only be opened whole. */
const HEAD_BYTES = 1024 * 1024;
const WORKBOOK_BYTES = 32 * 1024 * 1024;
const NAMES_SHOWN = 50;
const MOST_LISTED = 10_000;
const READABLE = /\.(?:csv|xlsx|jsonl|ndjson)$/i;

/** Says which files of the folder can be read. */
export async function probeFolder(place: Place): Promise<Probe> {
  const began = performance.now();
  const folder = await folderOf(place);
  const entries = await attempt(readdir(folder, { withFileTypes: true }));
  const names = entries
    .slice(0, MOST_LISTED)
    .flatMap((entry) => (entry.isFile() && READABLE.test(entry.name) ? [entry.name] : []))
    .toSorted();
  return {
    latencyMs: Math.round(performance.now() - began),
    readable: { count: names.length, names: names.slice(0, NAMES_SHOWN) },
  };
}

/** Looks at the headings and the first records of files, one after another. */
export async function lookAtFiles(place: Place, mounts: readonly Mount[]): Promise<Look[]> {
  const folder = await folderOf(place);
  const looks: Look[] = [];
  for (const mount of mounts) looks.push('file' in mount ? await lookAt(folder, mount.file) : { outcome: 'gone' });
  return looks;
}

async function lookAt(folder: string, file: string): Promise<Look> {
  try {
    const path = await within(folder, file);
    return path === undefined ? { outcome: 'gone' } : { outcome: 'found', physical: await physicalOf(path) };
  } catch (error) {
    const failure = error instanceof SheetFault ? new SourceFailure('FileUnreadable') : failureOf(error);
    if (failure instanceof SourceFailure) return { outcome: 'failed', reason: failure.reason };
    throw failure;
  }
}

/** The folder as it really lies. @throws {SourceFailure} FoldersOff, FolderUnknown, PathOutside, NoPermission */
async function folderOf({ root, department, path }: Place): Promise<string> {
  if (root === undefined) throw new SourceFailure('FoldersOff');
  const own = await attempt(realpath(join(root, department)).catch(undefinedIfGone));
  const folder = own === undefined ? undefined : await within(own, path);
  const isFolder = folder !== undefined && (await attempt(stat(folder))).isDirectory();
  if (!isFolder) throw new SourceFailure('FolderUnknown');
  return folder;
}

/** A path below a folder once every link is followed; undefined where there is nothing. @throws {SourceFailure} PathOutside */
async function within(folder: string, path: string): Promise<string | undefined> {
  const isPlain = !isAbsolute(path) && !path.includes('\0') && !path.includes('\\') && !path.split('/').includes('..');
  if (!isPlain) throw new SourceFailure('PathOutside');
  const real = await attempt(realpath(join(folder, path)).catch(undefinedIfGone));
  if (real !== undefined && real !== folder && !real.startsWith(folder + sep)) throw new SourceFailure('PathOutside');
  return real;
}

function undefinedIfGone(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}

async function attempt<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw failureOf(error);
  }
}

async function physicalOf(path: string): Promise<Physical> {
  // What became a link or a pipe since is not opened.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size, ...stats } = await file.stat();
    if (!stats.mode || (stats.mode & constants.S_IFMT) !== constants.S_IFREG) throw new SourceFailure('FileUnreadable');
    const isWorkbook = /\.xlsx$/i.test(path);
    if (isWorkbook && size > WORKBOOK_BYTES) throw new SourceFailure('TooLarge');
    const bytes = await headOf(file, isWorkbook ? size : Math.min(size, HEAD_BYTES));
    const whole = isWorkbook || size <= HEAD_BYTES ? bytes : bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    const columns = /\.csv$|\.xlsx$/i.test(path) ? await sheetColumns(whole) : lineColumns(whole);
    return { kind: 'file', columns };
  } finally {
    await file.close();
  }
}

async function headOf(file: FileHandle, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

/** The first sheet that has a row: that is its headings. */
async function sheetColumns(bytes: Buffer) {
  for (const sheet of await sheetsOf(bytes)) {
    const lines: Line[] = [];
    for await (const line of sheet) {
      if (lines.length > 0 || line.cells.some((cell) => cell !== '')) lines.push(line);
      if (lines.length > SAMPLE_RECORDS) break;
    }
    const [headings, ...rows] = lines;
    if (!headings) continue;
    const names = headings.cells.map((cell) => cell.trim());
    const records = rows.map(({ cells }) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ''])));
    return columnsOf(records, names).filter(({ name }) => name !== '');
  }
  throw new SourceFailure('NoRecords');
}

function lineColumns(bytes: Buffer) {
  const lines = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split('\n');
  const records = lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, SAMPLE_RECORDS)
    .map((line) => parsed(line));
  if (records.length === 0) throw new SourceFailure('NoRecords');
  return columnsOf(records);
}

function parsed(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new SourceFailure('FileUnreadable');
}
