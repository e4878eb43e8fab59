import type { Knex } from 'knex';
import type { CaseState } from '../domain/case.ts';
import type { ShareRequestForm } from '../domain/share-request.ts';

/** Of the form of a publication: what names its case. */
interface PublicationForm {
  readonly draft?: { readonly body: { readonly name: string } };
}

/** A share request's form, or a publication's; those of other processes have other members, and nothing here reads them. */
export async function formOf(trx: Knex, state: CaseState): Promise<{ body: ShareRequestForm & PublicationForm }> {
  const { id, version } = state.form;
  const row = await trx('forms')
    .where({ id, version })
    .first<{ body: ShareRequestForm & PublicationForm } | undefined>('body');
  if (!row) throw new Error(`Form ${id} version ${version} of case ${state.caseId} is not stored`);
  return row;
}

/** The number that people know a case or a grant by. Given once and kept apart, so that projections can be built again. */
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
