import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, type ProcessIdentity, startOf } from './process.ts';
import { SetUpError } from './set-up-error.ts';

/**
 * Takes a data folder for this process: neither PostgreSQL nor Temporal may be started twice on the same files, and
 * Temporal takes no lock itself. A lock whose holder is gone, as after kill -9, is taken over.
 * Returns what gives it back. @throws {SetUpError} if another process that runs holds it
 */
export function lockDataDir(dataDir: string): () => void {
  const file = join(dataDir, 'lock');
  const own = join(dataDir, `lock.${process.pid}`);
  const identity: ProcessIdentity = { pid: process.pid, startedAt: startOf(process.pid) ?? 'unknown' };
  writeFileSync(own, JSON.stringify(identity), { mode: 0o600 });
  try {
    while (!linked(own, file)) {
      const holder = read(file);
      if (holder && isRunning(holder)) {
        throw new SetUpError(
          [
            `三通已在 ${dataDir} 上运行（进程 ${holder.pid}）。`,
            `Santong already runs on ${dataDir} (process ${holder.pid}).`,
          ],
          [
            [
              '使用正在运行的三通：地址见该文件夹中的 state.json',
              'use the one that runs: its addresses are in state.json of that folder',
            ],
            [`先停止它：kill ${holder.pid}`, `stop it first: kill ${holder.pid}`],
            [
              '要再运行一个，把 SANTONG_DATA_DIR 设为另一个文件夹',
              'set SANTONG_DATA_DIR to another folder to run a second one',
            ],
          ],
        );
      }
      setAside(file, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(file, { force: true });
}

/** A hard link is made or not, whoever else tries at the same time. */
function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function read(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

/** Two starts may find the same stale lock: whoever moves a fresh one away by that puts it back. */
function setAside(file: string, stale: ProcessIdentity | undefined): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = read(aside);
  const isOther = moved?.pid !== stale?.pid || moved?.startedAt !== stale?.startedAt;
  if (isOther && moved && isRunning(moved)) linked(aside, file);
  rmSync(aside, { force: true });
}
