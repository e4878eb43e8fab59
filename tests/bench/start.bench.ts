import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../config.ts';
import { isRunning, type ProcessIdentity, startOf } from '../../embedded/process.ts';
import { createIntegrator } from '../support/integrator.ts';
import { newDataDir, type PlatformState } from '../support/platform.ts';
import { approveAll, comesTo, companiesAsk, file, personsAsk } from '../support/request-play.ts';
import { type Bench, median } from './measure.ts';

const STARTS = 3;
const CASES = 12;
const AT_ONCE = 4;
const GIGABYTE = 2 ** 30;

/** `npm start` itself, installed, built and seeded before: from the command to the line that says ready; then all its memory. */
export const bench: Bench = {
  name: 'start',
  async run(say) {
    const dataDir = newDataDir();
    const seconds: number[] = [];
    try {
      const first = await start(dataDir);
      say(`first start, with seeding: ${first.seconds.toFixed(1)} s`);
      await first.stop();
      let idle = 0;
      for (let nth = 1; nth < STARTS; nth += 1) {
        const again = await start(dataDir);
        seconds.push(again.seconds);
        idle = memoryOf(again.processes());
        await again.stop();
      }
      const last = await start(dataDir);
      seconds.push(last.seconds);
      const peak = await watched(last.processes, playCases(dataDir, last.state));
      const parts = last.processes().map((pid) => `${nameOf(pid)} ${Math.round(memoryOf([pid]) / 2 ** 20)}`);
      say(`MB at the end: ${parts.join(', ')}`);
      await last.stop();
      return [
        { what: 'npm start to ready', value: median(seconds), unit: 's', goal: { atMost: 20 }, runs: seconds },
        { what: 'first npm start, with seeding', value: first.seconds, unit: 's' },
        { what: `all processes, highest over ${CASES} cases`, value: peak, unit: 'GB', goal: { atMost: 1.5 } },
        { what: 'all processes, right after the start', value: idle / GIGABYTE, unit: 'GB' },
      ];
    } finally {
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

interface Started {
  readonly seconds: number;
  readonly state: PlatformState;
  /** npm and everything that came of it, as it is now. */
  processes(): number[];
  stop(): Promise<void>;
}

async function start(dataDir: string): Promise<Started> {
  const began = performance.now();
  const settings = { SANTONG_DATA_DIR: dataDir, SANTONG_PORT: '0' };
  const child = spawn('npm', ['start'], { cwd: projectRoot, env: { ...process.env, ...settings } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  while (!output.includes('Santong is ready')) {
    if (child.exitCode !== null) throw new Error(`npm start ended:\n${output}`);
    await sleep(20);
  }
  const seconds = (performance.now() - began) / 1000;
  const state = JSON.parse(readFileSync(join(dataDir, 'state.json'), 'utf8')) as PlatformState;
  return { seconds, state, processes: () => familyOf(child), stop: () => stop(child, state) };
}

async function stop(child: ChildProcess, state: PlatformState): Promise<void> {
  const all = familyOf(child).flatMap((pid): ProcessIdentity[] => {
    const startedAt = startOf(pid);
    return startedAt === undefined ? [] : [{ pid, startedAt }];
  });
  const ended = once(child, 'exit');
  process.kill(state.pid, 'SIGTERM');
  await ended;
  while (all.some(isRunning)) await sleep(20);
}

async function playCases(dataDir: string, { url }: PlatformState): Promise<void> {
  const integrator = createIntegrator({ url: () => url, dataDir });
  const asks = [personsAsk('王'), companiesAsk('210102'), personsAsk('李'), personsAsk('张')];
  const tracks = Array.from({ length: AT_ONCE }, async (_, track) => {
    for (let nth = track; nth < CASES; nth += AT_ONCE) {
      const ask = asks[nth % asks.length] ?? personsAsk('王');
      const caseId = await file(integrator, ask);
      await approveAll(integrator, caseId, ask);
      await comesTo(integrator, { caseId, ask, status: 'completed' });
    }
  });
  await Promise.all(tracks);
}

/** The most that all processes held together while the work was done, in gigabytes. */
async function watched(processes: () => number[], work: Promise<void>): Promise<number> {
  let isOver = false;
  const done = work.finally(() => (isOver = true));
  let most = 0;
  while (!isOver) {
    most = Math.max(most, memoryOf(processes()));
    await Promise.race([sleep(250), done]);
  }
  await done;
  if (most === 0) throw new Error('The memory of processes is read from /proc, which this system does not have');
  return Math.max(most, memoryOf(processes())) / GIGABYTE;
}

function familyOf({ pid }: ChildProcess): number[] {
  const parents = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => [Number(entry), parentOf(Number(entry))] as const);
  const family = new Set(pid === undefined ? [] : [pid]);
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const [one, parent] of parents) if (family.has(parent)) family.add(one);
  }
  return [...family];
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0);
}

function nameOf(pid: number): string {
  return read(pid, 'comm').trim();
}

/** In bytes. Proportional: a page that several processes share, as PostgreSQL's buffers are, counts once. */
function memoryOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0));
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1024;
}

/** Nothing for a process that has ended in the meantime. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
