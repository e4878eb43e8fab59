import type { Process } from '../process.ts';

/** 校核: whoever uses data reports what is wrong with it, and the provider verifies and answers (R809 Art.25–29: 10 working days). */
export const CORRECTION: Process = {
  id: 'correction',
  prefix: 'JH',
  name: { zh: '数据校核', en: 'Correction of data' },
  about: 'grant',
  filedBy: [
    { side: 'requester', role: 'requester' },
    { side: 'requester', role: 'integrator' },
  ],
  fields: [
    { id: 'items', kind: 'items', label: { zh: '有误的数据项', en: 'Items in error' }, required: true },
    { id: 'rows', kind: 'text', label: { zh: '涉及的数据行', en: 'Rows concerned' }, most: 500, required: true },
    { id: 'error', kind: 'text', label: { zh: '错误情况', en: 'What is wrong' }, required: true },
    { id: 'evidence', kind: 'text', label: { zh: '依据', en: 'Evidence' } },
    { id: 'attachments', kind: 'attachments', label: { zh: '附件', en: 'Attachments' } },
  ],
  route: {
    id: 'correction',
    version: 1,
    root: {
      kind: 'sequence',
      id: 'route',
      clock: { kind: 'correction', legal: 10, onSupplement: 'pause', remind: [3, 1], onOverdue: 'escalate' },
      blocks: [
        {
          kind: 'stage',
          id: 'verify',
          seat: { role: 'reviewer', department: 'provider' },
          rule: 'any',
          basis: ['items', 'rows', 'error', 'evidence', 'attachments'],
          mayAskSupplement: true,
        },
        {
          kind: 'stage',
          id: 'answer',
          seat: { role: 'sharing-lead', department: 'provider' },
          rule: 'any',
          basis: ['items', 'rows', 'error', 'evidence', 'attachments'],
          mayAskSupplement: true,
        },
      ],
    },
    effects: ['approved'],
    refileWithin: 30,
  },
};
