import type { Knex } from 'knex';
import { unseal } from './sealed.ts';

/** A department's own database, as the platform knows it. How it is reached stays sealed. */
export interface Source {
  readonly id: string;
  readonly name: string;
}

/** The data sources of a department, without how they are reached. */
export async function sourcesOf(db: Knex, department: string): Promise<Source[]> {
  return db('data_sources').where({ department_id: department }).orderBy('id').select<Source[]>('id', 'name');
}

/** A department's own source with its address, unsealed; undefined where it has none of this id. Throws SealError. */
export async function openableSource(
  db: Knex,
  { id, department }: { readonly id: string; readonly department: string },
  secretKey: Uint8Array,
): Promise<(Source & { readonly url: string }) | undefined> {
  const row = await db('data_sources')
    .where({ id, department_id: department })
    .first<{ name: string; sealed: Buffer } | undefined>({ name: 'name', sealed: 'sealed_connection' });
  return row && { id, name: row.name, url: unseal(secretKey, row.sealed) };
}

/** The address of a data source, unsealed. Throws if there is no such source or the key is another one. */
export async function connectionOf(knex: Knex, sourceId: string, secretKey: Uint8Array): Promise<string> {
  const row = await knex('data_sources').where({ id: sourceId }).first<{ sealed: Buffer } | undefined>({
    sealed: 'sealed_connection',
  });
  if (!row) throw new Error(`No data source ${sourceId}`);
  return unseal(secretKey, row.sealed);
}

/** The source in which a department takes deliveries. */
export async function receivingSourceOf(knex: Knex, department: string): Promise<string> {
  const row = await knex('data_sources').where({ department_id: department }).orderBy('id').first<{ id: string }>('id');
  if (!row) throw new Error(`Department ${department} has no data source`);
  return row.id;
}
