import type { Process } from '../process.ts';

const BASIS = ['kind', 'draft', 'changedOn', 'secrecy', 'personalInformation', 'reason', 'grants'] as const;

/**
 * 目录发布: the provider compiles, assesses secrecy and personal information, its sharing lead agrees (R809 Art.13); then
 * the authority reviews and publishes to all departments (Art.16) within two working days (Art.17). A change is handed to
 * the authority within ten working days of that of law, duty or system, or five more with its consent (Art.17).
 */
export const PUBLICATION: Process = {
  id: 'publication',
  prefix: 'ML',
  name: { zh: '目录发布', en: 'Catalogue publication' },
  about: 'entry',
  filedBy: [{ side: 'provider', role: 'reviewer' }],
  fields: [
    {
      id: 'kind',
      kind: 'choice',
      label: { zh: '事项', en: 'What is asked for' },
      required: true,
      options: {
        publish: { zh: '发布', en: 'publish' },
        change: { zh: '变更', en: 'change' },
        suspend: { zh: '暂停', en: 'suspend' },
        resume: { zh: '恢复', en: 'resume' },
        withdraw: { zh: '撤销', en: 'withdraw' },
      },
    },
    {
      id: 'draft',
      kind: 'draft',
      label: { zh: '目录草稿', en: 'Draft of the entry' },
      requiredFor: ['publish', 'change'],
    },
    {
      id: 'changedOn',
      kind: 'date',
      label: { zh: '法律、职责或系统变化之日', en: 'Day on which law, duty or system changed' },
      requiredFor: ['change'],
      past: true,
    },
    {
      id: 'secrecy',
      kind: 'attachments',
      label: { zh: '保密风险评估', en: 'Secrecy-risk assessment' },
      requiredFor: ['publish', 'change'],
    },
    {
      id: 'personalInformation',
      kind: 'attachments',
      label: { zh: '个人信息保护影响评估', en: 'Personal-information impact assessment' },
    },
    { id: 'reason', kind: 'text', label: { zh: '理由', en: 'Reason' }, requiredFor: ['suspend', 'resume', 'withdraw'] },
    {
      id: 'grants',
      kind: 'choice',
      label: { zh: '已有授权', en: 'Grants on it' },
      requiredFor: ['withdraw'],
      options: {
        keep: { zh: '保留至期满', en: 'keep until their end' },
        terminate: { zh: '终止', en: 'terminate' },
      },
    },
  ],
  tellsEverybody: { stage: 'authority', role: 'sharing-lead' },
  route: {
    id: 'publication',
    version: 2,
    root: {
      kind: 'sequence',
      id: 'route',
      blocks: [
        {
          kind: 'stage',
          id: 'lead',
          seat: { role: 'sharing-lead', department: 'requester' },
          rule: 'any',
          basis: BASIS,
          mayAskSupplement: true,
          // Only of a change: no other kind states the day. What the lead asks for is the department's own time.
          clock: {
            kind: 'catalogue-update',
            legal: 10,
            from: 'changedOn',
            onSupplement: 'run-on',
            extension: 5,
            remind: [3, 1],
            onOverdue: 'escalate',
          },
        },
        {
          kind: 'stage',
          id: 'authority',
          seat: { role: 'authority', department: 'data-bureau' },
          rule: 'any',
          basis: BASIS,
          mayAskSupplement: true,
          clock: { kind: 'catalogue-review', legal: 2, onSupplement: 'pause', remind: [1], onOverdue: 'escalate' },
        },
      ],
    },
    effects: ['approved'],
  },
};
