import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { type App, createApp } from '../../api/app.ts';
import { commandRunner } from '../../api/command-runner.ts';
import { type Courier, startCourier } from '../../api/courier.ts';
import { CHANNEL_ARGS, createEngine } from '../../api/engine.ts';
import { createGateway, type Gateway } from '../../api/gateway/gateway.ts';
import { createFeed } from '../../api/feed.ts';
import type { SignOnSettings } from '../../config-parts.ts';
import { projectRoot } from '../../config.ts';
import type { FileDestination } from '../../domain/file-delivery.ts';
import type { Process } from '../../domain/process.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { createAddressGuard } from '../../notices/addresses.ts';
import { loadPolicies } from '../../policies/policy.ts';
import { openDatabase } from '../../store/database.ts';
import { type Engine, startEngine } from './engine.ts';
import { temporalAddress } from './servers.ts';

/** What came back: the body as JSON where it is JSON. */
export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly body: any;
  readonly headers: Headers;
}

export interface Ask {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A fresh one where none is given; null sends none. */
  readonly key?: string | null;
  readonly raw?: Uint8Array | string;
}

export interface Api {
  readonly engine: Engine;
  readonly app: App;
  readonly courier: Courier;
  readonly gateway: Gateway;
  readonly url: string;
  /** Asks with the session of an account, logged in at first use; null is nobody. */
  ask(account: string | null, method: string, path: string, ask?: Ask): Promise<Answer>;
  token(account: string): Promise<string>;
  close(): Promise<void>;
}

export interface ApiOptions {
  /** Where the API believes Temporal to be. */
  readonly temporal?: string;
  readonly databaseUrl?: string;
  readonly deadlineMs?: number;
  readonly engine?: Engine;
  /** Takes every line that the API logs, at every level; absent: it logs nothing. */
  readonly log?: (line: string) => void;
  /** Under which departments have folders of files. */
  readonly sourceFolders?: string;
  /** Where the API believes that files can go. */
  readonly destinations?: readonly FileDestination[];
  /** Beside those that ship. */
  readonly processes?: readonly Process[];
  readonly metricsToken?: string;
  /** Null: the API knows of no public address of its own. */
  readonly publicUrl?: null;
  /** The OpenID provider that people may log in by; the API then knows its own address as the public one. */
  readonly signOn?: SignOnSettings;
  /** The port to listen at; absent: a free one. */
  readonly port?: number;
  /** Milliseconds for which facts of the database are remembered for scrapes. */
  readonly factsMs?: number;
  /** How long a source that fails is left alone by the gateway. */
  readonly restMs?: number;
  /** The folder of a built portal, to be served as well. */
  readonly portalFolder?: string;
}

/** The API on a free port of this machine, over a seeded platform of its own. */
export async function startApi(options: ApiOptions = {}): Promise<Api> {
  const engine = options.engine ?? (await startEngine());
  // Whoever comes before it is up is sent away, and comes again.
  let answer: RequestListener = (request) => void request.destroy();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const db = openDatabase(options.databaseUrl ?? engine.platform.url, { max: 10, warn: () => undefined });
  const connection = Connection.lazy({ address: options.temporal ?? temporalAddress(), channelArgs: CHANNEL_ARGS });
  const client = new Client({ connection, namespace: engine.namespace });
  const { log } = options;
  const logger = log ? pino({ level: 'trace' }, { write: log }) : pino({ level: 'silent' });
  const policies = await loadPolicies(join(projectRoot, 'policies'));
  const gateway = createGateway({
    db,
    policies,
    logger,
    databaseUrl: options.databaseUrl ?? engine.platform.url,
    secretKey: engine.secretKey,
    guard: createAddressGuard(['127.0.0.0/8']),
    ...(options.restMs === undefined ? {} : { restMs: options.restMs }),
  });
  const deps = {
    db,
    logger,
    policies,
    gateway,
    engine: createEngine(client, { deadlineMs: options.deadlineMs ?? 20_000, replayMs: 60_000 }),
    factsMs: options.factsMs ?? 10_000,
    feed: createFeed({ db, logger, databaseUrl: options.databaseUrl ?? engine.platform.url, everyMs: 200 }),
    outside: {
      secretKey: engine.secretKey,
      webhookNetworks: ['127.0.0.0/8'],
      ...(options.publicUrl === null ? {} : { publicUrl: options.signOn ? url : 'https://santong.example' }),
      ...(options.signOn === undefined ? {} : { signOn: options.signOn }),
      ...(options.metricsToken === undefined ? {} : { metricsToken: options.metricsToken }),
      sourceNetworks: ['127.0.0.0/8'],
      destinations: options.destinations ?? ['download', 'folder'],
      ...(options.sourceFolders === undefined ? {} : { sourceFolders: options.sourceFolders }),
    },
  };
  const app = createApp({
    ...deps,
    processes: [...PROCESSES, ...(options.processes ?? [])],
    ...(options.portalFolder === undefined ? {} : { portalFolder: options.portalFolder }),
  });
  const courier = startCourier({
    db,
    logger,
    engine: deps.engine,
    commands: commandRunner(deps),
    everyMs: 200,
    patience: 1,
  });
  const callback = app.koa.callback();
  answer = (request, response) => void callback(request, response);
  const tokens = new Map<string, Promise<string>>();

  async function login(account: string): Promise<string> {
    const answer = await send('POST', '/api/session', { body: { account, password: engine.password }, key: null });
    if (answer.status !== 201) throw new Error(`${account} cannot log in: ${answer.status}`);
    return answer.body.token;
  }

  function token(account: string): Promise<string> {
    const known = tokens.get(account) ?? login(account);
    tokens.set(account, known);
    return known;
  }

  async function send(method: string, path: string, { body, headers, key, raw }: Ask): Promise<Answer> {
    const isPost = method === 'POST';
    const hasBody = isPost || method === 'PUT' || method === 'PATCH';
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(hasBody ? { 'Content-Type': 'application/json' } : {}),
        ...(isPost && key !== null ? { 'Idempotency-Key': key ?? randomUUID() } : {}),
        ...headers,
      },
      ...(hasBody ? { body: (raw ?? JSON.stringify(body ?? {})) as string } : {}),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  }

  return {
    engine,
    app,
    courier,
    gateway,
    url,
    token,
    async ask(account, method, path, ask = {}) {
      const authorization = account === null ? {} : { Authorization: `Bearer ${await token(account)}` };
      return send(method, path, { ...ask, headers: { ...authorization, ...ask.headers } });
    },
    async close() {
      await deps.feed.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      const halted = [app.moving, app.importing, app.reconciling, app.watching].map((job) => job.halt());
      await Promise.all([courier.stop(), ...halted]);
      await gateway.stop();
      await db.destroy();
      await connection.close();
      if (!options.engine) await engine.close();
    },
  };
}

/** An application of civil affairs for persons of public security, as it is sent. */
export function application(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    entryId: 'persons',
    items: ['name', 'id_card', 'mobile', 'address'],
    rowScope: { all: [{ item: 'name', operator: 'startsWith', value: '王' }] },
    legalBasis: '《社会救助暂行办法》第五十八条',
    scenario: '最低生活保障审核确认时核验申请人户籍信息',
    purpose: '社会救助资格核验',
    mode: 'batch',
    period: nextYear(),
    warranties: { true: true, lawful: true, necessary: true },
    ...changes,
  };
}

/** From today, in Asia/Shanghai, for 364 days. */
export function nextYear(): { from: string; to: string } {
  const today = Date.now() + 8 * 3_600_000;
  const date = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return { from: date(today), to: date(today + 364 * 86_400_000) };
}
