import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tail } from './postgres.ts';
import { launch, type Running, stop } from './process.ts';
import { SetUpError } from './set-up-error.ts';

export interface ChildOptions {
  /** The built program, relative to `dist/`. */
  readonly program: string;
  readonly dist: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;

/** Starts one of our own processes and waits until it says over IPC that it is ready. It ends by itself when we are gone. */
export async function startChild(options: ChildOptions): Promise<{ process: Running; stop(): Promise<void> }> {
  const { program, dist, env, logFile } = options;
  const running = await launch(process.execPath, [join(dist, program)], { env, logFile, ipc: true });
  const ready = new Promise<true>((resolve) => {
    running.child.on('message', (message) => {
      if ((message as { ready?: boolean } | null)?.ready === true) resolve(true);
    });
  });
  let late: NodeJS.Timeout | undefined;
  const outcome = await Promise.race([
    ready,
    running.exited,
    new Promise<string>((resolve) => {
      late = setTimeout(() => resolve(`not ready within ${READY_WITHIN_MS / 1000} s`), READY_WITHIN_MS);
    }),
  ]);
  clearTimeout(late);
  if (outcome !== true) {
    await stop(running, 'SIGTERM', STOP_WITHIN_MS);
    throw new SetUpError(`${program} does not start (${outcome}).\n${tail(logFile)}`, [`read ${logFile}`]);
  }
  return { process: running, stop: () => stop(running, 'SIGTERM', STOP_WITHIN_MS) };
}

/** Runs one of our own programs to its end. @throws {SetUpError} with what it said if it fails */
export async function runToEnd({ program, dist, env }: Omit<ChildOptions, 'logFile'>): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [join(dist, program)], { env, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
    throw new SetUpError(`${program} failed:\n${said}`, [
      'mend what it names and start again: it goes on where it stopped',
    ]);
  }
}
