import createClient, { type Middleware } from 'openapi-fetch';
import { localeNow } from '../i18n.ts';
import { session } from '../session-state.ts';
import { ApiProblem, Unreachable } from './problem.ts';
import type { paths } from './schema.ts';

export const api = createClient<paths>({ baseUrl: '/' });

/** Language and CSRF token go with every request; an answer that nobody is logged in any more is noticed in one place. */
const always: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', localeNow());
    if (session.me?.csrfToken) request.headers.set('X-CSRF-Token', session.me.csrfToken);
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && session.me && schemaPath !== '/api/session') session.isLost = true;
  },
  onError({ error }) {
    return new Unreachable('', { cause: error });
  },
};

api.use(always);

interface Fetched<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer. @throws {ApiProblem} where the API refuses; {Unreachable} where nothing came */
export async function got<T>(asked: Promise<Fetched<T>>): Promise<T> {
  return (await answered(asked)).data;
}

/** The body of an answer, with its headers. */
export async function answered<T>(asked: Promise<Fetched<T>>): Promise<{ data: T; response: Response }> {
  const { data, error, response } = await asked;
  if (!response.ok) {
    throw new ApiProblem({ ...(typeof error === 'object' ? error : {}), status: response.status });
  }
  return { data: data as T, response };
}

/** A key under which something may be sent again without being done twice. */
export function newKey(): string {
  // randomUUID is there only on secure origins, and a platform may be tried over plain HTTP in a house network.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A UUID (version 4), for what the browser itself names. */
export function newId(): string {
  const hex = newKey();
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
