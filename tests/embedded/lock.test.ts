import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataDir } from '../../embedded/lock.ts';
import { startOf } from '../../embedded/process.ts';

const support = join(import.meta.dirname, '..', 'support');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'santong-lock-'));
  folders.push(folder);
  return folder;
}

/** Takes the lock in a process of its own, says how it went, and holds on until it is told to end. */
function contender(folder: string) {
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', join(support, 'typescript.mjs'), join(support, 'lock-contender.ts'), folder],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const said = new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { child, said, exited };
}

test('a data folder in use is refused with the process that holds it, and free again once given back', () => {
  const folder = dataDir();
  const unlock = lockDataDir(folder);
  expect(() => lockDataDir(folder)).toThrow(new RegExp(`already runs on ${folder} \\(process ${process.pid}\\)`));
  unlock();
  lockDataDir(folder)();
  expect(readdirSync(folder)).toEqual([]);
});

test('a lock of a process that is gone, of a number that another process has, or that is no lock at all is taken over', () => {
  const folder = dataDir();
  const stale = [
    JSON.stringify({ pid: 4_194_000, startedAt: '1' }),
    JSON.stringify({ pid: process.ppid, startedAt: `${startOf(process.ppid)}0` }),
    '',
    '{"pid":',
  ];
  for (const text of stale) {
    writeFileSync(join(folder, 'lock'), text);
    lockDataDir(folder)();
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('of several starts at once on a lock whose holder was killed exactly one wins', async () => {
  const folder = dataDir();
  const killed = contender(folder);
  expect(await killed.said).toBe('won');
  killed.child.kill('SIGKILL');
  await killed.exited;

  for (let round = 0; round < 3; round += 1) {
    const contenders = Array.from({ length: 6 }, () => contender(folder));
    const outcomes = await Promise.all(contenders.map(({ said }) => said));
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
    expect(outcomes.filter((outcome) => /^lost: [^]*Santong already runs/.test(outcome))).toHaveLength(5);
    for (const { child } of contenders) child.kill('SIGKILL');
    await Promise.all(contenders.map(({ exited }) => exited));
  }
});
