import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../../config.ts';

const PACKAGES = ['dlt[postgres]==1.18.2', 'sqlalchemy==2.1.9', 'pyarrow==26.0.1', 'numpy==2.4.6'];
const HOME = join(projectRoot, '.cache', 'dlt-1.18.2');

const run = promisify(execFile);

/** Seconds in which dlt (PyPI, Apache 2.0) moves a table between two databases; installed by pip the first time. */
export async function dltMoves(sourceUrl: string, targetUrl: string, table: string): Promise<number> {
  await install();
  const folder = await mkdtemp(join(tmpdir(), 'santong-dlt-'));
  try {
    const script = join(import.meta.dirname, 'move.py');
    const args = [script, driven(sourceUrl), targetUrl, table, folder];
    const { stdout } = await run(join(HOME, 'bin', 'python'), args, { maxBuffer: 16 * 1024 * 1024 });
    return Number(stdout.trim().split('\n').at(-1));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** SQLAlchemy asks which driver is meant. */
function driven(url: string): string {
  return url.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
}

async function install(): Promise<void> {
  if (existsSync(HOME)) return;
  const part = `${HOME}.part`;
  rmSync(part, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', part]);
    await run(join(part, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...PACKAGES]);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`dlt could not be installed: Python 3 with venv and pip are needed. ${said}`, { cause: error });
  }
  renameSync(part, HOME);
}
