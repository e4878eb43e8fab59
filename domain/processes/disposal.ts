import type { Process } from '../process.ts';

/** 处置确认: once a grant is over the requester confirms what has become of the data (R809 Art.25–29). */
export const DISPOSAL: Process = {
  id: 'disposal',
  prefix: 'CZ',
  name: { zh: '到期处置确认', en: 'Disposal at the end of a grant' },
  about: 'grant',
  filedBy: [{ side: 'requester', role: 'requester' }],
  when: 'over',
  fields: [
    {
      id: 'measure',
      kind: 'choice',
      label: { zh: '处置方式', en: 'Measure' },
      required: true,
      options: {
        destroyed: { zh: '已销毁', en: 'destroyed' },
        returned: { zh: '已退回', en: 'returned' },
        archived: { zh: '依法留存', en: 'kept by law' },
      },
    },
    { id: 'disposedOn', kind: 'date', label: { zh: '处置日期', en: 'Date' }, required: true },
    { id: 'statement', kind: 'text', label: { zh: '处置说明', en: 'Statement' }, required: true },
    { id: 'attachments', kind: 'attachments', label: { zh: '附件', en: 'Attachments' } },
  ],
  route: {
    id: 'disposal',
    version: 1,
    root: {
      kind: 'stage',
      id: 'confirm',
      seat: { role: 'sharing-lead', department: 'requester' },
      rule: 'any',
      basis: ['measure', 'disposedOn', 'statement', 'attachments'],
      mayAskSupplement: true,
      clock: { kind: 'stage', legal: 5, onSupplement: 'pause', remind: [1] },
      copies: [{ role: 'sharing-lead', department: 'provider' }],
    },
    effects: ['approved'],
    refileWithin: 30,
  },
};
