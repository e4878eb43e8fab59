import type { IncomingHttpHeaders } from 'node:http';
import { dayNumber } from '../../../domain/civil-date.ts';
import { listCalls, type UsageRow, usageOf } from '../../../store/gateway-calls.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint, publicEndpoint } from '../../endpoint.ts';
import type { Params } from '../../gateway/answers.ts';
import { visibleGrant } from '../../grant-views.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { idParams, isDay, listOf } from '../../schema.ts';
import { timeOf } from '../../time.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import type { RouteDeps } from '../deps.ts';
import { call as callSchema, callParams, callQuery, servicePage, serviceParams, usage, usageQuery } from './schema.ts';

const tag = 'gateway';
const LONGEST_DAYS = 366;
const USAGE = { object: 'gateway-usage', action: 'read' } as const;

/** Calls of granted services, and what was called. */
export function gatewayEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, gateway, policies } = deps;
  return [
    publicEndpoint({
      method: 'get',
      path: '/gateway/:service',
      tag,
      summary: 'Call a granted service with the grant’s key, in `Authorization: Bearer` or `X-API-Key`',
      params: serviceParams,
      query: callParams,
      checksQuery: true,
      isKeyed: true,
      answers: { 200: servicePage, 304: undefined },
      async handle({ params, query, headers, at, requestId }) {
        const asked = { key: keyIn(headers), serviceId: params.service, at, requestId };
        return gateway.call({ ...asked, params: query as Params, ifNoneMatch: headers['if-none-match'] });
      },
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/gateway/decision',
      tag,
      summary:
        'For another gateway (nginx auth_request): may this call be answered? By the caller’s key, X-Original-URI and X-Original-Method; X-Santong-Service where the path does not name the service',
      isKeyed: true,
      answers: { 200: 'text/plain' },
      async handle({ headers, at, requestId }) {
        const method = textIn(headers, 'x-original-method') ?? 'GET';
        // A grant lets data be read.
        const isReading = method === 'GET' || method === 'HEAD';
        const serviceId = isReading ? serviceIn(headers) : undefined;
        try {
          return await gateway.permit({ key: keyIn(headers), serviceId: serviceId ?? '', at, requestId });
        } catch (error) {
          // nginx passes on 401 and 403 alone.
          const isNowhere = error instanceof Problem && error.code === 'NotFound';
          throw isNowhere ? new Problem('ServiceNotGranted') : error;
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/gateway/usage',
      tag,
      summary: 'What was called, by day, grant, service and outcome: for both parties and those who supervise',
      access: USAGE,
      query: usageQuery,
      answers: { 200: usage },
      async handle({ query, actor }) {
        const { from, to } = query;
        requirePeriod(from, to);
        const rows = await usageOf(db, withoutUndefined(query), viewerOf(policies, actor, 'gateway-usage'));
        return { status: 200, body: { items: rows.map(presentUsage), nextCursor: null, total: totalOf(rows) } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/grants/:id/calls',
      tag,
      summary: 'The single calls under a grant, the newest first',
      reads: 'calls',
      access: USAGE,
      params: idParams,
      query: callQuery,
      answers: { 200: listOf(callSchema) },
      async handle(call) {
        const { id: grantId } = await visibleGrant(deps, call.params.id, call);
        const { outcome } = call.query;
        const list = `calls:${grantId}` as const;
        const filter = { grantId, ...(outcome === undefined ? {} : { outcome }) };
        const page = await listCalls(db, filter, pageRequest(list, call.query));
        const body = presentPage(list, page, ({ grantId: _, at, ms, ...row }) => ({
          ...row,
          at: timeOf(at),
          ms: rounded(ms),
        }));
        return { status: 200, body };
      },
    }),
  ];
}

function keyIn(headers: IncomingHttpHeaders): string | undefined {
  const given = textIn(headers, 'x-api-key');
  return given ?? /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** The service that another gateway asks about: as it says, or as the address that was called begins. */
function serviceIn(headers: IncomingHttpHeaders): string | undefined {
  const named = textIn(headers, 'x-santong-service');
  return named ?? /^\/gateway\/([a-z][a-z0-9-]{2,59})(?:[/?]|$)/.exec(textIn(headers, 'x-original-uri') ?? '')?.[1];
}

function textIn(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws {Problem} Invalid */
function requirePeriod(from: string, to: string): void {
  const faults = [
    ...(isDay(from) ? [] : [{ pointer: '/query/from', code: 'DateUnknown' }]),
    ...(isDay(to) ? [] : [{ pointer: '/query/to', code: 'DateUnknown' }]),
  ];
  if (faults.length > 0) throw new Problem('Invalid', { faults });
  const days = dayNumber(to) - dayNumber(from);
  if (days < 0) throw new Problem('Invalid', { faults: [{ pointer: '/query/to', code: 'PeriodReversed' }] });
  if (days < LONGEST_DAYS) return;
  const params = { most: LONGEST_DAYS };
  throw new Problem('Invalid', { faults: [{ pointer: '/query/to', code: 'TooManyDaysAsked', params }] });
}

function presentUsage({ ms, ...row }: UsageRow) {
  return { ...row, ms: rounded(ms / Math.max(1, row.calls)) };
}

function totalOf(rows: readonly UsageRow[]) {
  const sum = (of: (row: UsageRow) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const calls = sum((row) => row.calls);
  const ms = rounded(sum((row) => row.ms) / Math.max(1, calls));
  return { calls, rows: sum((row) => row.rows), bytes: sum((row) => row.bytes), ms };
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
