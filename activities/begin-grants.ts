import type { Knex } from 'knex';
import { openingOf } from '../domain/kernel/grant-opening.ts';
import { stateOf } from '../store/cases.ts';
import type { Batch } from '../store/record.ts';
import type { Orders } from './effects/index.ts';

/**
 * Lets the grants run whose giving was just recorded. Here rather than as children of the case's workflow: a child costs
 * its case another task and two events, and what is handed over here is tried until it has come about all the same.
 */
export async function beginGrants(
  { knex, orders }: { readonly knex: Knex; readonly orders: Orders },
  { streamId, entries }: Batch,
): Promise<void> {
  const given = entries.flatMap(({ event }) => (event.type === 'granted' ? [event.grantId] : []));
  if (given.length === 0) return;
  const state = await stateOf(knex, streamId);
  if (!state) throw new Error(`Case ${streamId} is not recorded`);
  await Promise.all(given.map((grantId) => orders.beginGrant(grantId, openingOf(state, grantId))));
}
