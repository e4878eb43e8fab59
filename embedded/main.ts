import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadStartConfig, projectRoot, type StartConfig } from '../config.ts';
import { announcement } from './announcement.ts';
import { endLeftovers, runToEnd, startChild } from './children.ts';
import { ensurePlatformDatabase } from './database.ts';
import { explainDisk, explainFolder, lacksRoom, makeFolder } from './disk.ts';
import { freePort } from './free-port.ts';
import { lockDataDir } from './lock.ts';
import { askServers } from './outside.ts';
import { apiPort } from './ports.ts';
import { findPlace } from './postgres-place.ts';
import { makeSocketDir, startPostgres } from './postgres.ts';
import { keptSecrets, writeJson } from './secrets.ts';
import { ProgramFailed, readLog, SetUpError, type Words } from './set-up-error.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';
import { findTemporal } from './temporal-binary.ts';
import { startTemporal } from './temporal.ts';

/** Closed cases' histories stay in the embedded server for ten years; nothing is archived elsewhere on one machine. */
const RETENTION_DAYS = 3_650;
const dist = join(projectRoot, 'dist');

/** Where everything is, for the command line and for whoever looks after the machine. */
interface Addresses {
  url: string;
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  temporalUi?: string;
}

async function main(config: StartConfig): Promise<void> {
  const began = Date.now();
  const { dataDir } = config;
  makeFolder(join(dataDir, 'logs'));
  const unlock = lockDataDir(dataDir);
  const addresses: Partial<Addresses> = {};
  const supervisor = createSupervisor({
    onEvent: say,
    onChange: () => {
      writeJson(join(dataDir, 'state.json'), { ...addresses, pid: process.pid, pids: supervisor.pids() });
    },
    lacksRoom: (how) => lacksRoom(how, dataDir),
  });
  const finished = stopOn(supervisor, dataDir);
  try {
    await bringUp(config, supervisor, addresses).catch((error: unknown) => {
      // Whoever stops it while it comes up is not told that a half of it failed.
      if (!finished.asked()) throw error;
    });
    if (!finished.asked()) {
      const { url, temporalUi } = addresses;
      console.log(announcement({ url, temporalUi, dataDir, seconds: (Date.now() - began) / 1000 }));
    }
    await finished.done;
  } finally {
    await supervisor.stop();
    rmSync(join(dataDir, 'state.json'), { force: true });
    unlock();
  }
}

