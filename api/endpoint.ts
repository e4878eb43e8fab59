import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Actor } from '../domain/language.ts';
import type { ReadKind } from '../store/reads.ts';
import type { Locale } from './problem.ts';

/** Who calls, as the session says. */
export interface Caller {
  readonly actor: Actor;
  readonly name: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
  /** Nothing but endpoints `isBeforePassword` answers them until another password is chosen. */
  readonly mustChangePassword: boolean;
  /** Derived from the session's token, for callers that came with the cookie. */
  readonly csrfToken?: string;
}

/** What a caller must be allowed to do before the handler runs: an action on a kind of object (policies/roles.csv). */
export interface Permission {
  readonly action: string;
  readonly object: string;
}

/** The key under which a POST may be repeated, and the digest of what was asked: another ask under the same key is refused. */
export interface Idempotency {
  /** `<person>:<Idempotency-Key>`. */
  readonly id: string;
  readonly bodyDigest: string;
}

/** What a handler gets: checked input, and who asks. */
export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: IncomingHttpHeaders;
  readonly locale: Locale;
  /** GET and HEAD come to the same handler. */
  readonly method: string;
  /** The network address that the request came from: a proxy's, where there is one. */
  readonly address: string;
  /** When the API received the request (RFC 3339, +08:00): the moment that limits are held against. */
  readonly at: string;
  /** By which the answer, the log and every problem know the request. */
  readonly requestId: string;
}

/** What a handler of an endpoint for people who are logged in gets. */
export interface CallerCall<P, Q, B> extends Call<P, Q, B> {
  readonly caller: Caller;
  readonly actor: Actor;
  /** Present where the endpoint is a POST. */
  readonly idempotency: Idempotency;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

type Fields = z.ZodObject;
type Out<S> = S extends z.ZodType ? z.output<S> : undefined;

interface Described {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** In the router's form: `/api/cases/:id`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** By status: the schema of a JSON answer, or a media type for what is not JSON, or nothing for no content. */
  readonly answers: Readonly<Record<number, z.ZodType | string | undefined>>;
  /** How much a body may hold, in bytes, where it is not the usual. */
  readonly bodyLimit?: number;
  /** The body is bytes, not JSON. */
  readonly raw?: boolean;
  /** The body is a form's fields (application/x-www-form-urlencoded), as OpenID providers send them, not JSON. */
  readonly form?: boolean;
  /** Whether the handler holds what it changes against If-Match, and refuses who sends none. */
  readonly ifMatch?: 'required' | 'optional';
  /** The handler checks the body itself, to tell faults of shape and of substance together. */
  readonly checksBody?: boolean;
  /** For whoever has a key of a grant, in `X-API-Key` or `Authorization`: the handler looks at it. */
  readonly isKeyed?: true;
  /** The handler checks the query itself: what it may hold is not known beforehand. */
  readonly checksQuery?: boolean;
  /** Also for whoever has yet to choose a password of their own. */
  readonly isBeforePassword?: true;
  /** What an auditor who asks has read then, which goes on record; what it is of is the `id` of the path, or of a list the query. */
  readonly reads?: ReadKind;
}

/** One route as data: the router, the OpenAPI document and the tests of who may what are all made from it. */
export interface Endpoint extends Described {
  readonly access: 'public' | 'anyone' | Permission;
  readonly params?: Fields;
  readonly query?: Fields;
  readonly body?: z.ZodType;
  handle(call: never): Promise<Reply>;
}

interface Inputs<P, Q, B> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
}

/** A route for people who are logged in: `anyone` of them, or those with a permission. */
export function endpoint<
  P extends Fields | undefined = undefined,
  Q extends Fields | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  definition: Described &
    Inputs<P, Q, B> & {
      readonly access: 'anyone' | Permission;
      handle(call: CallerCall<Out<P>, Out<Q>, Out<B>>): Promise<Reply>;
    },
): Endpoint {
  return definition as unknown as Endpoint;
}

/** A route for everybody, logged in or not. */
export function publicEndpoint<
  P extends Fields | undefined = undefined,
  Q extends Fields | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(definition: Described & Inputs<P, Q, B> & { handle(call: Call<Out<P>, Out<Q>, Out<B>>): Promise<Reply> }): Endpoint {
  return { ...definition, access: 'public' } as unknown as Endpoint;
}
