import type { Knex } from 'knex';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

/** An application that its author is still writing. Nobody else sees it, and no history knows it. */
export interface RequestDraft {
  readonly id: string;
  readonly title: string;
  readonly content: Readonly<Record<string, unknown>>;
  /** From 1, one more with each change. */
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type RequestDraftSummary = Omit<RequestDraft, 'content'>;

interface Own {
  /** A UUID. */
  readonly id: string;
  readonly person: string;
}

const SUMMARY = {
  id: 'id',
  title: 'title',
  revision: 'revision',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const;

/** The author's drafts, the latest changed first. */
export async function listRequestDrafts(
  db: Knex,
  person: string,
  page: PageRequest,
): Promise<Page<RequestDraftSummary>> {
  const query = db('share_request_drafts')
    .where({ person_id: person })
    .select<(RequestDraftSummary & { key: string })[]>(SUMMARY, db.raw('updated_at::text as key'))
    .orderByRaw('updated_at desc, id desc')
    .limit(page.limit + 1);
  if (page.after) void query.whereRaw('(updated_at, id) < (?::timestamptz, ?::uuid)', [...page.after]);
  return pageOf((await query) as (RequestDraftSummary & { key: string })[], page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: withoutKey,
  });
}

export async function findRequestDraft(db: Knex, { id, person }: Own): Promise<RequestDraft | undefined> {
  return db('share_request_drafts')
    .where({ id, person_id: person })
    .first<RequestDraft | undefined>({ ...SUMMARY, content: 'content' });
}

type Written = Pick<RequestDraft, 'title' | 'content'>;

export async function countRequestDrafts(db: Knex, person: string): Promise<number> {
  const row = await db('share_request_drafts').where({ person_id: person }).count<{ count: string }[]>();
  return Number(row[0]?.count ?? 0);
}

/** False where there is a draft of this id already, whoever's. */
export async function insertRequestDraft(db: Knex, { id, person }: Own, draft: Written): Promise<boolean> {
  const rows = await db('share_request_drafts')
    .insert({ id, person_id: person, title: draft.title, content: JSON.stringify(draft.content) })
    .onConflict('id')
    .ignore()
    .returning<{ id: string }[]>('id');
  return rows.length > 0;
}

/** Replaces a draft that is still at the revision given, or at any; false where it is not. */
export async function changeRequestDraft(
  db: Knex,
  { id, person, revision }: Own & { readonly revision?: number },
  draft: Written,
): Promise<boolean> {
  const changed = await db('share_request_drafts')
    .where({ id, person_id: person, ...(revision === undefined ? {} : { revision }) })
    .update({
      title: draft.title,
      content: JSON.stringify(draft.content),
      revision: db.raw('revision + 1'),
      updated_at: db.fn.now(),
    });
  return changed === 1;
}

/** False where there was none. */
export async function dropRequestDraft(db: Knex, { id, person }: Own): Promise<boolean> {
  return (await db('share_request_drafts').where({ id, person_id: person }).delete()) > 0;
}
