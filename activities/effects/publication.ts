import type { SoundDraft } from '../../domain/catalogue-draft.ts';
import { findEntry } from '../../store/catalogue.ts';
import { findForm } from '../../store/forms.ts';
import { grantsOn, hasRequestsToCome, requestsUnderWay } from '../../store/entry-requests.ts';
import { carryOut, type PublicationKind } from '../../store/publication.ts';
import type { EffectCall, Effects } from './index.ts';

/** What the effect reads of the form that all signatures rest on. */
interface PublicationForm {
  readonly kind: PublicationKind;
  readonly draft?: { readonly id: string; readonly body: SoundDraft };
  readonly reason?: string;
  readonly grants?: 'keep' | 'terminate';
}

/**
 * R809 Art.16: what the authority has agreed to is published, or is there no longer; grants and requests under way end with
 * it where it was said so.
 */
export const publicationEffects: Effects = {
  async approved(call) {
    const { knex, state, at, by } = call;
    const { caseId, about, form } = state;
    const entryId = about?.entryId;
    const row = await findForm<PublicationForm>(knex, form.id, form.version);
    if (!row || entryId === undefined) throw new Error(`Case ${caseId} has no form or entry`);
    const { kind, draft, reason, grants } = row.body;
    await carryOut(knex, {
      caseId,
      entryId,
      kind,
      at,
      by: by.person,
      ...(draft ? { draft } : {}),
      ...(reason === undefined ? {} : { reason }),
      ...(grants === undefined ? {} : { grants }),
    });
    if (kind !== 'withdraw' || grants !== 'terminate') return;
    await terminateRequests(call, entryId);
    await terminateGrants(call, entryId);
  },
};

/**
 * No grant comes of a request that was handed in before. One that has been agreed to meanwhile is not terminated any more,
 * and its grant is: tried again until all that were handed in are recorded as one or the other.
 */
async function terminateRequests({ knex, orders, by, at, key }: EffectCall, entryId: string): Promise<void> {
  const name = (await findEntry(knex, entryId))?.name ?? entryId;
  const order = { action: 'terminate' as const, reason: `目录《${name}》已撤销，申请随之终止` };
  for (const caseId of await requestsUnderWay(knex, entryId)) {
    const command = { id: `${key}:${caseId}`, at, actor: by, do: order };
    await orders.toCase({ process: 'share-request', caseId }, command);
  }
  const isLeft = (await hasRequestsToCome(knex, entryId)) || (await requestsUnderWay(knex, entryId)).length > 0;
  if (isLeft) throw new Error(`Requests for entry ${entryId} are still on their way`);
}

/**
 * In the name of the officer of the authority who agreed, each under a key of its own. One that was given a moment ago does
 * not run yet: tried again until none is left.
 */
async function terminateGrants({ knex, orders, by, at, key }: EffectCall, entryId: string): Promise<void> {
  for (const grantId of await grantsOn(knex, entryId)) {
    const order = { action: 'terminate' as const, reason: '目录已撤销，授权随之终止' };
    await orders.toGrant(grantId, { id: `${key}:${grantId}`, at, actor: by, do: order });
  }
  if ((await grantsOn(knex, entryId)).length > 0) throw new Error(`Grants on entry ${entryId} are still running`);
}
