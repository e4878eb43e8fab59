import type { Effects } from './index.ts';

/** Data that was found wrong and put right at the source is delivered again under the grant. */
export const correctionEffects: Effects = {
  async approved({ orders, state, by, at, key }) {
    const grantId = state.about?.grantId;
    if (grantId !== undefined) await orders.toGrant(grantId, { id: key, at, actor: by, do: { action: 'deliver' } });
  },
};
