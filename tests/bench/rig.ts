import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Knex } from 'knex';
import { projectRoot } from '../../config.ts';
import { ensurePlatformDatabase } from '../../embedded/database.ts';
import { findPlace } from '../../embedded/postgres-place.ts';
import { startPostgres } from '../../embedded/postgres.ts';
import { findTemporal } from '../../embedded/temporal-binary.ts';
import { startTemporal } from '../../embedded/temporal.ts';
import { seed } from '../../seed.ts';
import { openDatabase } from '../../store/database.ts';
import { migrate } from '../../store/migrate.ts';

/** Servers as `npm start` runs them, durable settings included, with a small seed, for one benchmark. */
export interface Rig {
  readonly knex: Knex;
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly secretKey: Uint8Array;
  close(): Promise<void>;
}

let isQuiet = false;

/** The SDK's chatter about its own states is no figure. Its runtime can be installed once in a process. */
export function quietRuntime(): void {
  if (!isQuiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  isQuiet = true;
}

export async function startRig(): Promise<Rig> {
  quietRuntime();
  const folder = mkdtempSync(join(tmpdir(), 'santong-bench-'));
  const [postgres, temporal] = await Promise.all([
    startPostgres({ place: findPlace(folder), logFile: join(folder, 'postgres.log'), password: 'bench' }),
    findTemporal({ cacheDir: join(projectRoot, '.cache'), projectRoot }).then((program) =>
      startTemporal({
        program,
        logFile: join(folder, 'temporal.log'),
        namespace: 'default',
        databaseFile: join(folder, 'temporal.db'),
        uiPort: false,
        retentionDays: 1,
      }),
    ),
  ]);
  const url = await ensurePlatformDatabase(postgres, 'bench');
  await migrate(url);
  const knex = openDatabase(url);
  const secretKey = randomBytes(32);
  await seed({
    platform: knex,
    departmentsAdminUrl: postgres.adminUrl(),
    secretKey,
    dataDir: folder,
    sizes: { companies: 10, persons: 100 },
  });
  const { address } = temporal;
  const [connection, ordinary] = await Promise.all([
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
  ]);
  return {
    knex,
    client: new Client({ connection: ordinary }),
    connection,
    secretKey,
    async close() {
      await knex.destroy();
      await connection.close();
      await ordinary.close();
      await temporal.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs `count` tasks, `width` of them at once. */
export async function atOnce(width: number, count: number, task: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let n = next++; n < count; n = next++) await task(n);
    }),
  );
}

/** A migrated database of PostgreSQL's own for one benchmark that needs nothing else. */
export async function startDatabase(
  settings: readonly string[] = [],
): Promise<{ readonly knex: Knex; readonly url: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'santong-bench-'));
  const place = findPlace(folder);
  const postgres = await startPostgres({ place, logFile: join(folder, 'postgres.log'), password: 'bench', settings });
  const url = await ensurePlatformDatabase(postgres, 'bench');
  await migrate(url);
  const knex = openDatabase(url);
  return {
    knex,
    url,
    async close() {
      await knex.destroy();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Filling is not what is measured, and what is measured writes nothing. */
export const FILLED_FAST = ['fsync=off', 'max_wal_size=8GB'];
