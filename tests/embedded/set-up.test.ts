import { execFile } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { projectRoot } from '../../config.ts';
import { newDataDir, type Platform, startPlatform } from '../support/platform.ts';

jest.setTimeout(240_000);

const main = join(projectRoot, 'dist', 'embedded', 'main.js');

test('of two starts at once on one new data folder one comes up and the other is told who was first', async () => {
  const dataDir = newDataDir();
  const outcomes = await Promise.allSettled(
    [1, 2].map(() => startPlatform({ dataDir, env: { SANTONG_SEED: 'none' } })),
  );
  const won = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const lost = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
  await Promise.all(won.map((platform) => platform.remove()));
  expect({ won: won.length, lost: lost.length }).toEqual({ won: 1, lost: 1 });
  expect(lost[0]).toContain(`Santong already runs on ${dataDir} (process ${won[0]?.pid})`);
  expect(lost[0]).not.toMatch(/^\s+at /m);
});

test('a second start is quick, finds what was seeded, and takes another port where nobody chose one and 8080 is taken', async () => {
  const first = await startPlatform();
  await first.stop();
  const blocker = createServer();
  // Whether this test or something else of this machine has the port: it is taken.
  await new Promise<void>((resolve) => blocker.once('error', () => resolve()).listen(8_080, '127.0.0.1', resolve));
  const began = Date.now();
  let second: Platform | undefined;
  try {
    second = await startPlatform({ dataDir: first.dataDir, env: { SANTONG_PORT: '' } });
    const seconds = (Date.now() - began) / 1000;
    process.stdout.write(`npm start, second start: ready in ${seconds.toFixed(1)} s\n`);
    expect(seconds).toBeLessThan(60);
    const { port } = new URL(second.url);
    expect(port).not.toBe('8080');
    expect(second.output()).toContain(`Port 8080 is taken; using ${port} instead (SANTONG_PORT sets it).`);
  } finally {
    blocker.close();
    await (second ?? first).remove();
  }
});

/** How much room: initdb fails of it, and the write-ahead log in the middle of seeding. */
test.each([20, 60])('a disk with %d MB is one error that names the folder and the ways out', async (megabytes) => {
  // What is seeded matters only where seeding fails.
  const { output, exitCodes } = await startInLittleRoom(megabytes, megabytes < 50 ? 'none' : undefined);
  expect(output).toMatch(/There is (no|little) space left .*on the disk that holds \S*data/);
  expect(output).toContain('set SANTONG_DATA_DIR to a folder on a larger disk');
  expect(output.match(/Ways out:/g)).toHaveLength(1);
  expect(output).not.toMatch(/^\s+at /m);
  // Once there is room the same start is finished.
  expect(output).toContain('Santong is ready');
  expect(exitCodes).toEqual([1, 0]);
});

/**
 * Starts in a data folder with little room, then, with more, again until it is ready. As root the folder is a small disk of
 * its own, which ends with the process that sees it; an ordinary user cannot make one, and the operating system's limit on
 * the size of files, below that of the write-ahead log's, has the same effect.
 */
async function startInLittleRoom(
  megabytes: number,
  seed: string | undefined,
): Promise<{ output: string; exitCodes: number[] }> {
  const place = newDataDir();
  const isRoot = process.getuid?.() === 0;
  const dataDir = join(place, 'data');
  mkdirSync(place, { recursive: true });
  const start = `"${process.execPath}" "${main}"`;
  const untilReady = `( ${start} & echo $! > "${place}/pid"; wait $!; echo "exit $?" ) | while read -r line; do echo "$line";
    case "$line" in *"Santong is ready"*) kill -INT "$(cat "${place}/pid")";; esac; done`;
  const script = isRoot
    ? `mount -t tmpfs -o size=${megabytes}m,mode=755 none "${place}"; ${start}; echo "exit $?";
       mount -o remount,size=2g "${place}"; ${untilReady}`
    : `( ulimit -f 16000; ${start}; echo "exit $?" ); ${untilReady}`;
  const seeding = seed === undefined ? {} : { SANTONG_SEED: seed };
  const settings = { SANTONG_DATA_DIR: dataDir, SANTONG_PORT: '0', ...seeding };
  const run = promisify(execFile);
  try {
    const [program, ...args] = isRoot ? ['unshare', '--mount', 'sh', '-c'] : ['sh', '-c'];
    const { stdout } = await run(program ?? 'sh', [...args, `exec 2>&1; ${script}`], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
      maxBuffer: 16 * 1024 * 1024,
    });
    return { output: stdout, exitCodes: [...stdout.matchAll(/^exit (\d+)$/gm)].map(([, code]) => Number(code)) };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
