import type { Process } from '../process.ts';

const BASIS = ['finding', 'measures', 'attachments'] as const;

/**
 * 违规处置: the authority or the provider suspends at once and sets a time to put things right; where that does not
 * happen the grant is terminated (R809 Art.25–29). Filing suspends, agreement resumes, refusal at either stage terminates.
 */
export const MISUSE: Process = {
  id: 'misuse',
  prefix: 'WG',
  name: { zh: '违规处置', en: 'Misuse' },
  about: 'grant',
  filedBy: [
    { side: 'provider', role: 'sharing-lead' },
    { side: 'authority', role: 'authority' },
  ],
  when: 'running',
  fields: [
    { id: 'finding', kind: 'text', label: { zh: '违规情况', en: 'What was found' }, required: true },
    { id: 'measures', kind: 'text', label: { zh: '整改要求', en: 'What has to be put right' }, required: true },
    { id: 'attachments', kind: 'attachments', label: { zh: '附件', en: 'Attachments' } },
  ],
  route: {
    id: 'misuse',
    version: 1,
    root: {
      kind: 'sequence',
      id: 'route',
      blocks: [
        {
          kind: 'stage',
          id: 'rectify',
          seat: { role: 'sharing-lead', department: 'provider' },
          rule: 'any',
          basis: BASIS,
          mayAskSupplement: false,
          clock: {
            kind: 'rectification',
            legal: 10,
            onSupplement: 'run-on',
            extension: 5,
            remind: [3, 1],
            onOverdue: 'escalate',
          },
        },
        {
          kind: 'stage',
          id: 'inspect',
          seat: [
            { role: 'reviewer', department: 'requester' },
            { role: 'sharing-lead', department: 'requester' },
            { role: 'authority', department: 'data-bureau' },
          ],
          rule: 'any',
          basis: BASIS,
          mayAskSupplement: false,
          clock: { kind: 'inspection', legal: 5, onSupplement: 'run-on', remind: [1], onOverdue: 'escalate' },
        },
      ],
    },
    effects: ['filed', 'approved', 'refused'],
  },
};
