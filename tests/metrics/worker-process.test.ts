import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { platformDatabase, temporalAddress } from '../support/servers.ts';
import { until } from '../support/until.ts';

const TOKEN = 'a-token-for-tests-only';

/** The SDK does not say which port it took, so that one has to be named; it was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a worker as it is built answers for itself to whoever shows the token, and for Temporal’s SDK at another address', async () => {
  const database = await platformDatabase();
  const sdkPort = await freePort();
  const child = fork(join(projectRoot, 'dist', 'worker.js'), [], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      SANTONG_DATABASE_URL: database.url,
      SANTONG_TEMPORAL_ADDRESS: temporalAddress(),
      SANTONG_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      SANTONG_METRICS_TOKEN: TOKEN,
      SANTONG_WORKER_METRICS: '127.0.0.1:0',
      SANTONG_TEMPORAL_METRICS: `127.0.0.1:${sdkPort}`,
    },
  });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'message');
  const [, port] = /"port":(\d+),"msg":"Metrics/.exec(output) ?? [];
  const at = `http://127.0.0.1:${port}/metrics`;
  expect((await fetch(at)).status).toBe(401);
  const own = await (await fetch(at, { headers: { Authorization: `Bearer ${TOKEN}` } })).text();
  expect(own).toMatch(/^nodejs_eventloop_lag_seconds /m);
  expect(own).toMatch(/^santong_delivery_attempts_running 0$/m);
  const sdk = await until(async () => {
    const text = await (await fetch(`http://127.0.0.1:${sdkPort}/metrics`)).text();
    return /temporal_num_pollers/.test(text) ? text : undefined;
  });
  expect(sdk).toContain('task_queue="santong"');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await database.drop();
});
