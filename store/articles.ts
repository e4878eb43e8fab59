import type { Knex } from 'knex';
import type { ArticleAction, ArticleContent, ArticleKind, ArticleStatus } from '../domain/articles.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';

export interface ArticleNote {
  readonly action: ArticleAction | 'write';
  readonly person: string;
  readonly at: string;
  readonly version?: number;
  readonly reason?: string;
}

export interface Article {
  readonly id: string;
  readonly kind: ArticleKind;
  readonly status: ArticleStatus;
  readonly content: ArticleContent;
  readonly revision: number;
  readonly version: number;
  readonly isChanged: boolean;
  readonly publishedAt: Date | null;
  readonly changedBy: string;
  readonly updatedAt: Date;
  readonly history: readonly ArticleNote[];
}

export interface ArticleVersion {
  readonly version: number;
  readonly content: ArticleContent;
  readonly publishedBy: string;
  readonly publishedAt: Date;
}

/** An article as the public sees it. */
export interface PublishedArticle extends ArticleVersion {
  readonly id: string;
  readonly kind: ArticleKind;
  /** When it was first published here, whatever the version. */
  readonly firstPublishedAt: Date;
}

const COLUMNS = `a.id, a.kind, a.status, a.content, a.revision, a.version, a.is_changed as "isChanged",
  a.published_at as "publishedAt", a.changed_by as "changedBy", a.updated_at as "updatedAt", a.history`;

const SHOWN = `a.id, a.kind, v.version, v.content, v.published_by as "publishedBy", v.published_at as "publishedAt",
  a.published_at as "firstPublishedAt"`;

