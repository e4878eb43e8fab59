import type { Knex } from 'knex';
import type { z } from 'zod';
import { refusalOf } from '../../../domain/reconciliation/settling.ts';
import { findCommand, insertCommand, settleCommand } from '../../../store/commands.ts';
import { type DifferenceRow, lockDifferences, settleDifference } from '../../../store/reconciliation-differences.ts';
import type { Reconciliation } from '../../../store/reconciliations.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { type Locale, Problem, type ProblemCode, statusOf, titleOf, typeOf } from '../../problem.ts';
import type { RouteDeps } from '../deps.ts';
import { existing } from './context.ts';
import { maySettle, seenOf } from './present.ts';
import { newSettlements, reconciliationParams, settlementsDone } from './schema.ts';

type Asked = z.output<typeof newSettlements>;
type Call = CallerCall<{ id: string }, unknown, Asked>;

/** What became of one of the differences; `code` says why it was refused. */
interface Settled {
  readonly id: string;
  readonly code?: ProblemCode;
}

/** The providers settle what differs, many at once, each for itself: what one refuses holds up no other. */
export function settlementEndpoints(deps: RouteDeps): Endpoint[] {
  const { db, policies } = deps;
  return [
    endpoint({
      method: 'post',
      path: '/api/reconciliations/:id/settlements',
      tag: 'reconciliations',
      summary: 'Say of differences which side is right, and why: by a provider, for its own data',
      access: { object: 'reconciliation', action: 'settle' },
      params: reconciliationParams,
      body: newSettlements,
      answers: { 200: settlementsDone },
      async handle(call) {
        const one = await existing(deps, call.params.id, call);
        if (!maySettle(policies, call.actor, one)) throw new Problem('NotAllowed');
        return { status: 200, body: present(await settleOnce(db, one, call), call.locale) };
      },
    }),
  ];
}

/** All of it in one transaction with the note of what became of each, which whoever repeats it is told again. */
async function settleOnce(db: Knex, one: Reconciliation, call: Call): Promise<readonly Settled[]> {
  const { actor, at, idempotency, body } = call;
  const { id: key, bodyDigest } = idempotency;
  const done = await db.transaction(async (trx) => {
    const isFirst = await insertCommand(trx, {
      id: key,
      bodyDigest,
      personId: actor.person,
      targetKind: 'reconciliation',
      targetId: one.id,
      command: { id: key, at, actor, do: { action: 'settle' } },
    });
    if (!isFirst) return undefined;
    const ids = body.differences.map(({ id }) => id);
    const found = await lockDifferences(trx, one.id, ids);
    const results: Settled[] = [];
    for (const asked of body.differences) {
      const row = found.get(asked.id);
      const code = refusalFor(row, { seen: asked.seen, decision: body.decision, one, department: actor.department });
      results.push({ id: asked.id, ...(code ? { code } : {}) });
      if (code || !row) continue;
      const { decision, reason } = body;
      const { person, department } = actor;
      await settleDifference(trx, row, { decision, reason, person, department, at });
    }
    await settleCommand(trx, key, { status: 'done', outcome: { results } });
    return results;
  });
  if (done) return done;
  const earlier = await findCommand(db, key);
  if (earlier?.bodyDigest !== bodyDigest) throw new Problem('IdempotencyKeyReused');
  return earlier.outcome && 'results' in earlier.outcome ? (earlier.outcome.results as readonly Settled[]) : [];
}

interface Asking extends Pick<Asked, 'decision'> {
  readonly seen: string;
  readonly one: Reconciliation;
  readonly department: string;
}

function refusalFor(
  row: DifferenceRow | undefined,
  { seen, decision, one, department }: Asking,
): ProblemCode | undefined {
  if (!row) return 'NotFound';
  if (row.state === 'gone') return 'DifferenceGone';
  if (seenOf(row.digest) !== seen) return 'PreconditionFailed';
  // One's own word may be changed, the other's not.
  if (row.settlement && row.settlement.department !== department) return 'DifferenceSettled';
  return refusalOf(decision, { kind: row.kind, department, providers: one });
}

function present(results: readonly Settled[], locale: Locale) {
  const refused = results.filter(({ code }) => code !== undefined).length;
  return {
    counts: { settled: results.length - refused, refused },
    items: results.map(({ id, code }) => ({
      id,
      status: code === undefined ? ('settled' as const) : ('refused' as const),
      problem:
        code === undefined ? null : { type: typeOf(code), title: titleOf(code, locale), status: statusOf(code), code },
    })),
  };
}
