import type { Knex } from 'knex';
import type { Logger } from 'pino';
import type { CallOutcome } from '../../domain/gateway.ts';
import { digestOf } from '../../domain/digest.ts';
import { USUAL_RATE } from '../../domain/rate.ts';
import type { Service } from '../../domain/service.ts';
import type { AddressGuard } from '../../notices/addresses.ts';
import { SourceFailure } from '../../sources/failure.ts';
import { SourceChanged } from '../../sources/service-rows.ts';
import { takeShares } from '../../store/gateway.ts';
import { insertCalls } from '../../store/gateway-calls.ts';
import { isDatabaseDown } from '../../store/outage.ts';
import type { Reply } from '../endpoint.ts';
import { Problem, type ProblemCode } from '../problem.ts';
import type { Policies } from '../reach.ts';
import { answerCall, type Params } from './answers.ts';
import { breakers } from './breakers.ts';
import { callLog } from './call-log.ts';
import { createDecider, type Known } from './decisions.ts';
import { type Allowance, limiter } from './limits.ts';
import { sourcePools } from './pools.ts';

/** Who calls what, and when (RFC 3339). */
export interface GatewayCall {
  readonly key: string | undefined;
  readonly serviceId: string;
  readonly at: string;
  readonly requestId: string;
}

export interface Gateway {
  /** Answers a call of a granted service. @throws {Problem} */
  call(call: GatewayCall & { readonly params: Params; readonly ifNoneMatch: string | undefined }): Promise<Reply>;
  /** Says whether another gateway may answer it, and under which terms. @throws {Problem} */
  permit(call: GatewayCall): Promise<Reply>;
  /** Resolves once changes are heard of, and decisions remembered. */
  readonly hearing: Promise<void>;
  /** Puts on record what was called, and closes what is open. */
  stop(): Promise<void>;
}

export interface GatewayDeps {
  readonly db: Knex;
  readonly databaseUrl: string;
  readonly policies: Policies;
  readonly logger: Logger;
  readonly secretKey: Uint8Array;
  /** Which addresses sources that departments register may have. */
  readonly guard: AddressGuard;
  /** How long a source that fails is left alone, in milliseconds. */
  readonly restMs?: number;
}

/** What is known of a call while it is dealt with. */
interface Trace {
  known?: Known;
  service?: Service;
  allowance?: Allowance;
}

interface Done {
  readonly reply: Reply;
  readonly outcome: CallOutcome;
  readonly rows: number;
  readonly bytes: number;
}

