import type { EffectCall, Effects } from './index.ts';

/** R809 Art.25–29: suspended at once, resumed when it is put right, terminated when it is not. */
export const misuseEffects: Effects = {
  filed: (call) => order(call, 'suspend'),
  approved: (call) => order(call, 'resume'),
  refused: (call) => order(call, 'terminate'),
};

const REASONS = {
  suspend: '违规处置：立即暂停，限期整改',
  resume: '违规处置：整改已核验',
  terminate: '违规处置：未按期整改',
} as const;

/** Given in the name of whoever reported the misuse: the one who answers may be of the other side. */
async function order({ orders, state, at, key }: EffectCall, action: keyof typeof REASONS): Promise<void> {
  const grantId = state.about?.grantId;
  if (grantId === undefined) return;
  const isAuthority = state.requester === 'data-bureau';
  const actor = {
    person: state.applicant,
    department: state.requester,
    roles: [isAuthority ? ('authority' as const) : ('sharing-lead' as const)],
  };
  await orders.toGrant(grantId, { id: key, at, actor, do: { action, reason: REASONS[action] } });
}
