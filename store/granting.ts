import type { Knex } from 'knex';
import type { Answer, CaseEvent, CaseState } from '../domain/case.ts';
import { caseMachine } from '../domain/kernel/case-machine.ts';

/** An answer that a grant rests on, and the stage it was given at. */
export interface GrantingAnswer extends Answer {
  readonly stage: string;
}

/**
 * The answers that stood when each of these grants was given, in the order in which they were: what lapsed or was taken back
 * before is none of them. By the grant's id.
 */
export async function grantingAnswers(
  db: Knex,
  grants: readonly { readonly grantId: string; readonly caseId: string }[],
): Promise<ReadonlyMap<string, readonly GrantingAnswer[]>> {
  const rows = await db('events')
    .whereIn('stream_id', [...new Set(grants.map(({ caseId }) => caseId))])
    .orderBy('stream_id')
    .orderBy('seq')
    .select<{ caseId: string; event: CaseEvent }[]>({ caseId: 'stream_id' }, 'event');
  const asked = new Set(grants.map(({ grantId }) => grantId));
  const found = new Map<string, readonly GrantingAnswer[]>();
  let at: { readonly caseId: string; state: CaseState | undefined } | undefined;
  for (const { caseId, event } of rows) {
    if (at?.caseId !== caseId) at = { caseId, state: undefined };
    at.state = caseMachine.evolve(at.state, event);
    if (event.type === 'granted' && asked.has(event.grantId)) found.set(event.grantId, answersIn(at.state));
  }
  return found;
}

function answersIn({ stages }: CaseState): GrantingAnswer[] {
  return Object.entries(stages)
    .flatMap(([stage, { seats }]) => seats.flatMap(({ answer }) => (answer ? [{ ...answer, stage }] : [])))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}
