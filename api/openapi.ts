import type { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { docsPage } from './docs-page.ts';
import { type Endpoint, publicEndpoint } from './endpoint.ts';
import { API_CODES } from './problem-table.ts';
import { statusOf } from './problem.ts';
import { problem } from './schema.ts';

type Document = ReturnType<typeof createDocument>;

/** The OpenAPI 3.1 document: made from the very schemas that check the input. */
export function openApiDocument(endpoints: readonly Endpoint[]): Document {
  const paths: ZodOpenApiPathsObject = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [endpoint.method]: operationOf(endpoint) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: '三通 Santong',
      version: '0.1.0',
      description:
        'Sharing of government data between departments. Times are RFC 3339 with +08:00, ids are opaque, lists are ' +
        'read on by nextCursor, errors are problem+json (RFC 9457) in Chinese or English by Accept-Language.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { cookie: [], csrf: [] }],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'santong_session' },
        grantKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token' },
      },
    },
    paths,
  });
}

/** The routes that serve the document: they are in it themselves. */
export function documentEndpoints(others: readonly Endpoint[]): Endpoint[] {
  let document: Document | undefined;
  let page: string | undefined;
  const get = (): Document => (document ??= openApiDocument([...others, ...own]));
  const own = [
    publicEndpoint({
      method: 'get',
      path: '/api/openapi.json',
      tag: 'documentation',
      summary: 'This document',
      answers: { 200: 'application/json' },
      async handle() {
        return { status: 200, body: get() };
      },
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/docs',
      tag: 'documentation',
      summary: 'This document for reading',
      answers: { 200: 'text/html' },
      async handle() {
        page ??= docsPage(get());
        return { status: 200, body: page, headers: { 'Content-Type': 'text/html; charset=utf-8' } };
      },
    }),
  ];
  return own;
}

function operationOf(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { method, path, tag, summary, params, query, body, raw, form, access } = endpoint;
  const bodyType = form ? 'application/x-www-form-urlencoded' : 'application/json';
  const isKeyed = method === 'post' && access !== 'public';
  const headers = [
    ...(isKeyed ? [header('Idempotency-Key', true)] : []),
    ...(endpoint.ifMatch ? [header('If-Match', endpoint.ifMatch === 'required')] : []),
  ];
  return {
    operationId: operationIdOf(method, path),
    tags: [tag],
    summary,
    ...(access === 'public' ? { security: endpoint.isKeyed ? [{ grantKey: [] }, { bearer: [] }] : [] } : {}),
    ...(typeof access === 'string' ? {} : { 'x-permission': `${access.object}:${access.action}` }),
    ...(params || query ? { requestParams: { ...(params ? { path: params } : {}), ...(query ? { query } : {}) } } : {}),
    ...(headers.length > 0 ? { parameters: headers } : {}),
    ...(raw
      ? {
          requestBody: {
            required: true,
            content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
          },
        }
      : {}),
    ...(body ? { requestBody: { required: true, content: { [bodyType]: { schema: body } } } } : {}),
    responses: responsesOf(endpoint),
  };
}

function header(name: string, required: boolean) {
  return { name, in: 'header', required, schema: { type: 'string', maxLength: 128 } } as const;
}

function responsesOf({ answers, access, method, params, ifMatch, isKeyed }: Endpoint): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, answer] of Object.entries(answers)) {
    responses[status as '200'] = { description: descriptionOf(status), ...contentOf(answer) };
  }
  const refusals = new Set([
    503,
    ...(access === 'public' ? [] : [401]),
    ...(typeof access === 'string' ? [] : [403]),
    ...(isKeyed ? [401, 403, 429, 502, 504] : []),
    ...(params ? [404] : []),
    ...(method === 'post' ? [400, 401, 409, 413, 415, 422, 429] : [422]),
    ...(method === 'put' || method === 'patch' ? [400, 409, 413, 415] : []),
    ...(method === 'patch' ? [412] : []),
    ...(ifMatch ? [412] : []),
    ...(ifMatch === 'required' ? [428] : []),
  ]);
  for (const status of [...refusals].toSorted((a, b) => a - b)) {
    const codes = API_CODES.filter((code) => statusOf(code) === status).join(', ');
    responses[`${status}` as '400'] ??= {
      description: codes === '' ? 'Refused' : codes,
      content: { 'application/problem+json': { schema: problem } },
    };
  }
  return responses;
}

function contentOf(answer: z.ZodType | string | undefined) {
  if (answer === undefined) return {};
  if (typeof answer === 'string') return { content: { [answer]: { schema: { type: 'string' as const } } } };
  return { content: { 'application/json': { schema: answer } } };
}

function descriptionOf(status: string): string {
  const known: Readonly<Record<string, string>> = {
    200: 'Done',
    201: 'Created',
    202: 'Kept; the outcome can be asked for at Location',
    204: 'Done, nothing to say',
  };
  return known[status] ?? 'Answer';
}

/** `getCasesByIdEvents` */
function operationIdOf(method: string, path: string): string {
  const words = path
    .replace('/api/', '')
    .split(/[/.-]/)
    .map((part) => (part.startsWith(':') ? `By-${part.slice(1)}` : part))
    .flatMap((part) => part.split('-'));
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
