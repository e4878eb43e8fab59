import type { Process } from '../process.ts';

const BASIS = ['reconciliation', 'note'] as const;

/**
 * 数据对账: the authority asks the provider of one of two sources to settle what differs between them. The provider settles
 * the differences one by one and then says so here, or why it cannot. As with a report of wrong data it has ten working
 * days (R809 Art.25–29).
 */
export const RECONCILIATION: Process = {
  id: 'reconciliation',
  prefix: 'DZ',
  name: { zh: '数据对账', en: 'Reconciliation' },
  about: 'entry',
  filedBy: [{ side: 'authority', role: 'authority' }],
  fields: [
    { id: 'reconciliation', kind: 'reconciliation', label: { zh: '对账', en: 'Reconciliation' }, required: true },
    { id: 'note', kind: 'text', label: { zh: '说明', en: 'Note' } },
  ],
  route: {
    id: 'reconciliation',
    version: 1,
    root: {
      kind: 'stage',
      id: 'settle',
      seat: { role: 'reviewer', department: 'provider' },
      rule: 'any',
      basis: BASIS,
      mayAskSupplement: false,
      clock: { kind: 'reconciliation', legal: 10, onSupplement: 'pause', remind: [3], onOverdue: 'escalate' },
      copies: [{ role: 'authority', department: 'data-bureau' }],
    },
  },
};
