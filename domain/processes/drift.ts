import type { Process } from '../process.ts';

/**
 * 挂接变化: the platform has seen that what an entry is mounted on is no longer what the entry says. The provider publishes a
 * change, or mends the source (R809 Art.17: 10 working days, 5 more with the authority's consent). Nobody but the platform
 * files it.
 */
export const DRIFT: Process = {
  id: 'drift',
  prefix: 'GJ',
  name: { zh: '挂接变化', en: 'Drift of a mount' },
  about: 'entry',
  filedBy: [],
  fields: [{ id: 'differences', kind: 'text', label: { zh: '变化情况', en: 'What has changed' }, required: true }],
  route: {
    id: 'drift',
    version: 1,
    root: {
      kind: 'stage',
      id: 'mend',
      seat: { role: 'reviewer', department: 'provider' },
      rule: 'any',
      basis: ['differences'],
      mayAskSupplement: false,
      clock: {
        kind: 'catalogue-update',
        legal: 10,
        onSupplement: 'run-on',
        extension: 5,
        remind: [3, 1],
        onOverdue: 'escalate',
      },
    },
    effects: ['approved'],
  },
};