/** Text that sorts as the times do. */
const momentOf = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`;

/** Policies stand by the day on which they were issued, everything else by when it was published. */
const SHOWN_KEY = `case when a.kind = 'policy' then coalesce(v.content->>'issuedOn', '') || ' ' else ${momentOf('a.published_at')} end`;

/** A new article, written and seen by nobody else yet. */
export async function insertArticle(
  trx: Knex,
  { id, kind, content, by, at }: { id: string; kind: ArticleKind; content: ArticleContent; by: string; at: string },
): Promise<void> {
  const note: ArticleNote = { action: 'write', person: by, at };
  await trx('articles').insert({
    id,
    kind,
    content: JSON.stringify(content),
    changed_by: by,
    created_at: at,
    updated_at: at,
    history: JSON.stringify([note]),
  });
}

/** `id` must be a UUID. */
export async function findArticle(db: Knex, id: string): Promise<Article | undefined> {
  const { rows } = await db.raw<{ rows: Article[] }>(`select ${COLUMNS} from articles a where a.id = ?`, [id]);
  return rows[0];
}

/** The latest changed first. */
export async function listArticles(
  db: Knex,
  { kind, status }: { readonly kind?: ArticleKind; readonly status?: ArticleStatus },
  page: PageRequest,
): Promise<Page<Article>> {
  const key = momentOf('a.updated_at');
  const where = [
    ...(kind === undefined ? [] : [{ sql: 'a.kind = ?', value: [kind] }]),
    ...(status === undefined ? [] : [{ sql: 'a.status = ?', value: [status] }]),
    ...(page.after ? [{ sql: `(${key}, a.id::text) < (?, ?)`, value: [...page.after] }] : []),
  ];
  const { rows } = await db.raw<{ rows: (Article & { readonly key: string })[] }>(
    `select ${COLUMNS}, ${key} as key from articles a where ${['true', ...where.map(({ sql }) => sql)].join(' and ')}
      order by key desc, a.id::text desc limit ?`,
    [...where.flatMap(({ value }) => value), page.limit + 1],
  );
  return pageOf(rows, page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: withoutKey as (row: Article & { key: string }) => Article,
  });
}

/** Keeps what is written. False: it is not what the writer last saw. */
export async function writeArticle(
  trx: Knex,
  { id, revision, content, by, at }: { id: string; revision: number; content: ArticleContent; by: string; at: string },
): Promise<boolean> {
  const changed = await trx('articles')
    .where({ id, revision })
    .update({
      content: JSON.stringify(content),
      revision: revision + 1,
      is_changed: true,
      changed_by: by,
      updated_at: at,
    });
  return changed > 0;
}

interface Step {
  readonly id: string;
  /** What the actor has seen: anything else is refused. */
  readonly revision: number;
  readonly by: string;
  readonly at: string;
}

/** Makes what is written the version that the public sees. False: it is not what the publisher last saw. */
export async function publishArticle(trx: Knex, { id, revision, by, at }: Step): Promise<boolean> {
  const [row] = await trx('articles')
    .where({ id, revision })
    .update({
      status: 'published',
      version: trx.raw('version + 1'),
      is_changed: false,
      revision: revision + 1,
      published_at: trx.raw('coalesce(published_at, ?::timestamptz)', [at]),
      changed_by: by,
      updated_at: at,
    })
    .returning<{ version: number }[]>('version');
  if (!row) return false;
  await trx.raw(
    `insert into article_versions (article_id, version, content, published_by, published_at)
     select id, version, content, ?, ?::timestamptz from articles where id = ?`,
    [by, at, id],
  );
  await note(trx, id, { action: 'publish', person: by, at, version: row.version });
  return true;
}

/** Takes an article from the public; its versions stay. False: it is not what was last seen, or not public. */
export async function withdrawArticle(
  trx: Knex,
  { id, revision, by, at, reason }: Step & { readonly reason: string },
): Promise<boolean> {
  const changed = await trx('articles')
    .where({ id, revision, status: 'published' })
    .update({ status: 'withdrawn', revision: revision + 1, changed_by: by, updated_at: at });
  if (changed === 0) return false;
  await note(trx, id, { action: 'withdraw', person: by, at, reason });
  return true;
}

async function note(trx: Knex, id: string, entry: ArticleNote): Promise<void> {
  await trx.raw(`update articles set history = history || ?::jsonb where id = ?`, [JSON.stringify([entry]), id]);
}

/** All that were published of an article, the newest first. */
export async function versionsOfArticle(db: Knex, id: string): Promise<ArticleVersion[]> {
  return db('article_versions')
    .select<ArticleVersion[]>('version', 'content', 'published_by as publishedBy', 'published_at as publishedAt')
    .where({ article_id: id })
    .orderBy('version', 'desc');
}

export interface PublicFilter {
  readonly kind?: ArticleKind;
  /** Words that all have to occur in title, summary, number, issuing body or text, in either language. */
  readonly words?: readonly string[];
}

/** What the public may read: policies by the day of issue, the rest by when it was published, the newest first. */
export async function listPublished(
  db: Knex,
  { kind, words = [] }: PublicFilter,
  page: PageRequest,
): Promise<Page<PublishedArticle>> {
  const { sql, bindings } = publicWhere({ words, ...(kind === undefined ? {} : { kind }) });
  const after = page.after ? `and (${SHOWN_KEY}, a.id::text) < (?, ?)` : '';
  const { rows } = await db.raw<{ rows: (PublishedArticle & { readonly key: string })[] }>(
    `select ${SHOWN}, ${SHOWN_KEY} as key ${FROM} where ${sql} ${after} order by key desc, a.id::text desc limit ?`,
    [...bindings, ...(page.after ?? []), page.limit + 1],
  );
  return pageOf(rows, page.limit, {
    placeOf: (row) => [row.key, row.id],
    read: withoutKey as (row: PublishedArticle & { key: string }) => PublishedArticle,
  });
}

export async function countPublished(db: Knex, filter: PublicFilter): Promise<number> {
  const { sql, bindings } = publicWhere(filter);
  const { rows } = await db.raw<{ rows: [{ count: number }] }>(
    `select count(*)::integer as count ${FROM} where ${sql}`,
    bindings,
  );
  return rows[0].count;
}

/** A version that the public sees or has seen, of an article that is public now. `id` must be a UUID. */
export async function findPublished(db: Knex, id: string, version?: number): Promise<PublishedArticle | undefined> {
  const { rows } = await db.raw<{ rows: PublishedArticle[] }>(
    `select ${SHOWN} from articles a
       join article_versions v on v.article_id = a.id and v.version = coalesce(?::integer, a.version)
      where a.id = ? and a.status = 'published'`,
    [version ?? null, id],
  );
  return rows[0];
}

/** Whether a file goes with what the public sees now. */
export async function isPublicFile(db: Knex, attachmentId: string): Promise<boolean> {
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `select 1 ${FROM} where a.status = 'published' and v.content->'attachments' @> to_jsonb(?::text) limit 1`,
    [attachmentId],
  );
  return rows.length > 0;
}

const FROM = `from articles a join article_versions v on v.article_id = a.id and v.version = a.version`;

const TEXT = `concat_ws(' ', v.content->>'title', v.content->>'titleEn', v.content->>'summary', v.content->>'summaryEn',
  v.content->>'number', v.content->>'issuedBy', v.content->>'body')`;

function publicWhere({ kind, words = [] }: PublicFilter): { readonly sql: string; readonly bindings: string[] } {
  const parts = [
    `a.status = 'published'`,
    ...(kind === undefined ? [] : ['a.kind = ?']),
    ...words.map(() => `${TEXT} ilike ?`),
  ];
  const patterns = words.map((word) => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  return { sql: parts.join(' and '), bindings: [...(kind === undefined ? [] : [kind]), ...patterns] };
}
