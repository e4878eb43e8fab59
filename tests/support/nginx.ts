import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import { programPath } from './system-programs.mjs';
import { until } from './until.ts';

export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

/** A real nginx with the configuration that ships, on a free port, in a folder of its own. */
export async function startNginx(values: {
  readonly santong: string;
  readonly service: string;
  readonly serviceId: string;
}): Promise<Nginx> {
  const program = programPath('nginx');
  if (program === undefined) throw new Error('nginx is missing: apt-get install nginx-light');
  const prefix = await mkdtemp(join(tmpdir(), 'santong-nginx-'));
  const port = await freePort();
  const text = await readFile(join(projectRoot, 'deploy', 'examples', 'nginx-gateway.conf'), 'utf8');
  const config = text
    .replaceAll('@PREFIX@', prefix)
    .replaceAll('@LISTEN@', `127.0.0.1:${port}`)
    .replaceAll('@SANTONG@', new URL(values.santong).host)
    .replaceAll('@SERVICE@', new URL(values.service).host)
    .replaceAll('@SERVICE_ID@', values.serviceId);
  const file = join(prefix, 'nginx.conf');
  // As root its workers would be of a user that cannot enter the folder.
  await writeFile(file, process.getuid?.() === 0 ? `user root;\n${config}` : config);
  const child = spawn(program, ['-p', prefix, '-c', file, '-e', join(prefix, 'error.log')], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(await readFile(join(prefix, 'error.log'), 'utf8'));
    return fetch(url).then(
      () => true,
      () => undefined,
    );
  });
  return {
    url,
    async stop() {
      await ended(child);
      await rm(prefix, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
