import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Something that the person at the keyboard can mend. It is printed without a stack, with the ways out. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
  readonly waysOut: readonly string[];

  constructor(message: string, waysOut: readonly string[]) {
    super([message, ...(waysOut.length > 0 ? ['Ways out:'] : []), ...waysOut.map((way) => `  - ${way}`)].join('\n'));
    this.waysOut = waysOut;
  }
}

/** A program that Santong starts has failed: the reason may lie outside of it. */
export class ProgramFailed extends SetUpError {}

/** PostgreSQL needs 16 MB at once for its log and ends when it cannot have them, with an error that says nothing of it. */
const LITTLE_BYTES = 64 * 1024 * 1024;
const FULL =
  /ENOSPC|EDQUOT|EFBIG|53100|File too large|no space left on|wrote only \d+ of \d+ bytes|database or disk is full|disk quota exceeded/i;

/** The error itself, or, when the disk is full or nearly so, one that says so and names the folder. */
export function explainDisk(error: unknown, folder: string): unknown {
  if (error instanceof SetUpError && !(error instanceof ProgramFailed)) return error;
  const said = error instanceof Error ? error.message : String(error);
  const waysOut = [
    'free some space (about 1 GB is needed) and start again; what was begun is finished then',
    'set SANTONG_DATA_DIR to a folder on a larger disk',
  ];
  if (FULL.test(`${(error as NodeJS.ErrnoException | null)?.code ?? ''} ${said}`)) {
    return new SetUpError(`There is no space left on the disk that holds ${folder}.`, waysOut);
  }
  const left = bytesLeft(folder);
  if (left === undefined || left >= LITTLE_BYTES) return error;
  const what = `There is little space left (${Math.floor(left / 2 ** 20)} MB) on the disk that holds ${folder}.`;
  return new SetUpError(`${what}\nWhat failed: ${said.split('\nWays out:')[0]}`, waysOut);
}

/** Whether something failed, as it says or as the disk looks, because the disk that holds a folder is full or nearly so. */
export function lacksRoom(said: string, folder: string): boolean {
  return FULL.test(said) || (bytesLeft(folder) ?? Infinity) < LITTLE_BYTES;
}

/** What an ordinary user may still write to the disk that holds a folder, or will once it is made. */
function bytesLeft(folder: string): number | undefined {
  let there = folder;
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  try {
    const { bavail, bsize } = statfsSync(there);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
