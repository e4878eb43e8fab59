import type { Knex } from 'knex';
import { openingOf } from '../../domain/kernel/grant-opening.ts';
import { type OpenAction } from '../../domain/kernel/grant.ts';
import { filing, form, formRef, REQUESTER_LEAD, storeForm } from './cases.ts';
import { UNCONDITIONAL_AT_ONCE } from '../../domain/routes/share-request.ts';
import { EMPTY, step } from '../../domain/journal.ts';
import { caseMachine } from '../../domain/kernel/case-machine.ts';
import { record } from '../../store/record.ts';
import { type Command, taskIdOf } from '../../domain/case.ts';

/** A grant with its case behind it, recorded without any workflow; the one that the grant runs as is still to be started. */
export async function storeGrant(
  knex: Knex,
  { grantId, validFrom, validTo }: { grantId: string; validFrom: string; validTo: string },
): Promise<{ id: string; caseId: string; begin: Command<OpenAction> }> {
  const caseId = grantId.replace(/\.grant$/, '');
  const body = form({ period: { from: validFrom, to: validTo } });
  const ref = formRef(body);
  const begin = filing(ref, { route: UNCONDITIONAL_AT_ONCE, caseId });
  await storeForm(knex, caseId, ref, body);
  const filed = step(caseMachine, EMPTY, begin);
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
  const { state } = granted.journal;
  if (!state) throw new Error('A case that was filed has a state');
  return { id: `${caseId}.grant`, caseId, begin: openingOf(state, `${caseId}.grant`) };
}
