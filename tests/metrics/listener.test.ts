import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { listenForScrapes, metricsAccess } from '../../metrics/listener.ts';
import { createMeter } from '../../metrics/registry.ts';

const TOKEN = 'a-token-for-tests-only';

async function listening(token: string | undefined) {
  const meter = createMeter();
  meter.counter({ name: 'things_total', help: 'Things' }).add();
  return listenForScrapes(meter.registry, { host: '127.0.0.1', port: 0, token });
}

test('a worker answers for its metrics and for nothing else', async () => {
  const listener = await listening(TOKEN);
  const at = `http://127.0.0.1:${listener.port}`;
  const headers = { Authorization: `Bearer ${TOKEN}` };
  const answer = await fetch(`${at}/metrics`, { headers });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('santong_things_total 1');
  expect((await fetch(`${at}/metrics`)).status).toBe(401);
  expect((await fetch(`${at}/metrics`, { headers: { Authorization: 'Bearer wrong' } })).status).toBe(401);
  expect((await fetch(`${at}/`, { headers })).status).toBe(404);
  expect((await fetch(`${at}/metrics`, { method: 'POST', headers })).status).toBe(405);
  await listener.close();
});

test('without a token it is for this machine, and not for what a proxy passes on', async () => {
  const listener = await listening(undefined);
  const at = `http://127.0.0.1:${listener.port}/metrics`;
  expect((await fetch(at)).status).toBe(200);
  expect((await fetch(at, { headers: { 'X-Forwarded-For': '10.0.0.1' } })).status).toBe(403);
  await listener.close();
  const asks = { headers: {} };
  const open = { token: undefined, isProxied: false };
  for (const address of ['::1', '::ffff:127.0.0.1', '127.8.0.1']) {
    expect(metricsAccess({ ...asks, address }, open)).toBe('allowed');
  }
  for (const address of ['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '', '127.0.0.1.example.org']) {
    expect(metricsAccess({ ...asks, address }, open)).toBe('forbidden');
  }
});

test('an address that is taken is said', async () => {
  const listener = await listening(undefined);
  const again = listenForScrapes(createMeter().registry, { host: '127.0.0.1', port: listener.port, token: undefined });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await listener.close();
});

test('the metrics of a process have its memory and the lag of its event loop', async () => {
  const code = `const { createMeter } = await import('./metrics/registry.ts');
    process.stdout.write(await createMeter({ process: true }).registry.metrics());`;
  const child = spawn(process.execPath, [
    '--import',
    './tests/support/typescript.mjs',
    '--input-type=module',
    '-e',
    code,
  ]);
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await once(child, 'close');
  expect(said).toMatch(/^process_resident_memory_bytes \d+/m);
  expect(said).toMatch(/^nodejs_eventloop_lag_seconds /m);
});
