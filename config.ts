import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { metricsIn, type SignOnSettings, signOnIn } from './config-parts.ts';
import { type Environment, present, type Reader, reader } from './config-reader.ts';
import {
  address,
  key,
  type ListenAt,
  longPassword,
  namespace,
  networks,
  oneOf,
  port,
  postgresUrl,
  type S3Address,
  s3Url,
  sender,
  smtpUrl,
  webUrl,
} from './config-values.ts';
import type { FileDestination } from './domain/file-delivery.ts';

export { ConfigError, settingsOrEnd } from './config-reader.ts';

/** The folder that holds package.json: found upward from this module, so that it is the same from the sources and from dist/. */
export const projectRoot: string = findProjectRoot(import.meta.dirname);

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const SEEDS = ['none', 'demo'] as const;
export type Seed = (typeof SEEDS)[number];

/** What the worker, the API, the migration and the seed run with. Every part of it is settled before they start. */
export interface Config {
  /** The platform's own database. */
  readonly databaseUrl: string;
  /** `host:port` of the Temporal server. */
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly host: string;
  readonly port: number;
  /** 32 bytes: seals the connections to the departments' databases. */
  readonly secretKey: Uint8Array;
  readonly dataDir: string;
  readonly seed: Seed;
  readonly logLevel: LogLevel;
  /** An administrator's address on the server where seeding makes the departments' databases; absent: it cannot make them. */
  readonly departmentsDatabaseUrl?: string;
  /** One password for every account that seeding makes; absent: a random one each. */
  readonly demoPassword?: string;
  /** The server that takes e-mail, with what it asks for to log in; absent: nobody is told by e-mail. */
  readonly smtpUrl?: string;
  /** The sender of e-mail; there if `smtpUrl` is. */
  readonly mailFrom?: string;
  /** Where people see the platform, without a slash at the end: for links, and as the source of what is sent. */
  readonly publicUrl?: string;
  /** The OpenID provider that people may log in by; absent: they have passwords alone. */
  readonly signOn?: SignOnSettings;
  /** Networks (CIDR) that webhooks may go to besides public addresses. */
  readonly webhookNetworks: readonly string[];
  /** Networks (CIDR) that data sources of departments may be in besides public addresses. */
  readonly sourceNetworks: readonly string[];
  /** Under which each department has a folder of files for the catalogue; absent: there are none. */
  readonly sourceFolders?: string;
  /** Under which each department has a folder that files are delivered into; absent: there are none. */
  readonly deliveryFolders?: string;
  /** The bucket that files are delivered into; absent: there is none. */
  readonly s3?: S3Address;
  /** Where files can be delivered to, as the settings have it. */
  readonly destinations: readonly FileDestination[];
  /** What whoever reads the metrics has to show; absent: they are for this machine alone. */
  readonly metricsToken?: string;
  /** Where a worker answers for its metrics; absent: nowhere. */
  readonly workerMetrics?: ListenAt;
  /** Where Temporal's SDK in a worker answers for its own, to anybody who gets there; absent: nowhere. */
  readonly temporalMetrics?: string;
}

/** What `npm start` runs with: an address that is absent means that it starts that server itself. */
export interface StartConfig extends Omit<Config, 'databaseUrl' | 'temporalAddress' | 'secretKey'> {
  readonly databaseUrl?: string;
  readonly temporalAddress?: string;
  readonly secretKey?: Uint8Array;
  /** Whether SANTONG_PORT was given: then no other port is taken in its place. */
  readonly portGiven: boolean;
  /** The port of the Temporal server that is started here; absent: a free one. */
  readonly temporalPort?: number;
  /** A `temporal` program to use instead of looking for one. */
  readonly temporalCli?: string;
}

/** Every setting, with its default as docs/operations.md shows it: a test holds the two together. */
export const SETTINGS = {
  SANTONG_DATABASE_URL: 'started here',
  SANTONG_TEMPORAL_ADDRESS: 'started here',
  SANTONG_TEMPORAL_NAMESPACE: 'default',
  SANTONG_HOST: '127.0.0.1',
  SANTONG_PORT: '8080',
  SANTONG_DATA_DIR: '.santong',
  SANTONG_SECRET_KEY: 'generated',
  SANTONG_SEED: 'demo',
  SANTONG_DEMO_PASSWORD: 'random, one for each account',
  SANTONG_LOG_LEVEL: 'info',
  SANTONG_DEPARTMENTS_DATABASE_URL: 'started here',
  SANTONG_TEMPORAL_PORT: 'a free port',
  SANTONG_TEMPORAL_CLI: 'looked for',
  SANTONG_SMTP_URL: 'no e-mail',
  SANTONG_MAIL_FROM: 'none',
  SANTONG_PUBLIC_URL: 'none',
  SANTONG_OIDC_ISSUER: 'none',
  SANTONG_OIDC_CLIENT_ID: 'none',
  SANTONG_OIDC_CLIENT_SECRET: 'none',
  SANTONG_OIDC_SCOPES: 'openid profile',
  SANTONG_OIDC_ACCOUNT_CLAIM: 'preferred_username',
  SANTONG_WEBHOOK_NETWORKS: 'none',
  SANTONG_SOURCE_NETWORKS: 'none',
  SANTONG_SOURCE_FOLDERS: 'none',
  SANTONG_DELIVERY_FOLDERS: 'none',
  SANTONG_OBJECT_STORAGE_URL: 'none',
  SANTONG_METRICS_TOKEN: 'none',
  SANTONG_WORKER_METRICS: 'off',
  SANTONG_TEMPORAL_METRICS: 'off',
} as const;
export type SettingName = keyof typeof SETTINGS;

