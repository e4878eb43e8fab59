import type { Knex } from 'knex';
import { insertArticle, publishArticle } from '../store/articles.ts';
import { policies } from './articles/policies.ts';
import { training } from './articles/training.ts';

const AUTHOR = 'data-bureau.authority';

/** Articles that are not there yet, each published once; one that was changed or withdrawn stays as it is. */
export async function seedArticles(transaction: Knex): Promise<void> {
  const articles = [...policies, ...training];
  const ids = articles.map(({ id }) => id);
  const there = await transaction('articles').whereIn('id', ids).pluck<string[]>('id');
  const at = new Date().toISOString();
  for (const { id, kind, content } of articles) {
    if (there.includes(id)) continue;
    await insertArticle(transaction, { id, kind, content, by: AUTHOR, at });
    await publishArticle(transaction, { id, revision: 1, by: AUTHOR, at });
  }
}
