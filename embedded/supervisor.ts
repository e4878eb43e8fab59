import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from './process.ts';
import { SetUpError, type Words } from './set-up-error.ts';

/** Something that is kept running: a server or one of our own processes. */
export interface Service {
  readonly name: string;
  /** Starts it and waits until it is ready. Called again after it ended by itself. */
  start(): Promise<{ readonly process: Running; stop(): Promise<void> }>;
}

/** A service that ends more often than this within the window is broken, not unlucky. */
const MOST_RESTARTS = 8;
const WINDOW_MS = 120_000;
const LONGEST_PAUSE_MS = 10_000;
/** What could not be written down is written again after this. */
const WRITE_AGAIN_MS = 2_000;

export interface Supervisor {
  /** Starts a service after those before it; rejects with why it does not come up. */
  add(service: Service): Promise<void>;
  pids(): Record<string, number>;
  /** Stops everything, the last started first. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves with why the supervisor gave up on a service; never resolves otherwise. */
  readonly broken: Promise<Words>;
}

export interface SupervisorOptions {
  /** Told whenever a service ended by itself and is up again. */
  readonly onEvent: (text: Words) => void;
  /** Writes down what runs. It may fail: it is called again until it does not, and what runs is watched all the same. */
  readonly onChange: () => void;
  /** Whether a service that ended in this way will run again once there is room on the disk, however often it ends till then. */
  readonly lacksRoom: (how: string) => boolean;
  /** The longest pause before another start, in milliseconds; absent: ten seconds. */
  readonly longestPauseMs?: number;
}

/** Keeps services running: one that ends is started again, with growing pauses, until it ends too often for no reason that passes. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const running = new Map<string, { readonly process: Running; stop(): Promise<void> }>();
  /** In which they were first started, whatever was started again since. */
  const order: string[] = [];
  let stopping: Promise<void> | undefined;
  let giveUp: (why: Words) => void = () => {};
  const broken = new Promise<Words>((resolve) => (giveUp = resolve));

  async function start(service: Service): Promise<void> {
    const started = await service.start();
    if (stopping) {
      await started.stop();
      return;
    }
    if (!order.includes(service.name)) order.push(service.name);
    running.set(service.name, started);
    writeDown();
    void started.process.exited.then((how) => revive(service, how));
  }

  let again: NodeJS.Timeout | undefined;
  function writeDown(): void {
    try {
      options.onChange();
      clearTimeout(again);
      again = undefined;
    } catch (error) {
      // Said once, however often it is tried.
      if (again === undefined) {
        const why = messageOf(error);
        options.onEvent([
          `运行状态无法写入，将继续尝试：${why}`,
          `what runs could not be written down, trying on: ${why}`,
        ]);
      }
      again = setTimeout(() => stopping ?? writeDown(), WRITE_AGAIN_MS).unref();
    }
  }

  const ends = new Map<string, number[]>();
  const waiting = new Set<string>();
  async function revive(service: Service, how: string): Promise<void> {
    const { name } = service;
    let why: Words = [how, how];
    while (!stopping) {
      running.delete(name);
      const now = Date.now();
      const recent = [...(ends.get(name) ?? []).filter((at) => now - at < WINDOW_MS), now];
      ends.set(name, recent);
      if (recent.length <= MOST_RESTARTS) {
        waiting.delete(name);
        options.onEvent([`${name} 已退出（${why[0]}），正在重新启动`, `${name} ended (${why[1]}), starting it again`]);
      } else if (!options.lacksRoom(how)) {
        giveUp([
          `${name} 两分钟内退出 ${recent.length} 次，最后一次：${why[0]}`,
          `${name} ended ${recent.length} times within two minutes, last: ${why[1]}`,
        ]);
        return;
      } else if (!waiting.has(name)) {
        // Once, as long as it does not come up: nobody may make room for hours.
        waiting.add(name);
        options.onEvent([
          `${name} 因磁盘空间不足无法运行：将一直重试，直到有空间为止`,
          `${name} does not run for want of space on the disk: trying until there is some`,
        ]);
      }
      await sleep(Math.min(options.longestPauseMs ?? LONGEST_PAUSE_MS, 100 * 2 ** (recent.length - 1)));
      if (stopping) return;
      try {
        await start(service);
        waiting.delete(name);
        options.onEvent([`${name} 已恢复运行`, `${name} is running again`]);
        return;
      } catch (error) {
        how = messageOf(error);
        why = error instanceof SetUpError ? error.what : [how, how];
      }
    }
  }

  async function stopAll(): Promise<void> {
    for (const name of order.toReversed()) await running.get(name)?.stop();
    running.clear();
  }

  return {
    broken,
    add: start,
    pids: () => Object.fromEntries([...running].map(([name, service]) => [name, service.process.pid])),
    stop: () => (stopping ??= stopAll()),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
