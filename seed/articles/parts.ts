import type { ArticleContent, ArticleKind } from '../../domain/articles.ts';

export interface SeedArticle {
  readonly id: string;
  readonly kind: ArticleKind;
  readonly content: ArticleContent;
}
