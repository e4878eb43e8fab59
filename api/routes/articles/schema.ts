import { z } from 'zod';
import { ARTICLE_ACTIONS, ARTICLE_KINDS, ARTICLE_STATUSES } from '../../../domain/articles.ts';
import { listOf, paging, personRef, text, time } from '../../schema.ts';

export const articleParams = z.object({ id: z.uuid() });

export const articleQuery = z.object({
  ...paging,
  kind: z.enum(ARTICLE_KINDS).optional(),
  status: z.enum(ARTICLE_STATUSES).optional(),
});

const day = z.string().max(10);

/** Only what a browser may safely be sent to. */
const link = z
  .string()
  .max(1_000)
  .regex(/^https?:\/\/[^\s"<>]+$/);

export const articleContent = z
  .strictObject({
    title: text(2, 120),
    titleEn: text(0, 200).default(''),
    summary: text(0, 500).default(''),
    summaryEn: text(0, 800).default(''),
    body: text(0, 60_000).default('').meta({ description: 'Markdown; what looks like HTML in it is text.' }),
    number: text(1, 60).optional().meta({ description: 'Of a policy: 国务院令第809号.' }),
    issuedBy: text(1, 120).optional(),
    issuedOn: day.optional(),
    inForceFrom: day.optional(),
    source: z
      .strictObject({ name: text(1, 120), url: link })
      .optional()
      .meta({ description: 'Where the whole text stands.' }),
    attachments: z.array(z.uuid()).max(20).default([]).meta({ description: 'Ids from POST /api/articles/files.' }),
  })
  .meta({ id: 'ArticleContent' });

export const newArticle = z
  .strictObject({ kind: z.enum(ARTICLE_KINDS), content: articleContent })
  .meta({ id: 'NewArticle' });

export const articleAction = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('publish') }),
    z.strictObject({ action: z.literal('withdraw'), reason: text(1, 500) }),
  ])
  .meta({ id: 'ArticleAction' });

const summary = {
  id: z.string(),
  kind: z.enum(ARTICLE_KINDS),
  status: z.enum(ARTICLE_STATUSES),
  title: z.string(),
  titleEn: z.string(),
  version: z.number().int().meta({ description: 'The one that the public sees, or saw last; 0: none yet.' }),
  isChanged: z.boolean().meta({ description: 'Whether what is written is not what was published last.' }),
  publishedAt: time.nullable(),
  changedBy: personRef,
  updatedAt: time,
};

export const articleFile = z
  .object({ id: z.string(), name: z.string(), size: z.number().int(), href: z.string() })
  .meta({ id: 'ArticleFile' });

export const articleList = listOf(z.object(summary).meta({ id: 'ArticleSummary' }));

export const article = z
  .object({
    ...summary,
    content: articleContent,
    files: z.array(articleFile),
    history: z.array(
      z.object({
        action: z.enum([...ARTICLE_ACTIONS, 'write']),
        by: personRef,
        at: time,
        version: z.number().int().optional(),
        reason: z.string().optional(),
      }),
    ),
    actions: z.array(z.object({ action: z.enum(['edit', ...ARTICLE_ACTIONS]) })),
  })
  .meta({ id: 'Article' });
