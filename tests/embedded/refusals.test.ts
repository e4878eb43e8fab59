import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { explainDisk, explainFolder, makeFolder } from '../../embedded/disk.ts';
import { apiPort, portRefused } from '../../embedded/ports.ts';
import { keptSecrets } from '../../embedded/secrets.ts';
import { ProgramFailed, SetUpError } from '../../embedded/set-up-error.ts';
import { startRefused } from '../support/platform.ts';

/** A port where nothing can be listening: it is not given to anybody. */
const DEAD = '127.0.0.1:1';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'santong-refusals-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One message in Chinese and in English, with the ways out and without a stack. */
function expectClear(text: string): void {
  expect(text).toMatch(/[\u4e00-\u9fff][^]*可以这样处理：\n {2}- [^]*Ways out:\n {2}- /);
  expect(text.match(/Ways out:/g)).toHaveLength(1);
  expect(text).not.toMatch(/^\s+at /m);
}

function refused(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('It was not refused');
}

test.each([
  ['a file', 'file', 'a part of that path is no folder'],
  ['below a file', 'file/a/b', 'a part of that path is no folder'],
  ['a link to nothing', 'link/a', 'a part of that path is no folder'],
  ['where the system lets nobody make one', '/proc/santong/a', 'no folder can be made there'],
])('a data folder that is %s is refused with its setting', (_, path, why) => {
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'nothing'), join(folder, 'link'));
  const dataDir = path.startsWith('/') ? path : join(folder, path);
  const error = explainFolder(
    refused(() => makeFolder(join(dataDir, 'logs'))),
    dataDir,
  );
  expect(error).toBeInstanceOf(SetUpError);
  const { message } = error as Error;
  expectClear(message);
  expect(message).toContain(`The data folder ${dataDir}, which SANTONG_DATA_DIR names, cannot be used: ${why}`);
});

test.each([
  ['EACCES', 'this user may not read and write there'],
  ['EROFS', 'its disk is read-only'],
  ['EISDIR', 'there is a folder where a file belongs'],
])('what the system refuses with %s anywhere in the data folder is said with its setting', (code, why) => {
  const path = '/srv/santong/logs/api.log';
  const error = explainFolder(Object.assign(new Error(code), { code, path, syscall: 'open' }), '/srv/santong');
  expectClear((error as Error).message);
  expect((error as Error).message).toContain(`SANTONG_DATA_DIR names, cannot be used: ${why} (${path}, ${code})`);
  // No room is no reason to call such a disk full.
  expect(explainDisk(error, '/proc')).toBe(error);
});

test('a fault elsewhere, or of ours, is left as it is', () => {
  for (const [code, path, syscall] of [
    ['EACCES', '/srv/other/file', 'open'],
    ['EACCES', '/srv/santong-2/file', 'open'],
    ['ENOENT', '/srv/santong/file', 'open'],
    ['ENOSPC', '/srv/santong/file', 'open'],
  ]) {
    const error = Object.assign(new Error(code), { code, path, syscall });
    expect(explainFolder(error, '/srv/santong')).toBe(error);
  }
});

test('what a program said stands once, after both languages', () => {
  const failed = new ProgramFailed(
    ['甲无法启动。', 'A does not start.'],
    [['查看日志', 'read the log']],
    'its last line',
  );
  expect(failed.message).toBe(
    '甲无法启动。\n可以这样处理：\n  - 查看日志\nA does not start.\nWays out:\n  - read the log\nits last line',
  );
});

test.each([
  ['is empty', ''],
  ['is cut off', '{"postgresPassword":"a"'],
  ['lacks one', '{"postgresPassword":"a","santongPassword":"b"}'],
  ['is no object', 'null'],
])('a file of secrets that %s is refused, and not replaced', (_, text) => {
  writeFileSync(join(folder, 'secrets.json'), text);
  const error = refused(() => keptSecrets(folder));
  expectClear((error as Error).message);
  expect((error as Error).message).toContain(`${folder}/secrets.json is damaged`);
  expect(readdirSync(folder)).toEqual(['secrets.json']);
});

