import { join } from 'node:path';
import type { Knex } from 'knex';
import { projectRoot } from '../../config.ts';
import { digestOf } from '../../domain/digest.ts';
import type { SharingAsk, SharingLine } from '../../domain/sharing.ts';
import { loadPolicies } from '../../policies/policy.ts';
import { linesFor } from '../../store/sharing-lines.ts';
import { type Bench, median } from './measure.ts';
import { FILLED_FAST, startDatabase } from './rig.ts';

const LINES = 100_000;
const DEPARTMENTS = 500;
/** A department is given so many of the entries, each by two grants: one and its renewal. */
const ENTRIES_EACH = 100;
const ROUNDS = 5;
const ASKS = 3_000;
const ON = '2026-06-01';

/**
 * Whether exactly this may go to this department today: of 100,000 lines in force the few of the department and the entry
 * are found by their index, and Casbin is asked about those. Counted in this process's own processor time, which is the
 * core that a worker or a gateway has.
 */
export const bench: Bench = {
  name: 'sharing',
  async run(say) {
    const database = await startDatabase(FILLED_FAST);
    try {
      const { knex } = database;
      await fill(knex);
      const policies = await loadPolicies(join(projectRoot, 'policies'));
      const asks = await asksOf(knex);
      const found = await Promise.all(asks.map((ask) => linesFor(knex, ask.department, ask.entryId)));
      asks.forEach((ask, n) => {
        if (!policies.mayShare(found[n] ?? [], ask).allowed) throw new Error('What was granted is refused');
      });
      const rates = { found: [] as number[], evaluated: [] as number[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        rates.evaluated.push(await rate(() => asks.forEach((ask, n) => policies.mayShare(found[n] ?? [], ask))));
        rates.found.push(
          await rate(async () => {
            for (const ask of asks) policies.mayShare(await linesFor(knex, ask.department, ask.entryId), ask);
          }),
        );
        say(
          `${rates.evaluated.at(-1)?.toFixed(0)} evaluated, ${rates.found.at(-1)?.toFixed(0)} found and evaluated a second`,
        );
      }
      return [
        {
          what: 'asks that Casbin answers, the lines at hand',
          value: median(rates.evaluated),
          unit: '/s',
          runs: rates.evaluated,
          goal: { atLeast: 5_000 },
        },
        { what: 'asks, the lines read from the database', value: median(rates.found), unit: '/s', runs: rates.found },
      ];
    } finally {
      await database.close();
    }
  },
};

async function rate(work: () => unknown): Promise<number> {
  const began = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(began);
  return ASKS / ((user + system) / 1_000_000);
}

/** Lines as grants give rise to them. What they point to is of no weight here, so nothing is checked while they come in. */
async function fill(knex: Knex): Promise<void> {
  await knex.transaction(async (trx) => {
    await trx.raw(`alter table sharing_lines drop constraint sharing_lines_grant_id_fkey`);
    await trx.raw(`alter table sharing_lines drop constraint sharing_lines_case_id_fkey`);
    await trx.raw(
      `insert into sharing_lines (id, grant_id, case_id, department_id, entry_id, since, line)
         select 'g' || n || '/1.1', 'g' || n, 'c' || n, d, e, timestamptz '2026-01-01' + n * interval '1 second',
                jsonb_build_object('id', 'g' || n || '/1.1', 'caseId', 'c' || n, 'grantId', 'g' || n, 'effect', 'allow',
                  'department', d, 'entryId', e, 'entryVersion', 1, 'items', '["id_card","name","address","mobile"]'::jsonb,
                  'masksDigest', :digest::text, 'scopeDigest', :digest::text, 'purposeDigest', :digest::text,
                  'mode', 'batch', 'validFrom', '2026-01-01', 'validTo', '2026-12-31')
           from (select n, 'dept-' || n % ${DEPARTMENTS} as d,
                        'entry-' || n % ${DEPARTMENTS} * 37 + n / ${DEPARTMENTS} % ${ENTRIES_EACH} as e
                   from generate_series(1, ${LINES}) n) lines`,
      { digest: digestOf('x') },
    );
  });
  await knex.raw('analyze sharing_lines');
}

async function asksOf(knex: Knex): Promise<SharingAsk[]> {
  const rows = await knex('sharing_lines')
    .orderByRaw('hashtext(id)')
    .limit(ASKS)
    .select<{ line: SharingLine }[]>('line');
  return rows.map(({ line: { id: _, caseId: __, effect: ___, validFrom: ____, validTo: _____, ...terms } }) => ({
    ...terms,
    items: terms.items.slice(1),
    shareType: 'conditional',
    on: ON,
  }));
}
