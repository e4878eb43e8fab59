import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, loadConfig, loadServersConfig, loadStartConfig, projectRoot, SETTINGS } from '../../config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const GIVEN = {
  SANTONG_DATABASE_URL: 'postgresql://santong:pw@localhost/santong?host=/tmp/santong-x',
  SANTONG_TEMPORAL_ADDRESS: '127.0.0.1:7233',
  SANTONG_SECRET_KEY: KEY,
};

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

test('the document of operations names every setting with its default, and no other', () => {
  const text = readFileSync(join(projectRoot, 'docs', 'operations.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(SANTONG_\w+)` \| ([^|]+) \|/gm)].map(([, name, value]) => [name, value]);
  expect(Object.fromEntries(rows)).toEqual(SETTINGS);
  expect(rows).toHaveLength(Object.keys(SETTINGS).length);
  const mentioned = new Set([...text.matchAll(/SANTONG_[A-Z_]+/g)].map(([name]) => name));
  expect([...mentioned].filter((name) => !Object.hasOwn(SETTINGS, name))).toEqual([]);
});

test('a process that is told where its servers are has defaults for the rest', () => {
  const config = loadConfig(GIVEN);
  expect(config).toEqual({
    databaseUrl: GIVEN.SANTONG_DATABASE_URL,
    temporalAddress: '127.0.0.1:7233',
    temporalNamespace: 'default',
    host: '127.0.0.1',
    port: 8080,
    secretKey: Buffer.alloc(32, 7),
    dataDir: join(projectRoot, '.santong'),
    seed: 'none',
    logLevel: 'info',
    webhookNetworks: [],
    sourceNetworks: [],
    destinations: ['download'],
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test('what works on database and Temporal server alone needs no key, and both addresses', () => {
  const { SANTONG_SECRET_KEY: _, ...servers } = GIVEN;
  expect(loadServersConfig(servers)).toEqual({
    databaseUrl: GIVEN.SANTONG_DATABASE_URL,
    temporalAddress: '127.0.0.1:7233',
    temporalNamespace: 'default',
  });
  const faults = faultsOf(() => loadServersConfig({ SANTONG_TEMPORAL_NAMESPACE: 'two words' }));
  expect(faults.map((fault) => fault.split(' ')[0]).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
    'SANTONG_DATABASE_URL',
    'SANTONG_TEMPORAL_ADDRESS',
    'SANTONG_TEMPORAL_NAMESPACE',
  ]);
});

test('everything that is missing or malformed is named at once, without repeating what may be secret', () => {
  const env = {
    SANTONG_DATABASE_URL: 'mysql://santong:hidden@localhost/santong',
    SANTONG_SECRET_KEY: 'hidden',
    SANTONG_PORT: '65536',
    SANTONG_SEED: 'all',
    SANTONG_LOG_LEVEL: 'loud',
    SANTONG_TEMPORAL_NAMESPACE: 'two words',
  };
  const faults = faultsOf(() => loadConfig(env));
  const named = faults.map((fault) => fault.split(' ')[0]);
  expect(new Set(named)).toEqual(new Set([...Object.keys(env), 'SANTONG_TEMPORAL_ADDRESS']));
  expect(named).toHaveLength(new Set(named).size);
  expect(faults.join()).not.toContain('hidden');
});

test('npm start needs no setting at all, and an empty one counts as not given', () => {
  const env = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, '']));
  const config = loadStartConfig(env);
  expect(config).toEqual(loadStartConfig({}));
  expect(config).toMatchObject({ port: 8080, portGiven: false, seed: 'demo' });
  expect(config.databaseUrl).toBeUndefined();
});

test('npm start seeds a database of its own, and one that it is given only when told to', () => {
  expect(loadStartConfig(GIVEN).seed).toBe('none');
  expect(loadStartConfig({ ...GIVEN, SANTONG_SEED: 'demo' }).seed).toBe('demo');
});

test('e-mail needs a sender, links a web address, and webhooks name networks', () => {
  const told = {
    SANTONG_SMTP_URL: 'smtps://user:pw@mail.example:465',
    SANTONG_MAIL_FROM: '三通平台 <notices@santong.example>',
    SANTONG_PUBLIC_URL: 'https://santong.example/',
    SANTONG_WEBHOOK_NETWORKS: '10.0.0.0/8, fd00::/8',
  };
  expect(loadConfig({ ...GIVEN, ...told })).toMatchObject({
    smtpUrl: told.SANTONG_SMTP_URL,
    mailFrom: told.SANTONG_MAIL_FROM,
    publicUrl: 'https://santong.example',
    webhookNetworks: ['10.0.0.0/8', 'fd00::/8'],
  });
  expect(faultsOf(() => loadConfig({ ...GIVEN, SANTONG_SMTP_URL: told.SANTONG_SMTP_URL }))).toEqual([
    'SANTONG_MAIL_FROM is missing',
  ]);
  const wrong = {
    SANTONG_SMTP_URL: 'https://mail.example',
    SANTONG_MAIL_FROM: 'nobody',
    SANTONG_PUBLIC_URL: 'santong.example',
    SANTONG_WEBHOOK_NETWORKS: '10.0.0.0/33',
  };
  for (const [name, value] of Object.entries(wrong)) {
    const faults = faultsOf(() => loadConfig({ ...GIVEN, ...told, [name]: value }));
    expect(faults).toEqual([expect.stringMatching(`^${name} must be `)]);
  }
});

test('an OpenID provider needs the rest of what it takes, over TLS or on this machine', () => {
  const told = {
    SANTONG_OIDC_ISSUER: 'https://id.example/realms/city',
    SANTONG_OIDC_CLIENT_ID: 'santong',
    SANTONG_OIDC_CLIENT_SECRET: 'hidden',
    SANTONG_PUBLIC_URL: 'https://santong.example',
  };
  const signOn = {
    issuer: told.SANTONG_OIDC_ISSUER,
    clientId: 'santong',
    clientSecret: 'hidden',
    scopes: 'openid profile',
    claim: 'preferred_username',
  };
  expect(loadConfig({ ...GIVEN, ...told }).signOn).toEqual(signOn);
  const more = { SANTONG_OIDC_SCOPES: 'email  openid', SANTONG_OIDC_ACCOUNT_CLAIM: 'employee_no' };
  expect(loadConfig({ ...GIVEN, ...told, ...more }).signOn).toEqual({
    ...signOn,
    scopes: 'email openid',
    claim: 'employee_no',
  });
  const here = { ...told, SANTONG_OIDC_ISSUER: 'http://127.0.0.1:9000' };
  expect(loadConfig({ ...GIVEN, ...here }).signOn?.issuer).toBe('http://127.0.0.1:9000');
  const alone = { SANTONG_OIDC_ISSUER: told.SANTONG_OIDC_ISSUER };
  expect(faultsOf(() => loadConfig({ ...GIVEN, ...alone }))).toEqual([
    'SANTONG_OIDC_CLIENT_ID is missing',
    'SANTONG_OIDC_CLIENT_SECRET is missing',
    'SANTONG_PUBLIC_URL is missing',
  ]);
  for (const [name, value] of [
    ['SANTONG_OIDC_ISSUER', 'http://id.example'],
    ['SANTONG_OIDC_SCOPES', 'profile'],
    ['SANTONG_OIDC_ACCOUNT_CLAIM', 'two words'],
  ] as const) {
    const faults = faultsOf(() => loadConfig({ ...GIVEN, ...told, [name]: value }));
    expect(faults).toEqual([expect.stringMatching(`^${name} must be `)]);
  }
});

test('an object storage is read from one address, and is a place for files as folders are', () => {
  const address = 'https://key:s%2Fecret@storage.example:9000/bucket/a/b?region=cn-north-1';
  const config = loadConfig({ ...GIVEN, SANTONG_OBJECT_STORAGE_URL: address, SANTONG_DELIVERY_FOLDERS: '/srv/files' });
  expect(config.s3).toEqual({
    endpoint: 'https://storage.example:9000',
    region: 'cn-north-1',
    bucket: 'bucket',
    prefix: 'a/b/',
    accessKeyId: 'key',
    secretAccessKey: 's/ecret',
  });
  expect(config.destinations).toEqual(['download', 'folder', 's3']);
  for (const bad of ['https://storage.example/bucket', 'https://key:hidden@storage.example', 'ftp://k:s@h/b']) {
    const faults = faultsOf(() => loadConfig({ ...GIVEN, SANTONG_OBJECT_STORAGE_URL: bad }));
    expect(faults).toEqual(['SANTONG_OBJECT_STORAGE_URL must be https://key:secret@host/bucket/prefix']);
  }
});

test('metrics of a worker that others can reach need a token, and a token is none that is guessed', () => {
  const open = { ...GIVEN, SANTONG_WORKER_METRICS: '0.0.0.0:9464' };
  expect(faultsOf(() => loadConfig(open))).toEqual(['SANTONG_METRICS_TOKEN is missing']);
  const token = 'a-token-of-some-length';
  expect(loadConfig({ ...open, SANTONG_METRICS_TOKEN: token })).toMatchObject({
    metricsToken: token,
    workerMetrics: { host: '0.0.0.0', port: 9464 },
  });
  const here = { SANTONG_WORKER_METRICS: '[::1]:0', SANTONG_TEMPORAL_METRICS: '127.0.0.1:9465' };
  expect(loadConfig({ ...GIVEN, ...here })).toMatchObject({
    workerMetrics: { host: '::1', port: 0 },
    temporalMetrics: '127.0.0.1:9465',
  });
  for (const [name, value] of [
    ['SANTONG_METRICS_TOKEN', 'short'],
    ['SANTONG_WORKER_METRICS', '127.0.0.1'],
    ['SANTONG_WORKER_METRICS', '127.0.0.1:70000'],
    ['SANTONG_TEMPORAL_METRICS', '9465'],
  ] as const) {
    expect(faultsOf(() => loadConfig({ ...GIVEN, [name]: value }))).toEqual([
      expect.stringMatching(`^${name} must be `),
    ]);
  }
});
