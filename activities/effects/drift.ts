import type { Effects } from './index.ts';

/** What was said to be mended is looked at in the next round, rather than the next day. */
export const driftEffects: Effects = {
  async approved({ knex, state }) {
    await knex.raw(
      `update data_sources set watch_at = least(watch_at, now())
        where id in (select source_id from catalogue_drifts where case_id = ? and settled_at is null)`,
      [state.caseId],
    );
  },
};