export function createGateway(deps: GatewayDeps): Gateway {
  const { db, logger, secretKey, guard, restMs } = deps;
  const decider = createDecider(deps);
  const limits = limiter((grantId, wanted) => takeShares(db, grantId, wanted));
  const pools = sourcePools({ guard, secretKey });
  const resting = breakers({ isOfSource, ...(restMs === undefined ? {} : { restMs }) });
  const log = callLog({ logger, write: (batchId, calls) => insertCalls(db, batchId, calls) });

  /** Goes through the grounds in the order in which they tell a stranger least. @throws {Problem} */
  async function admit(
    { key, serviceId, at }: GatewayCall,
    trace: Trace,
  ): Promise<Known & { readonly service: Service }> {
    const decision = key === undefined ? ({ kind: 'unknown' } as const) : await decider.decide(key, at);
    if (decision.kind === 'unknown') throw new Problem('KeyRefused');
    trace.known = decision.known;
    const service = await decider.service(serviceId);
    if (service) trace.service = service;
    if (decision.kind === 'no-key') throw new Problem('KeyRefused');
    if (!service) throw new Problem('NotFound');
    if (service.entryId !== decision.known.grant.entryId) throw new Problem('ServiceNotGranted');
    if (decision.kind === 'refused') {
      throw new Problem('SharingRefused', { faults: [{ pointer: '/grant', code: decision.why }] });
    }
    const { grant } = decision.known;
    trace.allowance = await limits.admit(grant.id, grant.rate ?? USUAL_RATE);
    const { isAllowed, resetSeconds } = trace.allowance;
    if (!isAllowed) throw new Problem('RateExceeded', { retryAfter: resetSeconds });
    return { ...decision.known, service };
  }

  /** Puts a call on record however it ends; one whose key is nobody's is in the request log alone. */
  async function recorded(call: GatewayCall, work: (trace: Trace) => Promise<Done>): Promise<Reply> {
    if (log.isFull()) throw new Problem('Unavailable', { retryAfter: 1 });
    const began = performance.now();
    const trace: Trace = {};
    const note = (outcome: CallOutcome, { status, rows, bytes }: Record<'status' | 'rows' | 'bytes', number>): void => {
      const { known, service } = trace;
      if (!known) return;
      const { at, requestId } = call;
      const ids = { grantId: known.grant.id, keyId: known.keyId, serviceId: service?.id ?? '' };
      log.note({ at, requestId, ...ids, outcome, status, rows, bytes, ms: performance.now() - began });
    };
    try {
      const { reply, outcome, rows, bytes } = await work(trace);
      note(outcome, { status: reply.status, rows, bytes });
      return { ...reply, headers: { ...limitHeaders(trace.allowance), ...reply.headers } };
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status >= 500) logger.warn({ requestId: call.requestId, err: error }, 'a call was not answered');
      note(OUTCOMES[problem.code] ?? 'failed', { status: problem.status, rows: 0, bytes: 0 });
      const { code, faults, retryAfter } = problem;
      throw new Problem(code, {
        faults,
        cause: error,
        headers: { ...limitHeaders(trace.allowance) },
        ...(retryAfter === undefined ? {} : { retryAfter }),
      });
    }
  }

  return {
    hearing: decider.hearing,

    async call(call) {
      return recorded(call, async (trace) => {
        const { service, grant, entry } = await admit(call, trace);
        const source = await decider.source(entry);
        if (!source) throw new Problem('SourceFailed');
        const { params, at, ifNoneMatch } = call;
        const answered = await answerCall(
          { secretKey, guard, pools },
          { service, grant, entry, source },
          { params, at, ask: (work) => resting.through(service.id, work) },
        );
        const { body, rows, etag, freshSeconds } = answered;
        const headers = {
          ETag: etag,
          'Cache-Control': freshSeconds > 0 ? `private, max-age=${freshSeconds}` : 'private, no-cache',
          Vary: 'Accept-Language, Authorization, X-API-Key',
        };
        if (isHeld(ifNoneMatch, etag)) {
          return { outcome: 'unchanged', rows: 0, bytes: 0, reply: { status: 304, headers } };
        }
        const type = { 'Content-Type': 'application/json; charset=utf-8' };
        const reply = { status: 200, body, headers: { ...headers, ...type } };
        return { outcome: 'answered', rows, bytes: Buffer.byteLength(body), reply };
      });
    },

    async permit(call) {
      return recorded(call, async (trace) => {
        const { grant, service } = await admit(call, trace);
        const headers = {
          'X-Santong-Grant': grant.id,
          'X-Santong-Requester': grant.requester,
          'X-Santong-Service': service.id,
          'X-Santong-Items': grant.items.join(','),
          'X-Santong-Row-Scope': digestOf(grant.rowScope),
          'X-Santong-Masks': digestOf(grant.masks),
        };
        return { outcome: 'permitted', rows: 0, bytes: 0, reply: { status: 200, body: '', headers } };
      });
    },

    async stop() {
      await decider.stop();
      resting.stop();
      await Promise.all([pools.stop(), log.stop()]);
    },
  };
}

/** What the source does wrong, not the caller. */
function isOfSource(error: unknown): boolean {
  if (error instanceof Problem) return false;
  return !(error instanceof SourceFailure && error.reason === 'TooLarge');
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof SourceChanged) return new Problem('SourceFailed');
  if (error instanceof SourceFailure) {
    if (error.reason === 'TimedOut') return new Problem('SourceTimedOut');
    return new Problem(error.reason === 'TooLarge' ? 'AnswerTooLarge' : 'SourceFailed');
  }
  if (isDatabaseDown(error)) return new Problem('Unavailable', { retryAfter: 2 });
  // The source's own word on the query: its table is not what it was.
  const isQuery = typeof (error as { readonly code?: unknown } | null)?.code === 'string';
  return new Problem(isQuery ? 'SourceFailed' : 'InternalError');
}

/** What is not here nobody expected. */
const OUTCOMES: Readonly<Partial<Record<ProblemCode, CallOutcome>>> = {
  Invalid: 'invalid',
  RateExceeded: 'limited',
  SourceTimedOut: 'timed-out',
  SourceFailed: 'source-failed',
  ServiceResting: 'resting',
  AnswerTooLarge: 'too-large',
  KeyRefused: 'refused',
  NotFound: 'refused',
  ServiceNotGranted: 'refused',
  SharingRefused: 'refused',
};

/** How much of the rate is left, in the span that is nearest to its end. */
function limitHeaders(allowance: Allowance | undefined): Readonly<Record<string, string>> {
  if (!allowance) return {};
  const { limit, remaining, resetSeconds } = allowance;
  return {
    'RateLimit-Limit': String(limit),
    'RateLimit-Remaining': String(remaining),
    'RateLimit-Reset': String(resetSeconds),
  };
}

function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => [etag, '*'].includes(one.trim().replace(/^W\//, '')));
}
