import type { Process } from '../process.ts';

/** 异议: against an entry, a resource, a grant or how data is used; the other side answers (R809 Art.25–29). */
export const OBJECTION: Process = {
  id: 'objection',
  prefix: 'YY',
  name: { zh: '异议', en: 'Objection' },
  about: 'grant',
  filedBy: [
    { side: 'requester', role: 'requester' },
    { side: 'requester', role: 'sharing-lead' },
    { side: 'provider', role: 'sharing-lead' },
    { side: 'provider', role: 'reviewer' },
  ],
  fields: [
    {
      id: 'against',
      kind: 'choice',
      label: { zh: '异议对象', en: 'Against' },
      required: true,
      options: {
        catalogue: { zh: '目录', en: 'the catalogue entry' },
        resource: { zh: '资源', en: 'the resource' },
        grant: { zh: '授权', en: 'the grant' },
        use: { zh: '使用', en: 'how it is used' },
      },
    },
    { id: 'grounds', kind: 'text', label: { zh: '理由', en: 'Grounds' }, required: true },
    { id: 'demand', kind: 'text', label: { zh: '请求', en: 'What is asked for' }, required: true },
    { id: 'attachments', kind: 'attachments', label: { zh: '附件', en: 'Attachments' } },
  ],
  route: {
    id: 'objection',
    version: 1,
    root: {
      kind: 'stage',
      id: 'answer',
      seat: { role: 'sharing-lead', department: 'provider' },
      rule: 'any',
      basis: ['against', 'grounds', 'demand', 'attachments'],
      mayAskSupplement: true,
      clock: { kind: 'objection', legal: 10, onSupplement: 'pause', remind: [3, 1], onOverdue: 'escalate' },
      copies: [{ role: 'authority', department: 'data-bureau' }],
    },
  },
};
