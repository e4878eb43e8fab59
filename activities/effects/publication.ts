import type { SoundDraft } from '../../domain/catalogue-draft.ts';
import { findForm } from '../../store/forms.ts';
import { carryOut, grantsOn, type PublicationKind } from '../../store/publication.ts';
import type { EffectCall, Effects } from './index.ts';

/** What the effect reads of the form that all signatures rest on. */
interface PublicationForm {
  readonly kind: PublicationKind;
  readonly draft?: { readonly id: string; readonly body: SoundDraft };
  readonly reason?: string;
  readonly grants?: 'keep' | 'terminate';
}

/** R809 Art.16: what the authority has agreed to is published, or is there no longer; grants end with it where it was said so. */
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
    });
    if (kind === 'withdraw' && grants === 'terminate') await terminateGrants(call, entryId);
  },
};

/** In the name of the officer of the authority who agreed, each under a key of its own. */
async function terminateGrants({ knex, orders, by, at, key }: EffectCall, entryId: string): Promise<void> {
  for (const grantId of await grantsOn(knex, entryId)) {
    const order = { action: 'terminate' as const, reason: '目录已撤销，授权随之终止' };
    await orders.toGrant(grantId, { id: `${key}:${grantId}`, at, actor: by, do: order });
  }
}
