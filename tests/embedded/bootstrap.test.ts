import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'santong-bootstrap-'));
  for (const folder of ['embedded', 'portal', 'bin', 'node_modules', 'portal/node_modules'])
    mkdirSync(join(checkout, folder));
  for (const folder of ['.', 'portal']) writeFileSync(join(checkout, folder, 'package-lock.json'), '{}');
  copyFileSync(join(projectRoot, 'embedded', 'bootstrap.mjs'), join(checkout, 'embedded', 'bootstrap.mjs'));
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

/** Starts where `npm ci --prefix FOLDER` is what the script says; $3 is the folder. */
function start(npm: string): { status: number | null; stderr: string } {
  const program = join(checkout, 'bin', 'npm');
  writeFileSync(program, `#!/bin/sh\n${npm}\n`);
  chmodSync(program, 0o755);
  return spawnSync(process.execPath, [join(checkout, 'embedded', 'bootstrap.mjs'), 'start'], {
    env: { PATH: `${join(checkout, 'bin')}:${process.env['PATH']}` },
    encoding: 'utf8',
  });
}

test('when one of the two installations fails the other is waited for, and the failure is said once at the end', () => {
  // The output is closed to what outlives the start, so that only what ended before is seen.
  const { status, stderr } = start(`[ "$3" = portal ] && exit 7; exec 2>&- >&-; sleep 1; touch "${checkout}/ended"`);
  expect(status).toBe(1);
  expect(existsSync(join(checkout, 'ended'))).toBe(true);
  expect(stderr).toContain('npm ci 失败（门户的软件包）：退出码 7');
  expect(stderr).toContain('npm ci failed (packages of the portal): exit code 7');
  expect(stderr.match(/npm ci failed/g)).toHaveLength(1);
  expect(stderr.match(/Ways out:/g)).toHaveLength(1);
});

test('when both installations fail both are named', () => {
  const { status, stderr } = start('exit 3');
  expect(status).toBe(1);
  expect(stderr).toContain('npm ci failed (packages): exit code 3');
  expect(stderr).toContain('npm ci failed (packages of the portal): exit code 3');
  expect(stderr.match(/Ways out:/g)).toHaveLength(1);
});
