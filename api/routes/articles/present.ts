import { articleActions } from '../../../domain/articles.ts';
import type { Article } from '../../../store/articles.ts';
import type { Attachment } from '../../../store/attachments.ts';
import { timeOf } from '../../time.ts';
import { presentPerson } from '../cases/present.ts';

type Names = ReadonlyMap<string, string>;

export function presentArticleSummary(article: Article, names: Names) {
  const { id, kind, status, version, isChanged, publishedAt, changedBy, updatedAt, content } = article;
  return {
    id,
    kind,
    status,
    title: content.title,
    titleEn: content.titleEn,
    version,
    isChanged,
    publishedAt: publishedAt === null ? null : timeOf(publishedAt),
    changedBy: presentPerson(changedBy, names),
    updatedAt: timeOf(updatedAt),
  };
}

interface Context {
  readonly names: Names;
  readonly files: readonly Pick<Attachment, 'id' | 'name' | 'size'>[];
  readonly mayManage: boolean;
}

export function presentArticle(article: Article, { names, files, mayManage }: Context) {
  const actions = mayManage ? (['edit', ...articleActions(article)] as const) : [];
  return {
    ...presentArticleSummary(article, names),
    content: article.content,
    files: files.map(presentFile),
    history: article.history.map(({ person, ...note }) => ({ ...note, by: presentPerson(person, names) })),
    actions: actions.map((action) => ({ action })),
  };
}

export function presentFile({ id, name, size }: Pick<Attachment, 'id' | 'name' | 'size'>) {
  return { id, name, size, href: `/api/open/files/${id}` };
}
