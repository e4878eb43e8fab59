import type { Knex } from 'knex';
import type { OpenAction } from '../../domain/kernel/grant.ts';
import { filing, form, formRef, REQUESTER_LEAD, storeForm } from './cases.ts';
import { UNCONDITIONAL_AT_ONCE } from '../../domain/routes/share-request.ts';
import { step } from '../../domain/journal.ts';
import { caseMachine } from '../../domain/kernel/share-request.ts';
import { record } from '../../store/record.ts';
import { taskIdOf } from '../../domain/case.ts';

/** A grant with its case behind it, recorded without any workflow; the action that opens it is still to be sent. */
export async function storeGrant(
  knex: Knex,
  { grantId, validFrom, validTo }: { grantId: string; validFrom: string; validTo: string },
): Promise<{ grant: { id: string; caseId: string }; open: OpenAction }> {
  const caseId = grantId.replace(/\.grant$/, '');
  const body = form({ period: { from: validFrom, to: validTo } });
  const ref = formRef(body);
  const begin = filing(ref, { route: UNCONDITIONAL_AT_ONCE, caseId });
  await storeForm(knex, caseId, ref, body);
  const filed = step(caseMachine, { state: undefined, seq: 0, settled: {} }, begin);
  if ('refusal' in filed) throw new Error(filed.refusal.code);
  const taskId = taskIdOf(caseId, 'requester-lead', 1);
  const approval = { action: 'approve', taskId, seen: ref.digest } as const;
  const granted = step(caseMachine, filed.journal, {
    id: `approve:${caseId}`,
    at: begin.at,
    actor: REQUESTER_LEAD,
    do: approval,
  });
  if ('refusal' in granted) throw new Error(granted.refusal.code);
  await record(knex, {
    kind: 'share-request',
    streamId: caseId,
    entries: [...filed.entries, ...granted.entries],
  });
  const id = `${caseId}.grant`;
  return {
    grant: { id, caseId },
    open: {
      action: 'open',
      grantId: id,
      caseId,
      requester: 'civil-affairs',
      provider: 'public-security',
      validFrom,
      validTo,
    },
  };
}
