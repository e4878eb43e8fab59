import type { Knex } from 'knex';
import type { Grant } from '../domain/grant.ts';
import type { Entry } from '../domain/journal.ts';
import { type GrantEvent, grantMachine, type GrantState } from '../domain/kernel/grant.ts';
import { nextRunOf } from '../domain/kernel/grant-schedule.ts';
import { endLines, insertLines } from './sharing-lines.ts';

/** Brings the rows of a grant, its deliveries and its sharing lines to where its events leave them. */
export async function projectGrant(trx: Knex, grantId: string, entries: readonly Entry<GrantEvent>[]): Promise<void> {
  const row = await trx('grants')
    .where({ id: grantId })
    .first<{ state: GrantState | null; body: Grant }>('state', 'body');
  if (!row) throw new Error(`No grant ${grantId}`);
  let state = row.state ?? undefined;
  let at = '';
  for (const { seq, event } of entries) {
    state = grantMachine.evolve(state, event);
    at = event.at;
    await follow(trx, row.body, seq, event);
  }
  const seq = entries.at(-1)?.seq;
  if (state === undefined || seq === undefined) return;
  await trx('grants')
    .where({ id: grantId })
    .update({
      status: state.status,
      state: JSON.stringify(state),
      seq,
      updated_at: at,
      next_run_at: nextRunOf(state) ?? null,
    });
}

async function follow(trx: Knex, grant: Grant, seq: number, event: GrantEvent): Promise<void> {
  switch (event.type) {
    case 'opened':
    case 'renewalOffered':
    case 'rescheduled':
      return;
    case 'deliveryAsked':
      // Built again from its events, a grant finds its deliveries there, with what they noted on their way.
      await trx('deliveries')
        .insert({
          id: event.deliveryId,
          grant_id: grant.id,
          requested_by: event.actor,
          status: 'waiting',
          created_at: event.at,
        })
        .onConflict('id')
        .ignore();
      return;
    case 'deliveryReported':
      await trx('deliveries')
        .where({ id: event.deliveryId })
        .update({
          status: event.outcome,
          ended_at: event.at,
          ...(event.outcome === 'delivered' ? { reason: null, rows_done: event.rows, rows_total: event.rows } : {}),
        });
      return;
    case 'resumed':
      return insertLines(trx, grant, event.at, seq);
    case 'suspended':
    case 'terminated':
    case 'expired':
      return endLines(trx, grant.id, event.at);
  }
}
