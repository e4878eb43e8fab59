import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import knex from 'knex';
import type { Effects } from '../../activities/effects/index.ts';
import { databaseOf, departments } from '../../seed/departments.ts';
import { type RunningWorkers, startWorkers } from '../../worker.ts';
import { copyDepartments } from './seeded.ts';
import { adminUrl, seededDatabase, temporalAddress, type TestDatabase, unique, workflowBundle } from './servers.ts';

/** A seeded platform with workers in this process, in a Temporal namespace and databases of its own. */
export interface Engine {
  readonly platform: TestDatabase;
  readonly client: Client;
  readonly namespace: string;
  readonly secretKey: Uint8Array;
  /** Where accounts.json lies. */
  readonly dataDir: string;
  readonly password: string;
  departmentUrl(department: string): string;
  /** With the effects of processes that do not ship. */
  startWorkers(
    effects?: Readonly<Record<string, Effects>>,
    settings?: Partial<Parameters<typeof startWorkers>[0]>,
    more?: Parameters<typeof startWorkers>[2],
  ): Promise<RunningWorkers>;
  close(): Promise<void>;
}

/** The SDK's chatter about its own states says nothing about Santong. */
Runtime.install({ logger: new DefaultLogger('ERROR') });

export async function startEngine(): Promise<Engine> {
  const { database: platform, seeded } = await seededDatabase();
  const { password } = seeded;
  const secretKey = Buffer.from(seeded.secretKey, 'hex');
  const dataDir = await mkdtemp(join(tmpdir(), 'santong-engine-'));
  const suffix = unique('');
  const databaseName = (department: string): string => databaseOf(department) + suffix;
  const namespace = unique('santong');
  await Promise.all([
    registerNamespace(namespace),
    copyDepartments({ adminUrl, platform: platform.knex, secretKey, dataDir, password, databaseName }),
  ]);
  const connection = await Connection.connect({ address: temporalAddress() });
  const client = new Client({ connection, namespace });
  const running: RunningWorkers[] = [];
  return {
    platform,
    client,
    namespace,
    secretKey,
    dataDir,
    password,
    departmentUrl: (department) => adminUrl(databaseName(department)),
    async startWorkers(effects = {}, settings = {}, more = {}) {
      const workers = await startWorkers(
        {
          databaseUrl: platform.url,
          temporalAddress: temporalAddress(),
          temporalNamespace: namespace,
          secretKey,
          ...settings,
        },
        await workflowBundle(),
        { ...more, effects },
      );
      running.push(workers);
      return workers;
    },
    async close() {
      await Promise.all(running.map((workers) => workers.stop()));
      await connection.close();
      await platform.drop();
      const admin = knex({ client: 'pg', connection: adminUrl(), pool: { min: 0, max: 1 } });
      for (const { id } of departments) {
        await admin.raw('drop database if exists ?? with (force)', [databaseName(id)]);
        await admin.raw('drop role if exists ??', [databaseName(id)]);
      }
      await admin.destroy();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Every test file has a namespace of its own, so that workers of one never take the tasks of another. */
async function registerNamespace(namespace: string): Promise<void> {
  const connection = await Connection.connect({ address: temporalAddress() });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    for (;;) {
      try {
        await connection.workflowService.listWorkflowExecutions({ namespace });
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await connection.close();
  }
}
