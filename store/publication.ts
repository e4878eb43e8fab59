import type { Knex } from 'knex';
import { contentFrom, type SoundDraft } from '../domain/catalogue-draft.ts';
import type { Entry, EntryStatus } from '../domain/catalogue.ts';
import { classificationCodes } from '../domain/classification.ts';
import { findEntry, insertEntryVersion } from './catalogue.ts';
import { digestOfVersion, noteChange, type PublicationKind } from './catalogue-changes.ts';
import { giveCodes } from './catalogue-codes.ts';
import { unindexEntry } from './catalogue-search.ts';
import { tellSubscribers } from './catalogue-subscriptions.ts';

export type { PublicationKind } from './catalogue-changes.ts';

/** What a case of publication has been agreed to. */
export interface Publication {
  readonly caseId: string;
  readonly entryId: string;
  readonly kind: PublicationKind;
  readonly at: string;
  /** Who agreed to it, and so need not be told. */
  readonly by: string;
  readonly reason?: string;
  /** Of a withdrawal: what becomes of the grants on it. */
  readonly grants?: 'keep' | 'terminate';
  /** What is published: frozen when it was filed, found to be whole then. */
  readonly draft?: { readonly id: string; readonly body: SoundDraft };
}

/** Carries out a publication, once for each case, in one transaction. */
export async function carryOut(knex: Knex, publication: Publication): Promise<void> {
  const { caseId, entryId, kind, at, reason, grants } = publication;
  await knex.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(hashtextextended(?, 5))', [entryId]);
    if (await trx('catalogue_publications').where({ case_id: caseId }).first('case_id')) return;
    const current = await findEntry(trx, entryId);
    const version = publication.draft
      ? await publishVersion(trx, { ...publication, draft: publication.draft }, current)
      : await setStatus(trx, publication, current);
    await tellAndFind(trx, publication);
    const published = await findVersion(trx, entryId, version);
    await noteChange(trx, {
      caseId,
      entryId,
      version,
      kind,
      at,
      digest: digestOfVersion(published),
      ...(reason === undefined ? {} : { reason }),
      ...(grants === undefined ? {} : { grants }),
    });
  });
}

/** A version as it was published, without what became of the entry since. */
async function findVersion(trx: Knex.Transaction, id: string, version: number): Promise<Entry> {
  const row = await trx('catalogue_entries').where({ id, version }).first<{ body: Entry } | undefined>('body');
  if (!row) throw new Error(`No version ${version} of entry ${id}`);
  return row.body;
}

async function publishVersion(
  trx: Knex.Transaction,
  { caseId, entryId, at, draft }: Publication & Required<Pick<Publication, 'draft'>>,
  current: Entry | undefined,
): Promise<number> {
  const { body } = draft;
  const version = (current?.version ?? 0) + 1;
  const place = await placeOf(trx, body.classification.department ?? body.provider);
  const codes = await giveCodes(trx, entryId, classificationCodes(body.classification, place));
  const code = codes.find((one) => one.code === current?.code)?.code ?? codes[0]?.code;
  if (code === undefined) throw new Error(`Entry ${entryId} has no classification`);
  await insertEntryVersion(trx, { ...contentFrom(body), id: entryId, version, code, codes, publishedAt: at });
  // What was withdrawn meanwhile stays so; what was suspended is there again.
  const status: EntryStatus = current?.status === 'withdrawn' ? 'withdrawn' : 'published';
  const reason = status === 'withdrawn' ? (current?.statusReason ?? null) : null;
  await trx('catalogue_entries').where({ id: entryId }).update({ status, status_reason: reason });
  await trx('catalogue_drafts')
    .where({ id: draft.id, case_id: caseId })
    .update({ status: 'published', updated_at: trx.fn.now() });
  return version;
}

async function setStatus(
  trx: Knex.Transaction,
  { entryId, kind, reason }: Publication,
  current: Entry | undefined,
): Promise<number> {
  if (!current) throw new Error(`There is no entry ${entryId} to ${kind}`);
  const status = STATUS_AFTER[kind];
  await trx('catalogue_entries')
    .where({ id: entryId })
    .whereNot({ status: 'withdrawn' })
    .update({ status, status_reason: status === 'published' ? null : (reason ?? null) });
  return current.version;
}

const STATUS_AFTER: Readonly<Record<PublicationKind, EntryStatus>> = {
  publish: 'published',
  change: 'published',
  suspend: 'suspended',
  resume: 'published',
  withdraw: 'withdrawn',
};

const KINDS = {
  publish: 'entryPublished',
  change: 'entryChanged',
  suspend: 'entrySuspended',
  resume: 'entryResumed',
  withdraw: 'entryWithdrawn',
} as const;

/** Subscribers are told as long as a search still finds the entry; what is withdrawn is found no longer. */
async function tellAndFind(trx: Knex.Transaction, { entryId, kind, at, by }: Publication): Promise<void> {
  const entry = await findEntry(trx, entryId);
  if (!entry) throw new Error(`No entry ${entryId}`);
  await tellSubscribers(trx, entry, { kind: KINDS[kind], at, by });
  if (entry.status === 'withdrawn') await unindexEntry(trx, entryId);
}

/** The place of a department in the order of departments, from 1. */
async function placeOf(trx: Knex.Transaction, department: string): Promise<number> {
  const row = await trx('departments').where({ id: department }).first<{ sort: number } | undefined>('sort');
  if (!row) throw new Error(`No department ${department}`);
  return row.sort;
}

/** What became of an entry, version by version, latest first. */
export interface VersionRow {
  readonly version: number;
  readonly entry: Entry;
  /** How it came to be: absent for what a first start brought in. */
  readonly kind: PublicationKind | null;
  readonly caseId: string | null;
}

export async function versionsOfEntry(db: Knex, entryId: string): Promise<VersionRow[]> {
  return db('catalogue_entries as e')
    .leftJoin('catalogue_publications as p', (on) => {
      on.on('p.entry_id', 'e.id').andOn('p.version', 'e.version').andOnIn('p.kind', ['publish', 'change']);
      on.andOnNotNull('p.case_id');
    })
    .where('e.id', entryId)
    .orderBy('e.version', 'desc')
    .select<VersionRow[]>('e.version', 'e.body as entry', 'p.kind', 'p.case_id as caseId');
}
