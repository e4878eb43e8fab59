import type { Knex } from 'knex';
import type { CaseState, FormRef } from '../domain/case.ts';
import type { ShareRequestForm } from '../domain/share-request.ts';

export interface StoredForm<B = ShareRequestForm> extends Pick<FormRef, 'id' | 'version' | 'digest' | 'parts'> {
  readonly caseId: string;
  readonly body: B;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** False when there is such a version already. */
export async function insertForm(db: Knex, form: Omit<StoredForm<unknown>, 'createdAt'>): Promise<boolean> {
  const rows = await db('forms')
    .insert({
      id: form.id,
      version: form.version,
      case_id: form.caseId,
      body: JSON.stringify(form.body),
      parts: JSON.stringify(form.parts),
      digest: form.digest,
      created_by: form.createdBy,
    })
    .onConflict(['id', 'version'])
    .ignore()
    .returning<{ id: string }[]>('id');
  return rows.length > 0;
}

/** `id` must be a UUID. */
export async function findForm<B = ShareRequestForm>(
  db: Knex,
  id: string,
  version: number,
): Promise<StoredForm<B> | undefined> {
  return db('forms')
    .first<StoredForm<B> | undefined>(
      'id',
      'version',
      'case_id as caseId',
      'body',
      'parts',
      'digest',
      'created_by as createdBy',
      'created_at as createdAt',
    )
    .where({ id, version });
}

/** Removes a version that a refused supplement left behind; one that an event names stays. */
export async function dropUnusedForm(db: Knex, ref: Pick<FormRef, 'id' | 'version'>): Promise<void> {
  await db.raw(
    `delete from forms f where f.id = ? and f.version = ? and not exists (
       select 1 from events e where e.stream_id = f.case_id and e.event->'form'->>'id' = f.id::text
          and (e.event->'form'->>'version')::int = f.version)`,
    [ref.id, ref.version],
  );
}

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
