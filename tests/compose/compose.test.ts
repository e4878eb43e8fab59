import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { loadConfig, projectRoot, SETTINGS } from '../../config.ts';
import {
  type ComposeFile,
  composeFile,
  copiesOf,
  environmentOf,
  interpolate,
  projectFile,
  serviceOf,
  statementsOf,
  variablesIn,
} from '../support/compose.ts';

/** What a person puts into `.env`: the tests' own values, none of them in the file. */
const VARIABLES = {
  POSTGRES_PASSWORD: 'secret1',
  PLATFORM_DB_PASSWORD: 'secret2',
  DEPARTMENTS_DB_PASSWORD: 'secret3',
  TEMPORAL_DB_PASSWORD: 'secret4',
  SANTONG_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
};
const OURS = ['migrate', 'seed', 'api', 'worker'];
const ONE_SHOT = ['temporal-schema', 'temporal-namespace', 'migrate', 'seed'];

const text = projectFile('docker-compose.yml');
const file = composeFile();
const services = Object.entries(file.services);

test('the compose file is one by the Compose specification', () => {
  expect(faultsOf(file)).toEqual([]);
});

test('a service with a setting that Compose does not know is refused by the same schema', () => {
  const { worker, ...rest } = file.services;
  const broken = { ...file, services: { ...rest, worker: { ...worker, restarts: 'always' } } };
  expect(faultsOf(broken)).toEqual(['/services/worker must NOT have additional properties']);
  const unsure = { ...file, services: { api: { image: 'x', depends_on: { seed: { condition: 'service_ready' } } } } };
  expect(faultsOf(unsure)).toContain(
    '/services/api/depends_on/seed/condition must be equal to one of the allowed values',
  );
});

test('every SANTONG_ variable is a setting that config.ts knows', () => {
  const named = [...text.matchAll(/\bSANTONG_\w+/g)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((name) => !(name in SETTINGS))).toEqual([]);
});

test.each(OURS)('config.ts accepts the settings that %s is given', (name) => {
  const config = loadConfig(environmentOf(serviceOf(file, name), VARIABLES));
  expect(config).toMatchObject({ temporalAddress: 'temporal:7233', temporalNamespace: 'default' });
  expect(config.databaseUrl).toContain('@postgres:5432/santong');
});

test('only seeding is told how to make departments’ databases', () => {
  const told = services.filter(([, { environment = {} }]) => 'SANTONG_DEPARTMENTS_DATABASE_URL' in environment);
  expect(told.map(([name]) => name)).toEqual(['seed']);
});

test('no secret has a value in the file: each must be given, and without one Compose refuses to start', () => {
  const isSecret = (name: string): boolean => /PASSWORD|_PWD|KEY/.test(name);
  const given = services.flatMap(([, service]) => Object.entries(service.environment ?? {}));
  const secret = given.filter(([name]) => isSecret(name));
  expect(secret.length).toBeGreaterThan(8);
  for (const [, value] of secret) expect(value).toMatch(/^\$\{\w+(:\?[^}]+|:-)\}$/);
  for (const [, value] of given) expect(value).not.toMatch(/:\/\/[^$@]*:(?!\$\{)[^@]*@/);
  for (const { name, rest } of variablesIn(text)) {
    if (isSecret(name) && name !== 'SANTONG_DEMO_PASSWORD') expect(rest).toMatch(/^:\?./);
  }
  for (const missing of Object.keys(VARIABLES)) {
    expect(() => interpolate(text, { ...VARIABLES, [missing]: '' })).toThrow(`required variable ${missing}`);
  }
});

test.each(OURS)('the command of %s is a file that the build makes', (name) => {
  const { command = [] } = serviceOf(file, name);
  expect(command[0]).toBe('node');
  const source = /^dist\/(.+)\.js$/.exec(command[1] ?? '')?.[1];
  expect(existsSync(join(projectRoot, `${source}.ts`))).toBe(true);
  expect(copiesOf('runtime').map(({ target }) => target)).toContain('dist');
});

test('what the services mount is there, and scripts can be run', () => {
  const mounted = services.flatMap(([, { volumes = [] }]) => volumes).map((volume) => volume.split(':')[0] ?? '');
  const files = mounted.filter((source) => source.startsWith('./'));
  expect(files.map((source) => source.slice('./deploy/'.length)).toSorted()).toEqual(
    // What stands in examples/ is for other servers than those of the compose file.
    readdirSync(join(projectRoot, 'deploy'))
      .filter((name) => name !== 'examples')
      .toSorted(),
  );
  for (const script of files.filter((source) => source.endsWith('.sh'))) {
    expect(statSync(join(projectRoot, script)).mode & 0o111).toBe(0o111);
    expect(projectFile(script).split('\n')).toEqual(expect.arrayContaining(['#!/bin/sh', 'set -eu']));
  }
  const named = mounted.filter((source) => !source.startsWith('./'));
  expect(named.toSorted()).toEqual(Object.keys(file.volumes).toSorted());
});

