import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { canonicalJson } from '../domain/canonical.ts';
import type { Entry, EntryStatus } from '../domain/catalogue.ts';

export type PublicationKind = 'publish' | 'change' | 'suspend' | 'resume' | 'withdraw';

/** A change of the catalogue, in the order of all of them. */
export interface CatalogueChange {
  /** From 1, without gaps: whoever has read up to one asks for what comes after it. */
  readonly position: number;
  readonly entryId: string;
  /** The version that it made, or that it is about. */
  readonly version: number;
  readonly kind: PublicationKind;
  /** What the entry is after it: a change of what was withdrawn meanwhile leaves it withdrawn. */
  readonly status: EntryStatus;
  readonly digest: string;
  readonly reason: string | null;
  readonly at: Date;
}

/** SHA-256 (hex) over the canonical JSON of a version, without where it is mounted: that stays with the provider. */
export function digestOfVersion(entry: Entry): string {
  const { mount: _, ...shown } = entry;
  return createHash('sha256').update(canonicalJson(shown)).digest('hex');
}

export interface NewChange extends Pick<CatalogueChange, 'entryId' | 'version' | 'kind'> {
  readonly digest: string;
  readonly at: string;
  /** Absent for what a first start brings in. */
  readonly caseId?: string;
  readonly reason?: string;
  /** Of a withdrawal. */
  readonly grants?: 'keep' | 'terminate';
}

/**
 * Writes a change down as the next. One transaction at a time, until it ends: positions are in the order in which they can
 * be seen, so that nobody who reads on passes one over. In a transaction, late in it.
 */
export async function noteChange(trx: Knex, change: NewChange): Promise<void> {
  const { caseId, entryId, version, kind, digest, reason, grants, at } = change;
  await trx.raw('select pg_advisory_xact_lock(7265015)');
  await trx('catalogue_publications').insert({
    position: trx.raw('(select coalesce(max(position), 0) + 1 from catalogue_publications)'),
    case_id: caseId ?? null,
    entry_id: entryId,
    version,
    kind,
    digest,
    reason: reason ?? null,
    grants: grants ?? null,
    at,
  });
}

/** The changes after a position, in order. */
export async function changesAfter(db: Knex, after: number, limit: number): Promise<CatalogueChange[]> {
  return db('catalogue_publications as p')
    .where('p.position', '>', after)
    .orderBy('p.position')
    .limit(limit)
    .select<CatalogueChange[]>(
      db.raw('p.position::integer'),
      'p.entry_id as entryId',
      'p.version',
      'p.kind',
      db.raw(`case when exists (select from catalogue_publications w
                                 where w.entry_id = p.entry_id and w.kind = 'withdraw' and w.position <= p.position)
                   then 'withdrawn' when p.kind = 'suspend' then 'suspended' else 'published' end as status`),
      'p.digest',
      'p.reason',
      'p.at',
    );
}
