import type { Knex } from 'knex';
import type { CaseEvent, CaseState } from '../domain/case.ts';
import type { Grant } from '../domain/grant.ts';
import { EMPTY, step } from '../domain/journal.ts';
import { openingOf } from '../domain/kernel/grant-opening.ts';
import { type GrantAction, type GrantEvent, grantMachine, type GrantState } from '../domain/kernel/grant.ts';
import { resourcesOf } from '../domain/share-request.ts';
import { formOf } from './forms.ts';
import { grantNumberOf } from './numbers.ts';
import { projectGrant } from './grant-projection.ts';
import { insertLines } from './sharing-lines.ts';
import { append } from './stream.ts';

export type Granted = Extract<CaseEvent, { type: 'granted' }>;

/**
 * The grant, open, with what Casbin will be asked about it, from the form that every standing signature rests on. Its own
 * stream begins in the same transaction: there is no moment at which it is given and not open.
 */
export async function openGrant(trx: Knex, state: CaseState, granted: Granted): Promise<void> {
  const { grantId, at } = granted;
  if (await trx('grants').where({ id: grantId }).first('id')) return;
  const grant = await grantOf(trx, state, granted);
  const opening = step<GrantState, GrantAction, GrantEvent>(grantMachine, EMPTY, openingOf(state, grantId));
  if ('refusal' in opening) throw new Error(`Grant ${grantId} does not open: ${opening.refusal.code}`);
  await trx('grants').insert({
    id: grantId,
    number: await grantNumberOf(trx, grantId, at),
    case_id: state.caseId,
    requester_id: grant.requester,
    provider_id: grant.provider,
    entry_id: grant.entryId,
    entry_version: grant.entryVersion,
    body: JSON.stringify(grant),
    status: 'active',
    seq: 0,
    valid_from: grant.validFrom,
    valid_to: grant.validTo,
    created_at: at,
    updated_at: at,
  });
  await insertLines(trx, grant, at);
  await append(trx, { kind: 'grant', streamId: grantId, entries: opening.entries });
  await projectGrant(trx, grantId, opening.entries);
}

/** Of what the form asks for, the items that every standing signature agrees to. */
async function grantOf(trx: Knex, state: CaseState, { grantId, subject, without = [] }: Granted): Promise<Grant> {
  const { body: form } = await formOf(trx, state);
  const resource = resourcesOf(form).find(({ entryId }) => subject === undefined || entryId === subject);
  if (!resource) throw new Error(`The form of case ${state.caseId} does not ask for ${subject}`);
  return {
    id: grantId,
    caseId: state.caseId,
    requester: state.requester,
    provider: state.form.subjects?.find(({ id }) => id === subject)?.provider ?? state.provider,
    ...resource,
    mode: form.mode,
    ...(form.file ? { file: form.file } : {}),
    ...(form.rate ? { rate: form.rate } : {}),
    purpose: form.purpose,
    validFrom: form.period.from,
    validTo: form.period.to,
    items: resource.items.filter((id) => !without.includes(id)),
    masks: Object.fromEntries(Object.entries(resource.masks).filter(([id]) => !without.includes(id))),
  };
}
