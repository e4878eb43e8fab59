import type { Process } from '../process.ts';

const BASIS = ['matter', 'position', 'demand', 'attachments'] as const;

/**
 * 争议: negotiated first, then settled by the authority, then by the government of that level (R809 Art.25–29). Each tier
 * either settles the dispute or says why not, and all of them stay on record.
 */
export const DISPUTE: Process = {
  id: 'dispute',
  prefix: 'ZY',
  name: { zh: '争议', en: 'Dispute' },
  about: 'grant',
  filedBy: [
    { side: 'requester', role: 'requester' },
    { side: 'provider', role: 'reviewer' },
  ],
  fields: [
    { id: 'matter', kind: 'text', label: { zh: '争议事项', en: 'Matter in dispute' }, required: true },
    { id: 'position', kind: 'text', label: { zh: '本方意见', en: 'Own position' }, required: true },
    { id: 'demand', kind: 'text', label: { zh: '请求', en: 'What is asked for' }, required: true },
    { id: 'attachments', kind: 'attachments', label: { zh: '附件', en: 'Attachments' } },
  ],
  route: {
    id: 'dispute',
    version: 1,
    root: {
      kind: 'tiers',
      id: 'route',
      blocks: [
        {
          kind: 'stage',
          id: 'negotiation',
          seat: [
            { role: 'sharing-lead', department: 'requester' },
            { role: 'sharing-lead', department: 'provider' },
          ],
          rule: 'all',
          basis: BASIS,
          mayAskSupplement: false,
          clock: { kind: 'negotiation', legal: 10, onSupplement: 'run-on', remind: [2], onOverdue: 'escalate' },
        },
        {
          kind: 'stage',
          id: 'authority',
          seat: { role: 'authority', department: 'data-bureau' },
          rule: 'any',
          basis: BASIS,
          mayAskSupplement: true,
          clock: { kind: 'settlement', legal: 15, onSupplement: 'pause', remind: [3], onOverdue: 'escalate' },
        },
        {
          kind: 'stage',
          id: 'government',
          seat: { role: 'sharing-lead', department: 'government-office' },
          rule: 'any',
          basis: BASIS,
          mayAskSupplement: true,
          mayRepeat: true,
          clock: { kind: 'decision', legal: 20, onSupplement: 'pause', remind: [5], onOverdue: 'escalate' },
        },
      ],
    },
  },
};
