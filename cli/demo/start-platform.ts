import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../environment.ts';
import { Failure } from '../failure.ts';
import type { Say } from '../language.ts';
import { runningUrl } from '../platform.ts';

export interface StartedPlatform {
  readonly url: string;
  /** Stops it and waits until it has. */
  stop(): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** The first start installs and fetches. */
const READY_WITHIN_MS = 15 * 60_000;

/** Starts what `npm start` starts, as a child, and waits until it is ready. Rejects with `unreachable` and the last it said. */
export async function startPlatform({ root, dataDir, inherited }: Environment, say: Say): Promise<StartedPlatform> {
  mkdirSync(dataDir, { recursive: true });
  const logPath = join(dataDir, 'demo-start.log');
  const log = openSync(logPath, 'w');
  // In a process group of its own: Ctrl-C reaches this command alone, which then stops it in order.
  const child = spawn(process.execPath, [join(root, 'embedded', 'bootstrap.mjs'), 'start'], {
    cwd: root,
    env: { ...inherited, SANTONG_DATA_DIR: dataDir },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const exited = once(child, 'exit');
  let isOver = false;
  void exited.then(() => (isOver = true));

  async function stop(): Promise<void> {
    for (const signal of SIGNALS) process.off(signal, interrupt);
    if (!isOver) child.kill('SIGTERM');
    await exited;
  }
  function interrupt(): void {
    void stop().then(() => process.exit(130));
  }
  for (const signal of SIGNALS) process.once(signal, interrupt);

  for (const until = Date.now() + READY_WITHIN_MS; !isOver && Date.now() < until; await sleep(300)) {
    const url = await runningUrl(dataDir);
    if (url !== undefined && (await isReady(url))) return { url, stop };
  }
  await stop();
  const said = (await readFile(logPath, 'utf8')).trimEnd().split('\n').slice(-15).join('\n');
  throw new Failure(
    'unreachable',
    say(`平台没有启动成功，详见 ${logPath}：\n${said}`, `The platform did not start, see ${logPath}:\n${said}`),
  );
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(new URL('/api/health/ready', url), { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