test('secrets are made once and kept', () => {
  const made = keptSecrets(folder);
  expect(keptSecrets(folder)).toEqual(made);
  expect(Buffer.from(made.secretKey, 'base64')).toHaveLength(32);
});

test('a host that is not of this machine is refused with its setting, whether a port is named or not', async () => {
  for (const port of [0, 8_080]) {
    // A network for examples, which no machine is in (RFC 5737).
    const asked = apiPort({ host: '192.0.2.1', port, portGiven: port !== 0 }, () => undefined);
    const error: unknown = await asked.catch((fault: unknown) => fault);
    expectClear((error as Error).message);
    expect((error as Error).message).toContain(
      '192.0.2.1, which SANTONG_HOST names, is no address of this machine (EADDRNOTAVAIL).',
    );
  }
});

test('a port of which the user may make no use is not called taken', () => {
  const { message } = portRefused('SANTONG_PORT', 80, 'EACCES');
  expectClear(message);
  expect(message).toContain('This user may not use port 80, which SANTONG_PORT names');
  expect(message).not.toContain('taken');
});

test('servers that do not answer are named with their settings, all at once and without passwords', async () => {
  const { exitCode, output } = await startRefused(join(folder, 'data'), {
    SANTONG_DATABASE_URL: `postgresql://santong:a-secret@${DEAD}/santong`,
    SANTONG_TEMPORAL_ADDRESS: DEAD,
  });
  expect(exitCode).toBe(1);
  expectClear(output);
  expect(output).toContain(`The PostgreSQL at ${DEAD}, which SANTONG_DATABASE_URL names, does not let us in: `);
  expect(output).toContain(`The Temporal server at ${DEAD}, which SANTONG_TEMPORAL_ADDRESS names, does not answer: `);
  expect(output).not.toContain('a-secret');
}, 60_000);

test.each([
  ['a data folder below a file', 'file/data', {}, /SANTONG_DATA_DIR names, cannot be used/],
  [
    'a host that nobody knows',
    'data',
    { SANTONG_HOST: 'nowhere.invalid' },
    /nowhere\.invalid, which SANTONG_HOST names, is not known/,
  ],
  ['damaged secrets', 'broken', {}, /secrets\.json is damaged/],
])(
  'npm start with %s says so once and ends',
  async (_, name, env, says) => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'broken'));
    writeFileSync(join(folder, 'broken', 'secrets.json'), '');
    const { exitCode, output } = await startRefused(join(folder, name), env);
    expect(exitCode).toBe(1);
    expectClear(output);
    expect(output).toMatch(says);
  },
  60_000,
);

test.each([
  'worker.js',
  'api/server.js',
  'store/migrate.js',
  'seed.js',
  'store/rebuild.js',
  'rebuild-from-histories.js',
])(
  '%s without settings names them in both languages, and no stack',
  (program) => {
    const { status, stderr } = spawnSync(process.execPath, [join(projectRoot, 'dist', program)], {
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('  - SANTONG_DATABASE_URL 没有设置');
    expect(stderr).toContain('  - SANTONG_DATABASE_URL is missing');
    expect(stderr).not.toMatch(/^\s+at /m);
  },
  60_000,
);

test('a worker whose Temporal server is not there names the setting, and no stack', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(projectRoot, 'dist', 'worker.js')], {
    env: {
      PATH: process.env['PATH'],
      SANTONG_DATABASE_URL: `postgresql://santong@${DEAD}/santong`,
      SANTONG_TEMPORAL_ADDRESS: DEAD,
      SANTONG_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain(`The Temporal server at ${DEAD}, which SANTONG_TEMPORAL_ADDRESS names, does not answer: `);
  expect(stderr).not.toMatch(/^\s+at /m);
}, 60_000);
