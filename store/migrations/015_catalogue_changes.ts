import type { Knex } from 'knex';
import type { Entry } from '../../domain/catalogue.ts';
import { digestOfVersion } from '../catalogue-changes.ts';

/**
 * Publications become the order of all changes of the catalogue, those that a first start brought in included; imports are
 * listed; synonyms say who added them.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table catalogue_publications
      drop constraint catalogue_publications_pkey,
      drop constraint catalogue_publications_kind_check,
      add constraint catalogue_publications_kind_check
        check (kind in ('publish', 'change', 'suspend', 'resume', 'withdraw')),
      -- Absent for what a first start brought in.
      alter column case_id drop not null,
      add constraint catalogue_publications_case_id_key unique (case_id),
      -- Without gaps, in the order in which they were committed.
      add column position bigint,
      -- Of the version that it is about, without its mount.
      add column digest text,
      -- Of a withdrawal: what becomes of the grants.
      add column grants text check (grants in ('keep', 'terminate'));

    update catalogue_publications p
       set grants = (select f.body->>'grants' from forms f where f.case_id = p.case_id order by f.version desc limit 1)
     where kind = 'withdraw';

    insert into catalogue_publications (entry_id, version, kind, at)
    select e.id, e.version, case when e.version = 1 then 'publish' else 'change' end, e.published_at
      from catalogue_entries e
     where not exists (select from catalogue_publications p
                        where p.entry_id = e.id and p.version = e.version and p.kind in ('publish', 'change'));

    update catalogue_publications p set position = o.position
      from (select ctid, row_number() over (order by at, entry_id, version) as position
              from catalogue_publications) o
     where p.ctid = o.ctid;
  `);
  const versions = await knex('catalogue_entries').select<{ id: string; version: number; body: Entry }[]>(
    'id',
    'version',
    'body',
  );
  for (const { id, version, body } of versions) {
    await knex('catalogue_publications')
      .where({ entry_id: id, version })
      .update({ digest: digestOfVersion(body) });
  }
  await knex.raw(`
    alter table catalogue_publications
      alter column position set not null,
      alter column digest set not null,
      add primary key (position);
    create index catalogue_publications_withdrawn on catalogue_publications (entry_id) where kind = 'withdraw';

    create index catalogue_imports_department on catalogue_imports (department_id, created_at desc, id desc);
    create index catalogue_imports_created on catalogue_imports (created_at desc, id desc);

    alter table catalogue_synonyms
      -- Absent for those that come with the product.
      add column created_by text references people,
      add column created_at timestamptz not null default now();
  `);
}
