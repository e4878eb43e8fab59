import { existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ProgramFailed, SetUpError, type Words } from './set-up-error.ts';

/** PostgreSQL needs 16 MB at once for its log and ends when it cannot have them, with an error that says nothing of it. */
const LITTLE_BYTES = 64 * 1024 * 1024;
const FULL =
  /ENOSPC|EDQUOT|EFBIG|53100|File too large|No space left on|wrote only \d+ of \d+ bytes|database or disk is full|disk quota exceeded/i;

/** Why a folder cannot be used, by the code of what the system refused; other codes are said as they are. */
const REFUSALS: Readonly<Record<string, Words>> = {
  ENOTDIR: ['路径中有一级不是文件夹', 'a part of that path is no folder'],
  EEXIST: ['路径中有一级不是文件夹', 'a part of that path is no folder'],
  EISDIR: ['应为文件的位置是文件夹', 'there is a folder where a file belongs'],
  EACCES: ['当前用户没有权限', 'this user may not read and write there'],
  EPERM: ['当前用户没有权限，或该磁盘不允许', 'this user may not do that there, or the disk does not allow it'],
  EROFS: ['所在磁盘是只读的', 'its disk is read-only'],
  ENOENT: ['那里不能建立文件夹', 'no folder can be made there'],
  ELOOP: ['路径中的链接循环', 'links of that path lead in a circle'],
  ENAMETOOLONG: ['路径太长', 'that path is too long'],
};

/** Makes a folder and those above it. Node.js goes on for ever where the system denies that its parent is there (/proc). */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another start may have made it in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !existsSync(join(folder, '.'))) throw error;
  }
}

/** The error itself, or, where the system refuses what has to be done in the data folder, one that names its setting. */
export function explainFolder(error: unknown, dataDir: string): unknown {
  const { code = '', path, message, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof SetUpError || path === undefined || FULL.test(code)) return error;
  const concerns = path === dataDir || path.startsWith(`${dataDir}/`) || dataDir.startsWith(`${path}/`);
  // Anywhere else it is a fault of ours.
  if (!concerns || (code === 'ENOENT' && syscall !== 'mkdir')) return error;
  const [zh, en] = REFUSALS[code] ?? [message, message];
  return new SetUpError(
    [
      `数据文件夹 ${dataDir}（由 SANTONG_DATA_DIR 指定）不能使用：${zh}（${path}，${code}）。`,
      `The data folder ${dataDir}, which SANTONG_DATA_DIR names, cannot be used: ${en} (${path}, ${code}).`,
    ],
    [
      [
        '把 SANTONG_DATA_DIR 设为当前用户可读写的文件夹，其上级文件夹须已存在或可以建立',
        'set SANTONG_DATA_DIR to a folder that this user can make, read and write',
      ],
      [
        '修正该文件夹的所有者和权限，或以拥有它的用户启动',
        'mend owner and permissions of the folder, or start as the user that owns it',
      ],
    ],
  );
}

/** The error itself, or, when the disk is full or nearly so, one that says so and names the folder. */
export function explainDisk(error: unknown, folder: string): unknown {
  if (error instanceof SetUpError && !(error instanceof ProgramFailed)) return error;
  const said = error instanceof Error ? error.message : String(error);
  const waysOut: Words[] = [
    [
      '腾出空间（约需 1 GB）后重新启动，未完成的步骤会接着完成',
      'free some space (about 1 GB is needed) and start again; what was begun is finished then',
    ],
    ['把 SANTONG_DATA_DIR 设为更大磁盘上的文件夹', 'set SANTONG_DATA_DIR to a folder on a larger disk'],
  ];
  if (FULL.test(`${(error as NodeJS.ErrnoException | null)?.code ?? ''} ${said}`)) {
    return new SetUpError(
      [`${folder} 所在磁盘已满。`, `There is no space left on the disk that holds ${folder}.`],
      waysOut,
    );
  }
  const left = bytesLeft(folder);
  if (left === undefined || left >= LITTLE_BYTES) return error;
  const megabytes = Math.floor(left / 2 ** 20);
  const failed: Words = error instanceof SetUpError ? error.what : [said, said];
  return new SetUpError(
    [
      `${folder} 所在磁盘空间不足（剩余 ${megabytes} MB）。\n失败的步骤：${failed[0]}`,
      `There is little space left (${megabytes} MB) on the disk that holds ${folder}.\nWhat failed: ${failed[1]}`,
    ],
    waysOut,
  );
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
