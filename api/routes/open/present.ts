import type { Entry } from '../../../domain/catalogue.ts';
import { openEntry } from '../../../domain/open-entry.ts';
import type { ArticleVersion, PublishedArticle } from '../../../store/articles.ts';
import type { AttachmentRef } from '../../../domain/share-request.ts';
import type { Department } from '../../../store/departments.ts';
import { timeOf } from '../../time.ts';
import { presentFile } from '../articles/present.ts';
import { presentDepartment } from '../departments/present.ts';

export function presentOpenEntry(entry: Entry, departments: readonly Department[]) {
  const shown = openEntry(entry);
  return {
    ...shown,
    provider: presentDepartment(shown.provider, departments),
    publishedAt: timeOf(new Date(shown.publishedAt)),
  };
}

/** An article in a list: all but its text. Who wrote it is no business of the public's. */
export function presentOpenSummary({ id, kind, version, content, publishedAt, firstPublishedAt }: PublishedArticle) {
  const { title, titleEn, summary, summaryEn, number, issuedBy, issuedOn, inForceFrom } = content;
  return {
    id,
    kind,
    title,
    titleEn,
    summary,
    summaryEn,
    number: number ?? null,
    issuedBy: issuedBy ?? null,
    issuedOn: issuedOn ?? null,
    inForceFrom: inForceFrom ?? null,
    version,
    firstPublishedAt: timeOf(firstPublishedAt),
    publishedAt: timeOf(publishedAt),
  };
}

export function presentOpenArticle(
  article: PublishedArticle,
  { files, versions }: { readonly files: readonly AttachmentRef[]; readonly versions: readonly ArticleVersion[] },
) {
  return {
    ...presentOpenSummary(article),
    body: article.content.body,
    source: article.content.source ?? null,
    files: files.map(presentFile),
    versions: versions.map(({ version, publishedAt }) => ({ version, publishedAt: timeOf(publishedAt) })),
  };
}
