import type { Effects } from '../../../activities/effects/index.ts';
import type { Process } from '../../../domain/process.ts';

/** 数据回流: whoever received data returns what became of it: timely, complete, without conditions of its own (R809 Art.24). */
export const RETURN_FLOW: Process = {
  id: 'return-flow',
  prefix: 'HL',
  name: { zh: '数据回流', en: 'Return flow' },
  about: 'grant',
  filedBy: [{ side: 'provider', role: 'reviewer' }],
  fields: [
    { id: 'results', kind: 'text', label: { zh: '需要回流的成果', en: 'Results to be returned' }, required: true },
    { id: 'until', kind: 'date', label: { zh: '期望日期', en: 'Wanted by' }, required: true },
    {
      id: 'form',
      kind: 'choice',
      label: { zh: '形式', en: 'Form' },
      required: true,
      options: { table: { zh: '数据表', en: 'table' }, file: { zh: '文件', en: 'file' } },
    },
  ],
  route: {
    id: 'return-flow',
    version: 1,
    root: {
      kind: 'sequence',
      id: 'route',
      clock: { kind: 'return-flow', legal: 10, onSupplement: 'pause', remind: [3], onOverdue: 'escalate' },
      blocks: [
        {
          kind: 'stage',
          id: 'prepare',
          seat: { role: 'reviewer', department: 'provider' },
          rule: 'any',
          basis: ['results', 'until', 'form'],
          mayAskSupplement: true,
        },
        {
          kind: 'stage',
          id: 'agree',
          seat: { role: 'sharing-lead', department: 'provider' },
          rule: 'any',
          basis: ['results', 'until', 'form'],
          mayAskSupplement: false,
          copies: [{ role: 'authority', department: 'data-bureau' }],
        },
      ],
    },
    effects: ['approved'],
  },
};

/** What was agreed to is noted once, however often the effect is tried. */
export const returnFlowEffects: Effects = {
  async approved({ knex, state, at }) {
    await knex('return_flows')
      .insert({ case_id: state.caseId, grant_id: state.about?.grantId, agreed_at: at })
      .onConflict('case_id')
      .ignore();
  },
};
