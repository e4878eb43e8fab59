import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { platformDatabase, temporalAddress, type TestDatabase } from '../support/servers.ts';

let database: TestDatabase;
let full: number;
let child: ChildProcess | undefined;
beforeAll(async () => {
  database = await platformDatabase();
  // Every write to it fails as on a disk without space.
  full = openSync('/dev/full', 'w');
}, 60_000);
afterEach(() => child?.kill('SIGKILL'));
afterAll(async () => {
  closeSync(full);
  await database.drop();
});

/** One of the built programs, whose log goes to a full disk; resolves with what it says of itself once it is ready. */
async function start(program: string): Promise<{ child: ChildProcess; port?: number }> {
  const started = spawn(process.execPath, [join(projectRoot, 'dist', program)], {
    stdio: ['ignore', full, full, 'ipc'],
    env: {
      PATH: process.env['PATH'],
      SANTONG_DATABASE_URL: database.url,
      SANTONG_TEMPORAL_ADDRESS: temporalAddress(),
      SANTONG_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      SANTONG_PORT: '0',
      SANTONG_LOG_LEVEL: 'trace',
    },
  });
  child = started;
  const ended = once(started, 'exit').then(([code]) => {
    throw new Error(`${program} ended with ${String(code)}`);
  });
  const [message] = await Promise.race([once(started, 'message'), ended]);
  ended.catch(() => undefined);
  return { child: started, ...(message as { port?: number }) };
}

test('the API answers though no line of its log can be written, and ends when it is told to', async () => {
  const api = await start('api/server.js');
  for (let nth = 0; nth < 5; nth += 1) {
    const answer = await fetch(`http://127.0.0.1:${api.port}/api/me`);
    expect(answer.status).toBe(401);
  }
  api.child.kill('SIGTERM');
  expect(await once(api.child, 'exit')).toEqual([0, null]);
}, 60_000);

test('a worker comes up and ends though no line of its log can be written', async () => {
  const worker = await start('worker.js');
  worker.child.kill('SIGTERM');
  expect(await once(worker.child, 'exit')).toEqual([0, null]);
}, 60_000);
