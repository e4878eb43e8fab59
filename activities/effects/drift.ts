import { watchSoon } from '../../store/drift-watch.ts';
import type { Effects } from './index.ts';

/** What was said to be mended is looked at in the next round, rather than the next day. */
export const driftEffects: Effects = {
  async approved({ knex, state }) {
    await watchSoon(knex, state.caseId);
  },
};
