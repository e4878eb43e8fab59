// Runs on a bare Node.js, before anything is installed: no imports but Node's own.
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Test files load their modules anew: much garbage that is young and soon gone. */
const JEST_FLAGS = ['--experimental-vm-modules', '--no-warnings', '--max-semi-space-size=64'];
const TYPESCRIPT = ['--no-warnings', '--import', './tests/support/typescript.mjs'];

const VUE_TSC = join('portal', 'node_modules', 'vue-tsc', 'bin', 'vue-tsc.js');

/** What the scripts of package.json ask for. Further arguments go on to the tests or the benchmarks. */
const COMMANDS = {
  async start() {
    await install();
    build();
    // In this process, so that Ctrl-C and signals reach it directly.
    await import(pathToFileURL(join(root, 'dist', 'embedded', 'main.js')).href);
  },
  async build() {
    await install();
    build();
  },
  async test(args) {
    await install();
    await installPrograms();
    // Types take one core, and the build another one.
    const checked = args.length === 0 ? begin('Types', [bin('tsc'), '-p', 'tsconfig.json']) : undefined;
    build();
    await checked;
    if (args.length === 0) {
      // Only now: the build writes what the portal knows of the API.
      const portalChecked = begin('Types of the portal', [process.execPath, VUE_TSC, '--noEmit', '-p', 'portal']);
      step('Lint', [bin('oxlint'), '--type-aware', '--deny-warnings']);
      step('Format', [bin('oxfmt'), '--check']);
      await portalChecked;
    }
    step('Tests', [process.execPath, ...JEST_FLAGS, bin('jest'), ...args]);
  },
  async bench(args) {
    await install();
    build();
    step('Benchmarks', [process.execPath, ...TYPESCRIPT, 'tests/bench/run.ts', ...args]);
  },
};

/** Installs what each package-lock.json names, unless that very file was installed before. */
async function install() {
  await Promise.all([installIn('.', 'packages'), installIn('portal', 'packages of the portal')]);
}

async function installIn(folder, what) {
  const lock = digest([readFileSync(join(root, folder, 'package-lock.json'))]);
  const stamp = join(root, folder, 'node_modules', '.santong-installed');
  if (read(stamp) === lock) return;
  say(`Installing ${what} …`);
  const npm = ['npm', 'ci', '--prefix', folder, '--no-fund', '--no-audit', '--loglevel=error'];
  const { error, code } = await endOf(npm);
  if (error || code !== 0) {
    fail(`npm ci failed${error ? `: ${error.message}` : ` with exit code ${code}`}.`, [
      'no network: allow npm to reach its registry, or name a mirror with `npm config set registry`',
      'no space: about 1 GB is needed on this disk',
      'a message of npm above names anything else; what was begun is done again at the next start',
    ]);
  }
  writeFileSync(stamp, lock);
}

/** The servers that only the tests need. What knows of them stands beside the tests, which an image of the product has not. */
async function installPrograms() {
  const { installPrograms: installMissing } = await import('../tests/support/system-programs.mjs');
  const missing = installMissing();
  if (missing.length === 0) return;
  fail(`The tests need programs that are not here: ${missing.join(', ')}.`, [
    `Debian or Ubuntu: sudo apt-get install --no-install-recommends ${missing.join(' ')}`,
    'elsewhere: install MariaDB 10.6 or later and nginx with its auth_request module, so that mariadbd and nginx are in the PATH',
    'as root on Debian or Ubuntu they are installed by themselves, where the network allows',
  ]);
}

/** Compiles to dist/ and bundles the workflows, unless the sources are as they were at the last build. */
function build() {
  const sources = sourcesIn(root).toSorted();
  const state = digest(sources.map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}\n`));
  const stamp = join(root, 'dist', '.built');
  if (read(stamp) === state) return;
  say('Building …');
  // Beside and renamed: a platform that runs from dist/ never sees half a build.
  const folder = join(root, '.cache', `build-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  step('Build', [bin('tsc'), '-p', 'tsconfig.build.json', '--outDir', folder]);
  step('Bundle', [process.execPath, join(folder, 'embedded', 'bundle.js')]);
  step('Portal', [process.execPath, join('portal', 'build.mjs'), folder, join(folder, 'portal')]);
  writeFileSync(join(folder, '.built'), state);
  const dist = join(root, 'dist');
  if (existsSync(dist)) renameSync(dist, `${folder}.old`);
  renameSync(folder, dist);
  rmSync(`${folder}.old`, { recursive: true, force: true });
}

/** Written by the build itself. */
const GENERATED = new Set([join(root, 'portal', 'src', 'api', 'schema.ts')]);
const NOT_SOURCES = new Set(['dist', 'tests', 'docs', 'data', 'coverage']);

function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || GENERATED.has(path)) return [];
    if (folder === root && NOT_SOURCES.has(entry.name)) return [];
    if (entry.isDirectory()) return sourcesIn(path);
    const isPortals = path.startsWith(join(root, 'portal'));
    return isPortals || /\.ts$|^(package-lock|tsconfig.*)\.json$/.test(entry.name) ? [path] : [];
  });
}

/** Runs beside what follows; its end is looked at when it is waited for. */
async function begin(name, command) {
  const { error, code } = await endOf(command);
  if (error) fail(`${name}: ${error.message}`, []);
  if (code !== 0) process.exit(code ?? 1);
}

function endOf([program, ...args]) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('exit', (code) => resolve({ code }));
  });
}

function step(name, command) {
  const { status, error, signal } = run(command);
  if (error) fail(`${name}: ${error.message}`, []);
  if (signal) process.exit(1);
  if (status !== 0) process.exit(status ?? 1);
}

function run([program, ...args]) {
  return spawnSync(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
}

function bin(name) {
  // jest has to be read by the node that gets our flags; the others are programs of their own.
  return name === 'jest' ? 'node_modules/jest/bin/jest.js' : join('node_modules', '.bin', name);
}

function digest(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(what, waysOut) {
  say([what, ...(waysOut.length > 0 ? ['Ways out:'] : []), ...waysOut.map((way) => `  - ${way}`)].join('\n'));
  process.exit(1);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Santong needs Node.js 20.19 or later; this is ${process.versions.node}.`, [
    'install a later Node.js and start again',
  ]);
}

requireNode();
const [command = '', ...args] = process.argv.slice(2);
const chosen = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
if (!chosen) fail(`No such command: ${command}. There are: ${Object.keys(COMMANDS).join(', ')}.`, []);
process.chdir(root);
await chosen(args);
