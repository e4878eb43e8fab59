import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { newDataDir, type Platform, startPlatform } from '../support/platform.ts';

/** Runs the command as a shell does, with the settings given and no others. */
async function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('SANTONG_'));
  const child = spawn(process.execPath, [join(projectRoot, 'cli', 'santong.mjs'), ...args], {
    cwd: '/',
    env: { ...Object.fromEntries(kept), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const exit = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exit, out, err };
}

describe('against a platform that runs', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  }, 180_000);
  afterAll(() => platform.remove());

  test('the demonstration finds it, prints one document and ends with 0', async () => {
    const { exit, out, err } = await run(['demo', '--json'], { SANTONG_DATA_DIR: platform.dataDir });
    expect([exit, err]).toEqual([0, '']);
    const report = JSON.parse(out) as { ok: boolean; platform: { url: string; startedHere: boolean } };
    expect(report).toMatchObject({ ok: true, platform: { url: platform.url, startedHere: false } });
  }, 120_000);

  test('the environment says who acts, and a wrong password ends with 4', async () => {
    const env = { SANTONG_DATA_DIR: platform.dataDir, SANTONG_ACCOUNT: 'auditor' };
    expect((await run(['case', 'list', '--json'], env)).exit).toBe(0);
    expect((await run(['case', 'list'], { ...env, SANTONG_PASSWORD: 'not this one' })).exit).toBe(4);
  });
});

test('where none runs, the demonstration starts one, says nothing but its document, and stops it again', async () => {
  const dataDir = newDataDir();
  const { exit, out } = await run(['demo', '--json'], { SANTONG_DATA_DIR: dataDir, SANTONG_PORT: '0' });
  expect(exit).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ ok: true, platform: { startedHere: true } });
  expect(existsSync(join(dataDir, 'state.json'))).toBe(false);
  rmSync(dataDir, { recursive: true });
}, 180_000);

test('a platform that cannot start is one clear error with the last that it said', async () => {
  const dataDir = newDataDir();
  const { exit, err } = await run(['demo'], { SANTONG_DATA_DIR: dataDir, SANTONG_PORT: 'eighty' });
  expect(exit).toBe(3);
  expect(err).toContain('SANTONG_PORT');
  rmSync(dataDir, { recursive: true });
}, 60_000);
