import type { Effects } from './index.ts';

/** Data that was found wrong and put right at the source is delivered again under the grant. */
export const correctionEffects: Effects = {
  async approved({ grants, state, by, at, key }) {
    const grantId = state.about?.grantId;
    if (grantId !== undefined) await grants.give(grantId, { id: key, at, actor: by, do: { action: 'deliver' } });
  },
};
