import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Servers that only tests need, by the Debian packages that hold them: the bare programs, no service is set up for MariaDB. */
const PACKAGES = {
  mariadbd: ['mariadb-server-core', 'mariadb-client-core'],
  nginx: ['nginx-light'],
};

/** Where servers stand that are not in everybody's PATH. */
const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];

/**
 * Where a program of the operating system is.
 * @param {string} name
 * @returns {string | undefined}
 */
export function programPath(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * Installs what is missing, as root on Debian or Ubuntu.
 * @returns {string[]} the packages that are still missing
 */
export function installPrograms() {
  const missing = missingPackages();
  if (missing.length === 0 || !isExecutable('/usr/bin/apt-get') || process.getuid?.() !== 0) return missing;
  process.stderr.write(`Installing ${missing.join(', ')} …\n`);
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...missing);
  return missingPackages();
}

function missingPackages() {
  return Object.entries(PACKAGES).flatMap(([program, packages]) =>
    programPath(program) === undefined ? packages : [],
  );
}

/** @param {string[]} args */
function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // What it says goes to the error stream: the tests' own output stays theirs.
  spawnSync('apt-get', args, { env, stdio: ['ignore', process.stderr, process.stderr] });
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
