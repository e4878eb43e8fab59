import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, launch, type Running, stop } from '../../embedded/process.ts';
import { createSupervisor, type Supervisor, type SupervisorOptions } from '../../embedded/supervisor.ts';
import { until } from '../support/until.ts';

let folder: string;
let supervisor: Supervisor;
let events: string[];
let started: Running[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'santong-supervisor-'));
  events = [];
  started = [];
});
afterEach(async () => {
  await supervisor.stop();
  for (const one of started) await stop(one, 'SIGKILL', 1_000);
  rmSync(folder, { recursive: true, force: true });
});

function supervise(options: Partial<SupervisorOptions>): void {
  supervisor = createSupervisor({
    onEvent: ([, en]) => events.push(en),
    onChange: () => undefined,
    lacksRoom: () => false,
    ...options,
  });
}

/** A process that runs until it is ended, or ends at once. */
function service(name: string, seconds: number) {
  return {
    name,
    async start() {
      const running = await launch('sleep', [String(seconds)], { logFile: join(folder, 'log') });
      started.push(running);
      return { process: running, stop: () => stop(running, 'SIGTERM', 1_000) };
    },
  };
}

const alive = (): number => started.filter(isRunning).length;

test('what runs is watched and started once, though it cannot be written down; it is written once there is room', async () => {
  let isFull = true;
  const written: Record<string, number>[] = [];
  supervise({
    onChange: () => {
      if (isFull) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      written.push(supervisor.pids());
    },
  });
  await supervisor.add(service('api', 60));
  process.kill(started[0]?.pid ?? 0, 'SIGKILL');
  await until(async () => started.length === 2 && events.some((text) => text.includes('api is running again')));
  expect(alive()).toBe(1);
  expect(events.filter((text) => text.includes('no space left'))).toHaveLength(1);
  isFull = false;
  await until(async () => written.length > 0);
  expect(written).toEqual([{ api: started[1]?.pid }]);
  expect([started.length, alive()]).toEqual([2, 1]);
}, 30_000);

test('a service that keeps ending is given up, but not while there is no room on the disk', async () => {
  let isFull = true;
  supervise({ lacksRoom: () => isFull, longestPauseMs: 200 });
  let why: string | undefined;
  void supervisor.broken.then(([, en]) => (why = en));
  const postgres = service('postgres', 0);
  let starts = 0;
  await supervisor.add({
    name: 'postgres',
    async start() {
      starts += 1;
      // The first comes up and ends; the others do not come up.
      if (starts > 1) throw new Error('no room for its log');
      return postgres.start();
    },
  });
  await until(async () => events.some((text) => text.includes('for want of space')));
  const tries = starts;
  await until(async () => starts > tries + 3);
  expect(why).toBeUndefined();
  isFull = false;
  await until(async () => why !== undefined);
  expect(why).toMatch(/^postgres ended \d+ times within two minutes, last: no room for its log$/);
  expect(events.filter((text) => text.includes('for want of space'))).toHaveLength(1);
}, 60_000);
