import { createHash } from 'node:crypto';
import type { CaseRow } from '../../../store/cases.ts';
import { findCommand, insertCommand, settleCommand } from '../../../store/commands.ts';
import type { CallerCall } from '../../endpoint.ts';
import { mayIn } from '../../reach.ts';
import { Problem } from '../../problem.ts';
import type { RouteDeps } from '../deps.ts';

type Call = CallerCall<unknown, unknown, { readonly history?: string | undefined }>;

/** Has a history audited. Asked again under the same key, the report of the first time is given again. */
export async function replayCase(
  { db, engine, policies }: Pick<RouteDeps, 'db' | 'engine' | 'policies'>,
  row: CaseRow,
  { actor, at, idempotency, body }: Call,
): Promise<unknown> {
  const departments = [row.requester, row.provider];
  if (!mayIn(policies, actor, { action: 'run', object: 'replay', departments })) throw new Problem('NotAllowed');
  const { id, bodyDigest } = idempotency;
  const workflowId = `replay/${row.id}/${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
  const isNew = await insertCommand(db, {
    id,
    bodyDigest,
    personId: actor.person,
    targetKind: 'replay',
    targetId: row.id,
    command: { id, at, actor, do: { action: 'replay' } },
  });
  const stored = isNew ? undefined : await findCommand(db, id);
  if (stored && stored.bodyDigest !== bodyDigest) throw new Problem('IdempotencyKeyReused');
  const { history } = body;
  const report = await engine.replay(workflowId, { caseId: row.id, ...(history === undefined ? {} : { history }) });
  await settleCommand(db, id, { status: 'done', outcome: { id: workflowId } });
  return report;
}
