import type { Effects } from './index.ts';

/** The grant shows that what became of its data has been confirmed. */
export const disposalEffects: Effects = {
  async approved({ knex, state }) {
    const { caseId, about } = state;
    await knex('grants')
      .where({ id: about?.grantId ?? '' })
      .update({ disposal_case_id: caseId });
  },
};
