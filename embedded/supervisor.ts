import { setTimeout as sleep } from 'node:timers/promises';
import type { Running } from './process.ts';

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

export interface Supervisor {
  /** Starts a service after those before it; rejects with why it does not come up. */
  add(service: Service): Promise<void>;
  pids(): Record<string, number>;
  /** Stops everything, the last started first. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves with why the supervisor gave up on a service; never resolves otherwise. */
  readonly broken: Promise<string>;
}

/** Keeps services running: one that ends is started again, with growing pauses, until it ends too often. */
export function createSupervisor(options: {
  /** Told whenever a service ended by itself and is up again. */
  readonly onEvent: (text: string) => void;
  readonly onChange: () => void;
}): Supervisor {
  const running = new Map<string, { readonly process: Running; stop(): Promise<void> }>();
  /** In which they were first started, whatever was started again since. */
  const order: string[] = [];
  let stopping: Promise<void> | undefined;
  let giveUp: (why: string) => void = () => {};
  const broken = new Promise<string>((resolve) => (giveUp = resolve));

  async function start(service: Service): Promise<void> {
    const started = await service.start();
    if (stopping) {
      await started.stop();
      return;
    }
    if (!order.includes(service.name)) order.push(service.name);
    running.set(service.name, started);
    options.onChange();
    void started.process.exited.then((how) => revive(service, how));
  }

  const ends = new Map<string, number[]>();
  async function revive(service: Service, how: string): Promise<void> {
    while (!stopping) {
      running.delete(service.name);
      const now = Date.now();
      const recent = [...(ends.get(service.name) ?? []).filter((at) => now - at < WINDOW_MS), now];
      ends.set(service.name, recent);
      if (recent.length > MOST_RESTARTS) {
        giveUp(`${service.name} ended ${recent.length} times within two minutes, last: ${how}`);
        return;
      }
      options.onEvent(`${service.name} ended (${how}), starting it again`);
      await sleep(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** (recent.length - 1)));
      if (stopping) return;
      try {
        await start(service);
        options.onEvent(`${service.name} is running again`);
        return;
      } catch (error) {
        how = error instanceof Error ? error.message : String(error);
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
