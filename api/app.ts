import Router from '@koa/router';
import type { Knex } from 'knex';
import Koa, { type Middleware } from 'koa';
import helmet from 'koa-helmet';
import type { Logger } from 'pino';
import { type AlertWatch, alertWatch } from './alert-watch.ts';
import { type CatalogueImporter, catalogueImporter } from './catalogue-importer.ts';
import { commandRunner } from './command-runner.ts';
import { type DriftWatch, driftWatch } from './drift-watch.ts';
import type { Endpoint } from './endpoint.ts';
import type { Engine } from './engine.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Feed } from './feed.ts';
import { authenticate } from './middleware/authenticate.ts';
import { authorize } from './middleware/authorize.ts';
import { body, BODY_LIMIT } from './middleware/body.ts';
import { csrf } from './middleware/csrf.ts';
import { errors } from './middleware/errors.ts';
import { handle } from './middleware/handle.ts';
import { idempotency } from './middleware/idempotency.ts';
import { locale } from './middleware/locale.ts';
import { log } from './middleware/log.ts';
import { measure, routed } from './middleware/measure.ts';
import { readLog } from './middleware/read-log.ts';
import { requestId } from './middleware/request-id.ts';
import { validated } from './middleware/validated.ts';
import { documentEndpoints } from './openapi.ts';
import { portal } from './portal.ts';
import { publicTitles } from './public-titles.ts';
import type { Process } from '../domain/process.ts';
import { PROCESSES } from '../domain/processes/index.ts';
import { type Reconciler, reconciler } from './reconciliation/reconciler.ts';
import { createAddressGuard } from '../notices/addresses.ts';
import { createLooker } from '../sources/looker.ts';
import { listDepartments } from '../store/departments.ts';
import { mountChecker } from './mounts.ts';
import { type ApiMetrics, apiMetrics } from '../metrics/api.ts';
import { measureFacts } from '../metrics/facts.ts';
import { createMeter, type Meter } from '../metrics/registry.ts';
import { remembered } from '../metrics/remembered.ts';
import { countedPolicies } from '../metrics/sharing.ts';
import type { Policies } from './reach.ts';
import { type Migrator, migrator } from './route-migrations.ts';
import type { Outside } from './routes/deps.ts';
import { endpoints } from './routes/index.ts';

export interface AppDeps {
  readonly db: Knex;
  readonly engine: Engine;
  readonly policies: Policies;
  readonly logger: Logger;
  readonly feed: Feed;
  readonly gateway: Gateway;
  readonly outside: Outside;
  /** Absent: those that ship. */
  readonly processes?: readonly Process[];
  /** Of this process, with whatever else it measures; absent: one with the API's own metrics alone. */
  readonly meter?: Meter;
  /** For how long facts of the database are remembered for scrapes, in milliseconds; absent: ten seconds. */
  readonly factsMs?: number;
  /** The folder of the built portal; absent: the API serves no pages. */
  readonly portalFolder?: string;
}

export interface App {
  readonly koa: Koa;
  readonly router: Router;
  /** Every route as data; the router has these and no others. */
  readonly endpoints: readonly Endpoint[];
  /** Moves running cases to other versions of their routes: to be gone on with in rounds, and halted before the end. */
  readonly moving: Migrator;
  /** Brings in catalogue files: to be gone on with in rounds, and halted before the end. */
  readonly importing: CatalogueImporter;
  /** Holds two sources against each other: to be gone on with in rounds, and halted before the end. */
  readonly reconciling: Reconciler;
  /** Watches over what entries are mounted on: to be done in rounds, and halted before the end. */
  readonly watching: DriftWatch;
  /** Opens and ends alerts: to be done in rounds. */
  readonly alerting: AlertWatch;
  readonly metrics: ApiMetrics;
}

const DEPARTMENTS_MS = 10_000;

/** The API as a Koa application that listens nowhere yet. */
export function createApp(given: AppDeps): App {
  const meter = given.meter ?? createMeter();
  const metrics = apiMetrics(meter);
  const { db, factsMs } = given;
  measureFacts(meter, { db, ...(factsMs === undefined ? {} : { rememberedMs: factsMs }) });
  const deps = { ...given, metrics, policies: countedPolicies(given.policies, metrics.asks) };
  const commands = commandRunner(deps);
  const moving = migrator({ ...deps, commands });
  const importing = catalogueImporter(deps);
  const { sourceNetworks, sourceFolders } = deps.outside;
  const sourceGuard = createAddressGuard(sourceNetworks);
  const looker = createLooker({
    guard: sourceGuard,
    ...(sourceFolders === undefined ? {} : { foldersRoot: sourceFolders }),
  });
  const reconciling = reconciler({ ...deps, sourceGuard });
  const watching = driftWatch({ ...deps, commands, looker });
  const own = endpoints({
    processes: PROCESSES,
    ...deps,
    looker,
    mounts: mountChecker({ db: deps.db, looker, secretKey: deps.outside.secretKey }),
    sourceGuard,
    meter,
    commands,
    moving,
    importing,
    reconciling,
    departments: remembered(DEPARTMENTS_MS, () => listDepartments(deps.db)),
  });
  const all = [...own, ...documentEndpoints(own)];
  const router = new Router();
  for (const endpoint of all) router.register(endpoint.path, [endpoint.method], chain(endpoint, deps));
  const koa = new Koa();
  koa.on('error', (err: unknown) => {
    // Whoever listens to events goes away without a word.
    if ((err as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    deps.logger.warn({ err }, 'an answer could not be written');
  });
  koa.use(requestId()).use(log(deps)).use(measure(metrics)).use(locale()).use(errors(deps));
  koa.use(helmet({ contentSecurityPolicy: { directives: { 'default-src': ["'self'"] } } }));
  koa.use(noStore());
  if (given.portalFolder !== undefined) koa.use(portal(given.portalFolder, publicTitles(given.db)));
  koa.use(router.routes());
  koa.use(router.allowedMethods());
  return { koa, router, endpoints: all, moving, importing, reconciling, watching, alerting: alertWatch(deps), metrics };
}

/** What a request to an endpoint passes through, in this order. */
function chain(endpoint: Endpoint, { db, policies }: AppDeps): Middleware[] {
  const { access, method, raw, form, bodyLimit = BODY_LIMIT } = endpoint;
  const kind = raw ? 'bytes' : form ? 'form' : 'json';
  const known =
    access === 'public' ? [] : [authenticate({ db, isBeforePassword: endpoint.isBeforePassword === true }), csrf()];
  const allowed = typeof access === 'string' ? [] : [authorize(access.object, access.action, { policies })];
  const hasBody = method === 'post' || method === 'put' || method === 'patch';
  const input = hasBody ? [body({ limit: bodyLimit, kind })] : [];
  const repeated = method === 'post' && access !== 'public' ? [idempotency()] : [];
  const logged = endpoint.reads === undefined ? [] : [readLog(endpoint.reads, { db })];
  const checked = [...input, validated(endpoint), ...repeated];
  return [routed(endpoint.path), ...known, ...allowed, ...checked, ...logged, handle(endpoint)];
}

/** Answers are about what the caller may see now: no cache in between may keep them. */
function noStore(): Middleware {
  return async function noStoreMiddleware(ctx, next) {
    ctx.set('Cache-Control', 'no-store');
    await next();
  };
}
