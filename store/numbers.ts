import type { Knex } from 'knex';

/**
 * The number that people know a case or a grant by. Given once and kept apart, so that projections can be built again. The
 * year is that of `at`.
 */
export async function numberOf(
  trx: Knex,
  id: string,
  { prefix, sequence, at }: { readonly prefix: string; readonly sequence: string; readonly at: string },
): Promise<string> {
  const { rows } = await trx.raw<{ rows: { number: string }[] }>(
    `with given as (
       insert into numbers (id, number)
       select :id, :prefix || '-' || :year || '-' || lpad(nextval(:sequence)::text, 6, '0')
        where not exists (select 1 from numbers where id = :id)
       returning number)
     select number from given union all select number from numbers where id = :id`,
    { id, prefix, year: at.slice(0, 4), sequence },
  );
  const [row] = rows;
  if (!row) throw new Error(`No number for ${id}`);
  return row.number;
}

/** The number of a grant that is given at this time. */
export async function grantNumberOf(trx: Knex, grantId: string, at: string): Promise<string> {
  return numberOf(trx, grantId, { prefix: 'SY', sequence: 'grant_numbers', at });
}

/** Those of some ids that have no number yet, in their order. */
export async function withoutNumber(knex: Knex, ids: readonly string[]): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `select g.id from unnest(?::text[]) with ordinality as g(id, nth)
      where not exists (select 1 from numbers n where n.id = g.id) order by g.nth`,
    [ids as string[]] as never,
  );
  return rows.map(({ id }) => id);
}
