import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tail } from './postgres.ts';
import { endAll, launch, processesWithArgument, type Running, stop } from './process.ts';
import { SetUpError } from './set-up-error.ts';

export interface ChildOptions {
  /** The built program, relative to `dist/`. */
  readonly program: string;
  readonly dist: string;
  /** Whose it is: it shows in the process list, and a later start finds by it what was left behind. */
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 20_000;

/** Starts one of our own processes and waits until it says over IPC that it is ready. It ends by itself when we are gone. */
export async function startChild(options: ChildOptions): Promise<{ process: Running; stop(): Promise<void> }> {
  const { program, dist, dataDir, env, logFile } = options;
  const running = await launch(process.execPath, [join(dist, program), mark(dataDir)], { env, logFile, ipc: true });
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

/**
 * Ends what a killed start has left behind of our own processes. They end by themselves when they notice, but an API that
 * still answers requests would hold on to its port meanwhile.
 */
export async function endLeftovers(dataDir: string): Promise<void> {
  await endAll(processesWithArgument(mark(dataDir)), 'SIGTERM', 5_000);
}

function mark(dataDir: string): string {
  return `--data-dir=${dataDir}`;
}

/** Runs one of our own programs to its end. @throws {SetUpError} with what it said if it fails */
export async function runToEnd({ program, dist, dataDir, env }: Omit<ChildOptions, 'logFile'>): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [join(dist, program), mark(dataDir)], {
      env,
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
    throw new SetUpError(`${program} failed:\n${said}`, [
      'mend what it names and start again: it goes on where it stopped',
    ]);
  }
}
