import { join } from 'node:path';
import { tail } from './postgres.ts';
import { endAll, launch, processesWithArgument, type Running, stop } from './process.ts';
import { ProgramFailed, readLog } from './set-up-error.ts';

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
    throw new ProgramFailed(
      [`${program} 无法启动（${outcome}）。`, `${program} does not start (${outcome}).`],
      [readLog(logFile)],
      tail(logFile),
    );
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

/** Runs one of our own programs to its end. @throws {ProgramFailed} with the line of its log that says why */
export async function runToEnd({ program, dist, dataDir, env, logFile }: ChildOptions): Promise<void> {
  const { exited } = await launch(process.execPath, [join(dist, program), mark(dataDir)], { env, logFile });
  const how = await exited;
  if (how === 'exit code 0') return;
  const said = tail(logFile, 40).split('\n');
  const why = said.findLast((line) => /^\w*error\b.*: /i.test(line)) ?? how;
  throw new ProgramFailed(
    [`${program} 失败：${why}`, `${program} failed: ${why}`],
    [
      [
        '解决其中所说的问题后重新启动：会从中断处继续',
        'mend what it names and start again: it goes on where it stopped',
      ],
      readLog(logFile),
    ],
  );
}
