import type { Knex } from 'knex';
import type { Middleware } from 'koa';
import { insertRead, type ReadKind } from '../../store/reads.ts';
import type { Caller } from '../endpoint.ts';

/**
 * Puts on record what an auditor reads, before the answer goes out: what cannot be recorded is not shown. What was refused
 * or is not there has shown nothing and is not recorded.
 */
export function readLog(what: ReadKind, { db }: { readonly db: Knex }): Middleware {
  return async function readLogMiddleware(ctx, next) {
    await next();
    const { caller, params, requestId } = ctx.state as {
      caller: Caller;
      params: { id: string; seq?: number };
      requestId: string;
    };
    if (ctx.status >= 300 || !caller.actor.roles.includes('auditor')) return;
    const { id, seq = null } = params;
    await insertRead(db, {
      person: caller.actor.person,
      what,
      targetId: id,
      caseId: what === 'attachment' ? null : id,
      event: seq,
      address: ctx.ip,
      requestId,
    });
  };
}