/** Servers first, then what needs them. Every service keeps its address when it is started again. */
async function bringUp(config: StartConfig, supervisor: Supervisor, addresses: Partial<Addresses>): Promise<void> {
  const { dataDir } = config;
  const log = (name: string): string => join(dataDir, 'logs', `${name}.log`);
  const secrets = keptSecrets(dataDir);
  await endLeftovers(dataDir);
  const port = await apiPort(config, say);
  await askServers(config);
  const [database] = await together([bringUpPostgres(), bringUpTemporal()]);
  addresses.databaseUrl = database.url;
  addresses.temporalNamespace = config.temporalNamespace;
  addresses.url = `http://${config.host}:${port}`;
  const env = {
    ...process.env,
    SANTONG_DATABASE_URL: database.url,
    SANTONG_TEMPORAL_ADDRESS: addresses.temporalAddress,
    SANTONG_TEMPORAL_NAMESPACE: config.temporalNamespace,
    SANTONG_SECRET_KEY: config.secretKey ? Buffer.from(config.secretKey).toString('base64') : secrets.secretKey,
    SANTONG_DATA_DIR: dataDir,
    SANTONG_HOST: config.host,
    SANTONG_PORT: String(port),
    SANTONG_LOG_LEVEL: config.logLevel,
    SANTONG_SEED: config.seed,
    ...(database.departmentsUrl ? { SANTONG_DEPARTMENTS_DATABASE_URL: database.departmentsUrl } : {}),
  };
  await runToEnd({ program: 'store/migrate.js', dist, dataDir, env, logFile: log('migration') });
  if (config.seed === 'demo') {
    say(['正在准备演示数据（部门、数据、账号）…', 'Seeding (departments, their data, accounts) …']);
    await runToEnd({ program: 'seed.js', dist, dataDir, env, logFile: log('seeding') });
  }
  await together([
    supervisor.add({
      name: 'worker',
      start: () => startChild({ program: 'worker.js', dist, dataDir, env, logFile: log('worker') }),
    }),
    supervisor.add({
      name: 'api',
      start: () => startChild({ program: 'api/server.js', dist, dataDir, env, logFile: log('api') }),
    }),
  ]);

  async function bringUpPostgres(): Promise<{ url: string; departmentsUrl: string | undefined }> {
    if (config.databaseUrl) return { url: config.databaseUrl, departmentsUrl: config.departmentsDatabaseUrl };
    const place = findPlace(dataDir);
    const socketDir = makeSocketDir(place);
    const options = { place, socketDir, logFile: log('postgres'), password: secrets.postgresPassword };
    let found: { url: string; departmentsUrl: string | undefined } | undefined;
    await supervisor.add({
      name: 'postgres',
      async start() {
        const postgres = await startPostgres(options);
        try {
          found ??= {
            url: await ensurePlatformDatabase(postgres, secrets.santongPassword),
            departmentsUrl: config.departmentsDatabaseUrl ?? postgres.adminUrl(),
          };
        } catch (error) {
          // Nobody else knows of it yet.
          await postgres.stop();
          throw error;
        }
        return postgres;
      },
    });
    process.once('exit', () => rmSync(socketDir, { recursive: true, force: true }));
    if (!found) throw new Error('PostgreSQL started without an address');
    return found;
  }

  async function bringUpTemporal(): Promise<void> {
    if (config.temporalAddress) {
      addresses.temporalAddress = config.temporalAddress;
      return;
    }
    const program = await findTemporal({
      ...(config.temporalCli === undefined ? {} : { given: config.temporalCli }),
      cacheDir: join(projectRoot, '.cache'),
      projectRoot,
      onProgress: say,
    });
    const temporalPort = config.temporalPort ?? (await freePort());
    const uiPort = await freePort();
    mkdirSync(join(dataDir, 'temporal'), { recursive: true, mode: 0o700 });
    await supervisor.add({
      name: 'temporal',
      async start() {
        const temporal = await startTemporal({
          program,
          logFile: log('temporal'),
          namespace: config.temporalNamespace,
          databaseFile: join(dataDir, 'temporal', 'temporal.db'),
          port: temporalPort,
          uiPort,
          retentionDays: RETENTION_DAYS,
        });
        addresses.temporalAddress = temporal.address;
        if (temporal.uiUrl) addresses.temporalUi = temporal.uiUrl;
        return temporal;
      },
    });
  }
}

/** When one fails the others are waited for, so that the supervisor knows everything that it has to stop. */
async function together<A, B>(starts: readonly [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(starts);
  return Promise.all(starts);
}

function stopOn(supervisor: Supervisor, dataDir: string): { readonly done: Promise<void>; asked(): boolean } {
  let asked = false;
  const done = new Promise<void>((resolve) => {
    const stop = (): void => {
      if (!asked) say(['正在停止…', 'Stopping …']);
      asked = true;
      void supervisor.stop().then(resolve);
    };
    process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
    void supervisor.broken.then((why) => {
      const logs = join(dataDir, 'logs');
      const broken = new ProgramFailed([`放弃：${why[0]}。`, `Giving up: ${why[1]}.`], [readLog(logs)]);
      console.log((explainDisk(broken, dataDir) as Error).message);
      process.exitCode = 1;
      stop();
    });
  });
  return { done, asked: () => asked };
}

function say(text: Words): void {
  console.log(text.join('\n'));
}

try {
  const config = loadStartConfig(process.env);
  await main(config).catch((error: unknown) => {
    throw explainDisk(explainFolder(error, config.dataDir), config.dataDir);
  });
} catch (error) {
  const isExpected = error instanceof SetUpError || (error instanceof Error && error.name === 'ConfigError');
  console.error(isExpected ? (error as Error).message : error);
  process.exitCode = 1;
}
// Sockets to servers that are gone must not hold the process open.
process.exit();