/**
 * Reads the settings of a process that is told where its servers are: worker, API, migration, seed.
 * @throws {ConfigError} naming every fault at once
 */
export function loadConfig(env: Environment): Config {
  const read = reader(env);
  const config = {
    ...common(read),
    databaseUrl: read.required('SANTONG_DATABASE_URL', postgresUrl),
    temporalAddress: read.required('SANTONG_TEMPORAL_ADDRESS', address),
    secretKey: read.required('SANTONG_SECRET_KEY', key),
    seed: read.optional('SANTONG_SEED', oneOf(SEEDS)) ?? 'none',
  };
  read.finish();
  // finish() has thrown when a required setting is absent.
  return Object.freeze(config as Config);
}

/**
 * Reads the one setting of what works on the platform's database alone.
 * @throws {ConfigError}
 */
export function loadDatabaseConfig(env: Environment): Pick<Config, 'databaseUrl'> {
  const read = reader(env);
  const databaseUrl = read.required('SANTONG_DATABASE_URL', postgresUrl);
  read.finish();
  // finish() has thrown when it is absent.
  return { databaseUrl: databaseUrl as string };
}

/**
 * Reads the settings of what works on the platform's database and the Temporal server, and opens no sealed address.
 * @throws {ConfigError} naming every fault at once
 */
export function loadServersConfig(
  env: Environment,
): Pick<Config, 'databaseUrl' | 'temporalAddress' | 'temporalNamespace'> {
  const read = reader(env);
  const config = {
    databaseUrl: read.required('SANTONG_DATABASE_URL', postgresUrl),
    temporalAddress: read.required('SANTONG_TEMPORAL_ADDRESS', address),
    temporalNamespace: namespaceIn(read),
  };
  read.finish();
  // finish() has thrown when a required setting is absent.
  return config as ReturnType<typeof loadServersConfig>;
}

/**
 * Reads the settings of `npm start`, where nothing is required.
 * @throws {ConfigError} naming every fault at once
 */
export function loadStartConfig(env: Environment): StartConfig {
  const read = reader(env);
  const config: StartConfig = {
    ...common(read),
    ...present('databaseUrl', read.optional('SANTONG_DATABASE_URL', postgresUrl)),
    ...present('temporalAddress', read.optional('SANTONG_TEMPORAL_ADDRESS', address)),
    ...present('secretKey', read.optional('SANTONG_SECRET_KEY', key)),
    ...present('temporalPort', read.optional('SANTONG_TEMPORAL_PORT', port)),
    ...present(
      'temporalCli',
      read.optional('SANTONG_TEMPORAL_CLI', (text) => resolve(projectRoot, text)),
    ),
    portGiven: read.given('SANTONG_PORT'),
    seed: read.optional('SANTONG_SEED', oneOf(SEEDS)) ?? (read.given('SANTONG_DATABASE_URL') ? 'none' : 'demo'),
  };
  read.finish();
  return Object.freeze(config);
}

function common(read: Reader): Omit<Config, 'databaseUrl' | 'temporalAddress' | 'secretKey' | 'seed'> {
  return {
    temporalNamespace: namespaceIn(read),
    host: read.optional('SANTONG_HOST', (text) => text) ?? '127.0.0.1',
    port: read.optional('SANTONG_PORT', port) ?? 8080,
    dataDir: resolve(projectRoot, read.optional('SANTONG_DATA_DIR', (text) => text) ?? '.santong'),
    logLevel: read.optional('SANTONG_LOG_LEVEL', oneOf(LOG_LEVELS)) ?? 'info',
    ...present('departmentsDatabaseUrl', read.optional('SANTONG_DEPARTMENTS_DATABASE_URL', postgresUrl)),
    ...present('demoPassword', read.optional('SANTONG_DEMO_PASSWORD', longPassword)),
    ...present('smtpUrl', read.optional('SANTONG_SMTP_URL', smtpUrl)),
    ...present(
      'mailFrom',
      (read.given('SANTONG_SMTP_URL') ? read.required : read.optional)('SANTONG_MAIL_FROM', sender),
    ),
    ...present('publicUrl', read.optional('SANTONG_PUBLIC_URL', webUrl)),
    ...signOnIn(read),
    webhookNetworks: read.optional('SANTONG_WEBHOOK_NETWORKS', networks) ?? [],
    sourceNetworks: read.optional('SANTONG_SOURCE_NETWORKS', networks) ?? [],
    ...present(
      'sourceFolders',
      read.optional('SANTONG_SOURCE_FOLDERS', (text) => resolve(projectRoot, text)),
    ),
    ...present(
      'deliveryFolders',
      read.optional('SANTONG_DELIVERY_FOLDERS', (text) => resolve(projectRoot, text)),
    ),
    ...present('s3', read.optional('SANTONG_OBJECT_STORAGE_URL', s3Url)),
    ...metricsIn(read),
    destinations: [
      'download',
      ...(read.given('SANTONG_DELIVERY_FOLDERS') ? (['folder'] as const) : []),
      ...(read.given('SANTONG_OBJECT_STORAGE_URL') ? (['s3'] as const) : []),
    ],
  };
}

function namespaceIn(read: Reader): string {
  return read.optional('SANTONG_TEMPORAL_NAMESPACE', namespace) ?? 'default';
}

function findProjectRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`No package.json above ${from}`);
  }
}
