import type { Knex } from 'knex';
import type { Entry as CatalogueEntry } from '../domain/catalogue.ts';
import type { Grant } from '../domain/grant.ts';
import type { KeptManifest } from '../domain/manifest-chain.ts';
import type { SharingLine } from '../domain/sharing.ts';
import { findEntry } from './catalogue.ts';
import { type StoredForm } from './forms.ts';

/** A line with the moments between which it was in force, and the grant that it is of. */
export interface KeptLine {
  readonly id: string;
  readonly grantId: string;
  readonly line: SharingLine;
  readonly since: Date;
  readonly until: Date | null;
}

/** A grant of a case with everything that was done under it. */
export interface GrantKept {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly body: Grant;
  readonly entry: CatalogueEntry | undefined;
  readonly lines: readonly KeptLine[];
  /** Those that came to their end, in the order in which they were asked for. */
  readonly manifests: readonly KeptManifest[];
}

/** The grants that a case gave, the earliest first. */
export async function grantsKept(db: Knex, caseId: string): Promise<GrantKept[]> {
  const grants = await db('grants')
    .where({ case_id: caseId })
    .orderBy(['created_at', 'id'])
    .select<Pick<GrantKept, 'id' | 'number' | 'status' | 'body'>[]>('id', 'number', 'status', 'body');
  return Promise.all(
    grants.map(async (grant) => {
      const { entryId, entryVersion } = grant.body;
      const [entry, lines, manifests] = await Promise.all([
        findEntry(db, entryId, entryVersion),
        linesKept(db, grant.id),
        manifestsOf(db, grant.id),
      ]);
      return { ...grant, entry, lines, manifests };
    }),
  );
}

async function linesKept(db: Knex, grantId: string): Promise<KeptLine[]> {
  return db('sharing_lines')
    .where({ grant_id: grantId })
    .orderBy(['since', 'id'])
    .select<KeptLine[]>({ id: 'id', grantId: 'grant_id', line: 'line', since: 'since', until: 'until' });
}

/** Every delivery under a grant that was made, in the order in which they were asked for. */
export async function manifestsOf(db: Knex, grantId: string): Promise<KeptManifest[]> {
  return db('deliveries')
    .where({ grant_id: grantId })
    .where((kept) => void kept.where('status', 'delivered').orWhereNotNull('manifest'))
    .orderBy(['created_at', 'id'])
    .select<KeptManifest[]>({ deliveryId: 'id', manifest: 'manifest', digest: 'manifest_digest' });
}

/** Whether somebody was named to stand in for somebody else on a day (Asia/Shanghai). */
export async function stoodIn(
  db: Knex,
  { standIn, person, on }: { readonly standIn: string; readonly person: string; readonly on: string },
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 from absences where stand_in_id = ? and person_id = ? and ?::date between first_day and last_day
        and (ended_at is null or (ended_at at time zone 'Asia/Shanghai')::date >= ?::date) limit 1`,
    [standIn, person, on, on],
  );
  return rows.length > 0;
}

/** Every version of a case's form, the first first. */
export async function formsOfCase(db: Knex, caseId: string): Promise<StoredForm<unknown>[]> {
  return db('forms').where({ case_id: caseId }).orderBy(['created_at', 'version']).select<StoredForm<unknown>[]>({
    id: 'id',
    version: 'version',
    caseId: 'case_id',
    body: 'body',
    digest: 'digest',
    parts: 'parts',
    createdBy: 'created_by',
    createdAt: 'created_at',
  });
}
