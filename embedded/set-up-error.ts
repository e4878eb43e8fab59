/** Something that the person at the keyboard can mend. It is printed without a stack, with the ways out. */
export class SetUpError extends Error {
  override readonly name = 'SetUpError';
  readonly waysOut: readonly string[];

  constructor(message: string, waysOut: readonly string[]) {
    super([message, ...(waysOut.length > 0 ? ['Ways out:'] : []), ...waysOut.map((way) => `  - ${way}`)].join('\n'));
    this.waysOut = waysOut;
  }
}

/** The error itself, or, when the disk is full, one that says so and names the folder. */
export function explainDisk(error: unknown, folder: string): unknown {
  const text =
    error instanceof Error ? `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}` : String(error);
  if (!/ENOSPC|EDQUOT|No space left on device|database or disk is full|disk quota exceeded/i.test(text)) return error;
  return new SetUpError(`There is no space left on the disk that holds ${folder}.`, [
    'free some space (about 1 GB is needed) and start again; what was begun is finished then',
    'set SANTONG_DATA_DIR to a folder on a larger disk',
  ]);
}
