import type { Knex } from 'knex';
import type { Middleware } from 'koa';
import { CASE_READS, insertRead, type ReadKind } from '../../store/reads.ts';
import type { Caller } from '../endpoint.ts';

/** What a query holds once it has been checked. */
type Searched = Readonly<Record<string, string | number | boolean | undefined>>;

const OF_A_CASE: ReadonlySet<ReadKind> = new Set(CASE_READS);

/**
 * Puts on record what an auditor reads, before the answer goes out: what cannot be recorded is not shown. What was refused
 * or is not there has shown nothing and is not recorded.
 */
export function readLog(what: ReadKind, { db }: { readonly db: Knex }): Middleware {
  return async function readLogMiddleware(ctx, next) {
    await next();
    const { caller, params, query, requestId } = ctx.state as {
      caller: Caller;
      params?: { id?: string; seq?: number };
      query?: Searched;
      requestId: string;
    };
    if (ctx.status >= 300 || !caller.actor.roles.includes('auditor')) return;
    const { id = searchedFor(query), seq = null } = params ?? {};
    await insertRead(db, {
      person: caller.actor.person,
      what,
      targetId: id,
      caseId: OF_A_CASE.has(what) ? id : null,
      event: seq,
      address: ctx.ip,
      requestId,
    });
  };
}

/** What narrowed a list, without the page of it. */
function searchedFor(query: Searched = {}): string {
  const { limit: _, cursor: __, ...given } = query;
  return Object.entries(given)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${String(value)}`]))
    .join('&');
}
