import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import knex, { type Knex } from 'knex';
import { bundleWorkflows } from '../../bundling.ts';
import { projectRoot } from '../../config.ts';
import { findPlace } from '../../embedded/postgres-place.ts';
import { newPassword, startPostgres } from '../../embedded/postgres.ts';
import { findTemporal, findTestServer } from '../../embedded/temporal-binary.ts';
import { startTemporal } from '../../embedded/temporal.ts';
import { makeSeeded } from './seeded.ts';
import type { TestServers } from './servers.ts';

/** Keeps the servers of a test run and ends with whoever started it, so that a run that was killed leaves nothing behind. */
const folder = mkdtempSync('/tmp/santong-test-');
const closing: (() => Promise<void>)[] = [];

process.once('disconnect', () => void close().finally(() => process.exit(0)));
process.on('SIGINT', () => undefined);

try {
  const [database, temporal, testServer] = await Promise.all([
    startDatabase(),
    described(startEngine()),
    described(findTestServer(search())),
  ]);
  const workflowBundle = join(folder, 'workflow-bundle.js');
  const seeded = join(folder, 'seeded.json');
  process.send?.({ ...database, temporal, testServer, workflowBundle, seeded } satisfies TestServers);
  // For all test files, while those that need neither begin.
  await publish(
    seeded,
    makeSeeded({ ...urlsOf(database), dataDir: folder }).then((made) => JSON.stringify(made)),
  );
  await publish(
    workflowBundle,
    bundleWorkflows().then(({ code }) => code),
  );
} catch (error) {
  process.send?.({ error: error instanceof Error ? error.message : String(error) });
  await close();
  process.exit(1);
}

async function startDatabase(): Promise<Pick<TestServers, 'adminUrl' | 'santongPassword' | 'template'>> {
  const postgres = await startPostgres({
    place: findPlace(folder),
    logFile: join(folder, 'postgres.log'),
    password: newPassword(),
    // Nothing here needs to outlive the run.
    settings: [
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'max_connections=300',
      'shared_buffers=64MB',
    ],
  });
  closing.push(() => postgres.stop());
  const santongPassword = newPassword();
  const template = 'santong_template';
  const admin = knex({ client: 'pg', connection: postgres.adminUrl(), pool: { min: 0, max: 1 } });
  try {
    await admin.raw(`create role santong login password '${santongPassword}'`);
    await admin.raw(`create database ${template} owner santong`);
  } finally {
    await admin.destroy();
  }
  await migrateTemplate(postgres.url('santong', santongPassword, template));
  return { adminUrl: postgres.adminUrl(), santongPassword, template };
}

/** The platform's tables, made once; every test file gets a copy of this database. */
async function migrateTemplate(url: string): Promise<void> {
  const own = new URL('../../store/migrate.ts', import.meta.url);
  if (existsSync(own)) {
    const { migrate } = (await import(own.href)) as { migrate(databaseUrl: string): Promise<unknown> };
    await migrate(url);
    return;
  }
  const folderUrl = new URL('../../store/migrations/', import.meta.url);
  const connection = knex({ client: 'pg', connection: url, pool: { min: 0, max: 1 } });
  for (const name of readdirSync(folderUrl).sort()) {
    const { up } = (await import(new URL(name, folderUrl).href)) as { up(knex: Knex): Promise<void> };
    await up(connection);
  }
  await connection.destroy();
}

async function startEngine(): Promise<string> {
  const temporal = await startTemporal({
    program: await findTemporal(search()),
    logFile: join(folder, 'temporal.log'),
    namespace: 'default',
    uiPort: false,
    retentionDays: 1,
  });
  closing.push(() => temporal.stop());
  return temporal.address;
}

/** Writes what comes of it; why nothing came of it, at the same path with `.error`. */
async function publish(path: string, made: Promise<string>): Promise<void> {
  const outcome = await described(made);
  const isMade = 'value' in outcome;
  writeFileSync(`${path}.part`, isMade ? outcome.value : outcome.error);
  // Whoever waits for it never sees half of it.
  renameSync(`${path}.part`, isMade ? path : `${path}.error`);
}

function urlsOf({ adminUrl, template }: Pick<TestServers, 'adminUrl' | 'template'>) {
  return {
    template,
    adminUrl(database = 'postgres') {
      const url = new URL(adminUrl);
      url.pathname = `/${database}`;
      return url.href;
    },
  };
}

/** A server that is missing fails the tests that ask for it, not all of them. */
async function described(value: Promise<string>): Promise<TestServers['temporal']> {
  try {
    return { value: await value };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

function search() {
  return { cacheDir: join(projectRoot, '.cache'), projectRoot };
}

async function close(): Promise<void> {
  await Promise.allSettled(closing.map((stop) => stop()));
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
}