test('one-shot services end, the others are started again, and each waits for what it needs', () => {
  for (const [name, { restart = '' }] of services) {
    expect(restart).toMatch(ONE_SHOT.includes(name) ? /^on-failure:\d+$/ : /^unless-stopped$/);
  }
  for (const [, { depends_on: needs = {} }] of services) {
    for (const [name, { condition }] of Object.entries(needs)) {
      if (ONE_SHOT.includes(name)) expect(condition).toBe('service_completed_successfully');
      else expect([condition, serviceOf(file, name).healthcheck]).toEqual(['service_healthy', expect.anything()]);
    }
  }
});

test('a worker can be scaled: it publishes no port and has no name of its own', () => {
  const worker = serviceOf(file, 'worker');
  expect(worker).not.toHaveProperty('ports');
  expect(worker).not.toHaveProperty('container_name');
});

test('nothing but the API can be opened beyond this machine', () => {
  const published = services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, interpolate(port, {})]));
  expect(published).toEqual([
    ['temporal-ui', '127.0.0.1:8233:8080'],
    ['api', '127.0.0.1:8080:8080'],
    ['prometheus', '127.0.0.1:9090:9090'],
  ]);
  expect(interpolate(serviceOf(file, 'api').ports?.[0] ?? '', { PUBLISH_ON: '0.0.0.0' })).toBe('0.0.0.0:8080:8080');
});

test('Temporal keeps its histories in PostgreSQL, over enough shards, in the databases that are made for it', () => {
  const { environment = {} } = serviceOf(file, 'temporal');
  expect(environment).toMatchObject({ DB: 'postgres12', POSTGRES_SEEDS: 'postgres', POSTGRES_USER: 'temporal' });
  expect(Number(environment['NUM_HISTORY_SHARDS'])).toBeGreaterThanOrEqual(32);
  const made = statementsOf(projectFile('deploy/postgres-init.sql'), VARIABLES).join('\n');
  for (const database of ['santong', environment['DBNAME'], environment['VISIBILITY_DBNAME']]) {
    expect(made).toMatch(new RegExp(`create database ${database} owner`));
  }
});

test('PostgreSQL is of version 18, with a locale under which Chinese trigrams work', () => {
  const { image, environment = {} } = serviceOf(file, 'postgres');
  expect(image).toMatch(/^postgres:18\b/);
  const ours = projectFile('embedded/postgres.ts').match(/--(?:encoding|locale|builtin|auth)[\w-]*=[\w.-]+/g) ?? [];
  expect(ours).toHaveLength(5);
  for (const option of ours) expect(environment['POSTGRES_INITDB_ARGS']).toContain(option);
});

test('the Dockerfile copies only what is there or what its build makes, and runs as an ordinary user', () => {
  const dockerfile = projectFile('Dockerfile');
  for (const { sources } of copiesOf('build')) {
    for (const source of sources) expect(existsSync(join(projectRoot, source))).toBe(true);
  }
  for (const { from, sources } of copiesOf('runtime')) {
    expect(from).toBe('build');
    for (const source of sources) {
      const path = source.replace('/app/', '');
      expect(path === 'dist' || path === 'node_modules' || existsSync(join(projectRoot, path))).toBe(true);
    }
  }
  expect(dockerfile).toMatch(/^FROM node:20[\w.-]*slim AS build$/m);
  expect(dockerfile).toMatch(/^RUN npm ci$/m);
  expect(dockerfile.indexOf('\nUSER node')).toBeGreaterThan(dockerfile.lastIndexOf('\nRUN '));
});

test('the image is built as the checkout is, and nothing private is sent to the builder', () => {
  const bootstrap = projectFile('embedded/bootstrap.mjs');
  for (const part of ['tsconfig.build.json', 'bundle.js', 'build.mjs']) {
    expect(bootstrap).toContain(part);
    expect(projectFile('Dockerfile')).toContain(part);
  }
  const ignored = projectFile('.dockerignore').split('\n');
  expect(ignored).toEqual(expect.arrayContaining(['.*', 'node_modules', 'dist', 'tests']));
  expect(projectFile('.gitignore').split('\n')).toContain('.env');
});

function faultsOf(candidate: ComposeFile): string[] {
  const schema = JSON.parse(projectFile('tests/support/compose-spec/compose-spec.json')) as Record<string, unknown>;
  const ajv = new Ajv({ allErrors: true, strict: false, verbose: true });
  // The specification's own formats; its duration is not the one of ISO 8601.
  ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);
  for (const name of ['ports', 'expose', 'subnet_ip_address']) ajv.addFormat(name, true);
  // The library knows draft-07 by another address.
  const validate = ajv.compile({ ...schema, $schema: 'http://json-schema.org/draft-07/schema#' });
  validate(candidate);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
