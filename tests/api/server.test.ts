import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { platformDatabase, temporalAddress, type TestDatabase } from '../support/servers.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await platformDatabase();
});
afterAll(() => database.drop());

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function start(port = '0'): ChildProcess {
  return fork(here('../../api/server.ts'), [], {
    execArgv: ['--no-warnings', '--import', here('../support/typescript.mjs')],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      SANTONG_DATABASE_URL: database.url,
      SANTONG_TEMPORAL_ADDRESS: temporalAddress(),
      SANTONG_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      SANTONG_PORT: port,
    },
  });
}

async function ready(child: ChildProcess): Promise<number> {
  const [message] = await once(child, 'message');
  expect(message).toMatchObject({ ready: true, port: expect.any(Number) });
  return (message as { port: number }).port;
}

test('the process says on which port it listens, answers there, logs without queries, and ends cleanly when told to', async () => {
  const child = start();
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const port = await ready(child);
  const answer = await fetch(`http://127.0.0.1:${port}/api/health/ready?secret=tell-nobody`);
  expect(answer.status).toBe(200);
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
  expect(output).toContain('"path":"/api/health/ready"');
  expect(output).not.toContain('tell-nobody');
});

test('the process ends by itself when whoever started it is gone', async () => {
  const child = start();
  await ready(child);
  const exit = once(child, 'exit');
  child.disconnect();
  expect((await exit)[0]).toBe(0);
});

test('a port that is taken is one clear message that names the setting', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const child = start(String((other.address() as AddressInfo).port));
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(output).toContain('SANTONG_PORT');
  other.close();
});
