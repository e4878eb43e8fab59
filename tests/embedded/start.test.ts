import { createServer, type Server } from 'node:net';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { startOf } from '../../embedded/process.ts';
import { newDataDir, type Platform, startPlatform, startRefused } from '../support/platform.ts';

jest.setTimeout(180_000);

let platform: Platform;
let taken: Server;
let takenPort: number;

beforeAll(async () => {
  platform = await startPlatform({ env: { SANTONG_SEED: 'none' } });
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  takenPort = typeof address === 'object' && address !== null ? address.port : 0;
});

afterAll(async () => {
  taken.close();
  await platform.remove();
});

async function isLive(url: string): Promise<boolean> {
  return (await fetch(`${url}/api/health/live`)).ok;
}

async function gone(pids: readonly number[], withinMs: number): Promise<readonly number[]> {
  const deadline = Date.now() + withinMs;
  let left = pids;
  while ((left = left.filter((pid) => startOf(pid) !== undefined)).length > 0 && Date.now() < deadline) await sleep(25);
  return left;
}

test('a started platform answers, and keeps its secrets to the user that started it', async () => {
  expect(await isLive(platform.url)).toBe(true);
  for (const file of ['state.json', 'secrets.json', 'lock']) {
    expect([file, statSync(join(platform.dataDir, file)).mode & 0o077]).toEqual([file, 0]);
  }
});

test('a second start on the same data folder is refused, and the first one is not disturbed', async () => {
  const before = platform.state();
  const { exitCode, output } = await startRefused(platform.dataDir);
  expect(exitCode).toBe(1);
  expect(output).toContain(`Santong already runs on ${platform.dataDir} (process ${before.pid})`);
  expect(output).not.toMatch(/^\s+at /m);
  expect(platform.state()).toEqual(before);
  expect(await isLive(platform.url)).toBe(true);
});

test('a port that was asked for and is taken is one clear error that names the setting', async () => {
  const dataDir = newDataDir();
  const { exitCode, output } = await startRefused(dataDir, { SANTONG_PORT: String(takenPort) });
  expect(exitCode).toBe(1);
  expect(output).toContain(`Port ${takenPort}, which SANTONG_PORT names, is taken.`);
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  rmSync(dataDir, { recursive: true });
});

test('settings that are malformed are refused all at once, before anything is started', async () => {
  const dataDir = newDataDir();
  const { exitCode, output } = await startRefused(dataDir, {
    SANTONG_PORT: 'http',
    SANTONG_TEMPORAL_ADDRESS: 'nowhere',
  });
  expect(exitCode).toBe(1);
  expect(output).toMatch(
    /SANTONG_PORT must be[\s\S]*SANTONG_TEMPORAL_ADDRESS must be|SANTONG_TEMPORAL_ADDRESS must be[\s\S]*SANTONG_PORT must be/,
  );
  expect(readdirSync(dataDir)).toEqual([]);
  rmSync(dataDir, { recursive: true });
});

test('a start that fails half way leaves nothing running', async () => {
  const dataDir = newDataDir();
  const { exitCode, output } = await startRefused(dataDir, { SANTONG_TEMPORAL_CLI: '/nowhere/temporal' });
  expect(exitCode).toBe(1);
  expect(output).toContain('SANTONG_TEMPORAL_CLI names /nowhere/temporal, which is not there.');
  expect(processesNaming(dataDir)).toEqual([]);
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  rmSync(dataDir, { recursive: true });
});

test.each(['worker', 'api', 'temporal', 'postgres'] as const)(
  '%s that is killed is started again at its address',
  async (service) => {
    const before = platform.state();
    platform.kill(service);
    const deadline = Date.now() + 60_000;
    while (platform.state().pids[service] === before.pids[service] && Date.now() < deadline) await sleep(50);
    const after = platform.state();
    expect(after.pids[service]).not.toBe(before.pids[service]);
    expect({ ...after, pids: {} }).toEqual({ ...before, pids: {} });
    expect(await isLive(platform.url)).toBe(true);
  },
);

test('when the supervisor alone is killed its own processes end, and the next start takes the rest over', async () => {
  const before = platform.state();
  platform.kill('supervisor');
  const own = [before.pids.worker, before.pids.api].filter((pid) => pid !== undefined);
  expect(await gone(own, 20_000)).toEqual([]);
  platform = await startPlatform({ dataDir: platform.dataDir, env: { SANTONG_SEED: 'none' } });
  expect(await gone(Object.values(before.pids), 0)).toEqual([]);
  expect(await isLive(platform.url)).toBe(true);
});

test('after everything was killed at once the next start goes on, at the port that was asked for', async () => {
  const port = new URL(platform.url).port;
  const socketDir = new URL(platform.databaseUrl).searchParams.get('host') ?? '';
  await platform.killAll();
  platform = await startPlatform({ dataDir: platform.dataDir, env: { SANTONG_SEED: 'none', SANTONG_PORT: port } });
  expect(new URL(platform.url).port).toBe(port);
  expect(existsSync(socketDir)).toBe(false);
  expect(await isLive(platform.url)).toBe(true);
});

test('a clean stop leaves no process, no lock and no socket behind', async () => {
  const stopped = await startPlatform({ env: { SANTONG_SEED: 'none' } });
  const pids = stopped.allPids();
  const socketDir = new URL(stopped.databaseUrl).searchParams.get('host') ?? '';
  expect(existsSync(socketDir)).toBe(true);
  expect(await stopped.stop()).toBe(0);
  expect(await gone(pids, 0)).toEqual([]);
  expect(processesNaming(stopped.dataDir)).toEqual([]);
  expect(existsSync(join(stopped.dataDir, 'lock'))).toBe(false);
  expect(existsSync(join(stopped.dataDir, 'state.json'))).toBe(false);
  expect(existsSync(socketDir)).toBe(false);
  await stopped.remove();
});

/** Command lines of whatever still names the data folder. */
function processesNaming(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(text));
}
