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
  // Each to its end: what would go on by itself would write to a folder that the next start installs into.
  const ends = await Promise.all([
    installIn('.', ['软件包', 'packages']),
    installIn('portal', ['门户的软件包', 'packages of the portal']),
  ]);
  const faults = ends.filter((fault) => fault !== undefined);
  if (faults.length === 0) return;
  fail(
    [faults.map(([zh]) => zh).join('\n'), faults.map(([, en]) => en).join('\n')],
    [
      [
        '没有网络：允许 npm 访问其软件源，或用 `npm config set registry` 指定镜像',
        'no network: allow npm to reach its registry, or name a mirror with `npm config set registry`',
      ],
      ['没有空间：该磁盘约需 1 GB', 'no space: about 1 GB is needed on this disk'],
      [
        '其他原因见上面 npm 的提示；未完成的安装会在下次启动时重做',
        'a message of npm above names anything else; what was begun is done again at the next start',
      ],
    ],
  );
}

/** @returns what went wrong, if anything */
async function installIn(folder, what) {
  const lock = digest([readFileSync(join(root, folder, 'package-lock.json'))]);
  const stamp = join(root, folder, 'node_modules', '.santong-installed');
  if (read(stamp) === lock) return;
  say([`正在安装${what[0]}…`, `Installing ${what[1]} …`]);
  const npm = ['npm', 'ci', '--prefix', folder, '--no-fund', '--no-audit', '--loglevel=error'];
  const { error, code } = await endOf(npm);
  if (error || code !== 0) {
    return [
      `npm ci 失败（${what[0]}）：${error ? error.message : `退出码 ${code}`}`,
      `npm ci failed (${what[1]}): ${error ? error.message : `exit code ${code}`}`,
    ];
  }
  writeFileSync(stamp, lock);
}

/** The servers that only the tests need. What knows of them stands beside the tests, which an image of the product has not. */
async function installPrograms() {
  const { installPrograms: installMissing } = await import('../tests/support/system-programs.mjs');
  const missing = installMissing();
  if (missing.length === 0) return;
  const names = missing.join(' ');
  fail(
    [`测试需要的程序不在本机：${names}。`, `The tests need programs that are not here: ${names}.`],
    [
      [
        `Debian 或 Ubuntu：sudo apt-get install --no-install-recommends ${names}`,
        `Debian or Ubuntu: sudo apt-get install --no-install-recommends ${names}`,
      ],
      [
        '其他系统：安装 MariaDB 10.6 或以上，以及带 auth_request 模块的 nginx，使 mariadbd 和 nginx 在 PATH 中',
        'elsewhere: install MariaDB 10.6 or later and nginx with its auth_request module, so that mariadbd and nginx are in the PATH',
      ],
      [
        '在 Debian 或 Ubuntu 上以 root 运行且网络允许时，会自动安装',
        'as root on Debian or Ubuntu they are installed by themselves, where the network allows',
      ],
    ],
  );
}

/** Compiles to dist/ and bundles the workflows, unless the sources are as they were at the last build. */
function build() {
  const sources = sourcesIn(root).toSorted();
  const state = digest(sources.map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}\n`));
  const stamp = join(root, 'dist', '.built');
  if (read(stamp) === state) return;
  say(['正在构建…', 'Building …']);
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
  if (error) fail([`${name}：${error.message}`, `${name}: ${error.message}`], []);
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
  if (error) fail([`${name}：${error.message}`, `${name}: ${error.message}`], []);
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

/** In Chinese and then in English, as everything that is said at the keyboard (set-up-error.ts, which nothing has built yet). */
function say(words) {
  process.stderr.write(`${words.join('\n')}\n`);
}

function fail(what, waysOut) {
  const part = (language, heading) => [
    what[language],
    ...(waysOut.length > 0 ? [heading] : []),
    ...waysOut.map((way) => `  - ${way[language]}`),
  ];
  say([...part(0, '可以这样处理：'), ...part(1, 'Ways out:')]);
  process.exit(1);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  const here = process.versions.node;
  fail(
    [`三通需要 Node.js 20.19 或以上，当前是 ${here}。`, `Santong needs Node.js 20.19 or later; this is ${here}.`],
    [['安装更新的 Node.js 后重新启动', 'install a later Node.js and start again']],
  );
}

requireNode();
const [command = '', ...args] = process.argv.slice(2);
const chosen = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
if (!chosen) {
  const there = Object.keys(COMMANDS).join(', ');
  fail([`没有命令 ${command}。可用的有：${there}。`, `No such command: ${command}. There are: ${there}.`], []);
}
process.chdir(root);
await chosen(args);
