import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config.ts';
import type { Engine } from './engine.ts';
import { temporalAddress } from './servers.ts';

/** The built API as a process of its own, over the platform of a test. */
export interface ApiProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it with a signal and waits until it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export async function startApiProcess(engine: Engine, databaseUrl = engine.platform.url): Promise<ApiProcess> {
  const program = join(projectRoot, 'dist', 'api', 'server.js');
  if (!existsSync(program)) throw new Error('The platform is not built: npm run build');
  const child = fork(program, {
    env: {
      PATH: process.env['PATH'],
      SANTONG_DATABASE_URL: databaseUrl,
      SANTONG_TEMPORAL_ADDRESS: temporalAddress(),
      SANTONG_TEMPORAL_NAMESPACE: engine.namespace,
      SANTONG_SECRET_KEY: Buffer.from(engine.secretKey).toString('base64'),
      SANTONG_SOURCE_NETWORKS: '127.0.0.0/8',
      SANTONG_PORT: '0',
      SANTONG_LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port));
    child.once('exit', (code) => reject(new Error(`The API ended with ${code}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    async end(signal) {
      child.kill(signal);
      await gone;
    },
  };
}
