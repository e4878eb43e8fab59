#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The `santong` command. In a checkout it first has installed and built what is missing or has changed since. */

const root = join(import.meta.dirname, '..');
const built = join(root, 'dist', 'cli', 'main.js');
const isReady = existsSync(built) && existsSync(join(root, 'node_modules'));

if (!isReady || existsSync(join(root, '.git'))) {
  // What it says goes to standard error: standard output belongs to the command.
  const { status } = spawnSync(process.execPath, [join(root, 'embedded', 'bootstrap.mjs'), 'build'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}
await import(pathToFileURL(built).href);
