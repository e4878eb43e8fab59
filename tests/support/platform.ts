import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../config.ts';
import { startOf } from '../../embedded/process.ts';

/** What the single-machine mode writes down of itself while it runs. */
export interface PlatformState {
  readonly url: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalUi?: string;
  /** The supervisor. */
  readonly pid: number;
  readonly pids: Readonly<Partial<Record<ServiceName, number>>>;
}

export type ServiceName = 'postgres' | 'temporal' | 'worker' | 'api';

export interface Platform extends PlatformState {
  readonly dataDir: string;
  /** What the supervisor has printed so far. */
  output(): string;
  /** State and process numbers as they are now: a service that was started again has another number. */
  state(): PlatformState;
  /** Every process of the platform as it is now, the supervisor first. */
  allPids(): readonly number[];
  /** kill -9 of one process. */
  kill(which: ServiceName | 'supervisor'): void;
  /** kill -9 of all of them at once; resolves when none is left. The data folder stays. */
  killAll(): Promise<void>;
  /** What Ctrl-C does; resolves with the supervisor's exit code. The data folder stays. */
  stop(): Promise<number | null>;
  /** Stops or kills what runs and removes the data folder. Call it in afterAll. */
  remove(): Promise<void>;
}

export interface StartOptions {
  /** The data folder of an earlier start; absent: a new one. */
  readonly dataDir?: string;
  /** Settings besides SANTONG_DATA_DIR; SANTONG_PORT is a free port unless it is set here. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default 120 s. */
  readonly withinMs?: number;
}

/**
 * Starts the built platform as `npm start` does and waits until it is ready. `npm test` has built it; before a single test,
 * build with `npm run build`.
 * @throws with everything it printed when it ends before it is ready
 */
export async function startPlatform(options: StartOptions = {}): Promise<Platform> {
  const dataDir = options.dataDir ?? newDataDir();
  const started = spawnStart(dataDir, options.env);
  const deadline = Date.now() + (options.withinMs ?? 120_000);
  while (!started.output().includes('Santong is ready')) {
    if (started.child.exitCode !== null || started.child.signalCode !== null) {
      throw new Error(`The platform ended before it was ready:\n${started.output()}`);
    }
    if (Date.now() > deadline) {
      started.child.kill('SIGTERM');
      throw new Error(`The platform is not ready in time:\n${started.output()}`);
    }
    await sleep(50);
  }
  return handle(dataDir, started);
}

/** Starts the built platform where it is expected to refuse; resolves with its exit code and what it printed. */
export async function startRefused(dataDir: string, env: Readonly<Record<string, string>> = {}) {
  const { child, output, exited } = spawnStart(dataDir, env);
  await exited;
  return { exitCode: child.exitCode, output: output() };
}

/** A new data folder whose parents every user may pass, as PostgreSQL needs it when the tests run as root. */
export function newDataDir(): string {
  return mkdtempSync('/tmp/santong-platform-');
}

function spawnStart(dataDir: string, env: Readonly<Record<string, string>> = {}) {
  const program = join(projectRoot, 'dist', 'embedded', 'main.js');
  if (!existsSync(program)) throw new Error('The platform is not built: npm run build');
  const child = spawn(process.execPath, [program], {
    cwd: projectRoot,
    env: { ...withoutSettings(process.env), SANTONG_PORT: '0', ...env, SANTONG_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return { child, exited, output: () => text };
}

/** Settings of whoever runs the tests must not reach the platform under test. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('SANTONG_')));
}

function handle(
  dataDir: string,
  { child, exited, output }: { child: ChildProcess; exited: Promise<void>; output(): string },
): Platform {
  const state = (): PlatformState => JSON.parse(readFileSync(join(dataDir, 'state.json'), 'utf8')) as PlatformState;
  const allPids = (): readonly number[] => {
    const { pid, pids } = state();
    return [pid, ...Object.values(pids)];
  };
  const platform: Platform = {
    ...state(),
    dataDir,
    output,
    state,
    allPids,
    kill(which) {
      const now = state();
      const pid = which === 'supervisor' ? now.pid : now.pids[which];
      if (pid === undefined) throw new Error(`${which} is not running`);
      process.kill(pid, 'SIGKILL');
    },
    async killAll() {
      const pids = allPids();
      for (const pid of pids) killIfThere(pid);
      while (pids.some((pid) => startOf(pid) !== undefined)) await sleep(10);
    },
    async stop() {
      child.kill('SIGINT');
      await exited;
      return child.exitCode;
    },
    async remove() {
      if (child.exitCode === null && child.signalCode === null) await platform.stop();
      else if (existsSync(join(dataDir, 'state.json'))) await platform.killAll();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return platform;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
