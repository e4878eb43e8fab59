import { z } from 'zod';
import { ARTICLE_KINDS } from '../../../domain/articles.ts';
import { BASIS_LEVELS, ITEM_TYPES, OPENNESS } from '../../../domain/catalogue.ts';
import { SHARE_TYPES } from '../../../domain/language.ts';
import { departmentRef, id, listOf, paging, text, time } from '../../schema.ts';
import { articleFile } from '../articles/schema.ts';

const count = z.number().int();
const words = text(1, 100).optional();

export const openEntryQuery = z.object({
  ...paging,
  q: words.meta({ description: 'Words in Chinese, pinyin or English; all of them have to occur.' }),
  theme: text(1, 40).optional(),
  provider: id.optional(),
  shareType: z.enum(SHARE_TYPES).optional(),
});

export const openEntry = z
  .object({
    id: z.string(),
    version: count,
    code: z.string(),
    name: z.string(),
    nameEn: z.string(),
    provider: departmentRef,
    classification: z.object({ base: z.string().optional(), theme: z.string().optional() }),
    updateCycle: z.string(),
    shareType: z.enum(SHARE_TYPES),
    openness: z.enum(OPENNESS),
    publishedAt: time,
    status: z.enum(['published', 'suspended', 'withdrawn']),
    summary: z.string().optional().meta({ description: 'Absent where the entry is withheld.' }),
    withheldBasis: z
      .object({ document: z.string(), level: z.enum(BASIS_LEVELS), article: z.string() })
      .optional()
      .meta({
        description: 'By which law, administrative regulation or State Council decision it is withheld (R809 Art.12).',
      }),
    items: z.array(z.object({ id: z.string(), name: z.string(), nameEn: z.string(), type: z.enum(ITEM_TYPES) })),
    hiddenItems: count.meta({ description: 'Items that are not named to the public.' }),
  })
  .meta({ id: 'OpenEntry' });

const facet = z.array(z.object({ value: z.string(), count }));

export const openEntryList = listOf(openEntry).extend({
  total: count,
  facets: z.object({
    theme: facet,
    shareType: facet,
    provider: z.array(z.object({ value: z.string(), count, department: departmentRef })),
  }),
});

export const openArticleQuery = z.object({ ...paging, kind: z.enum(ARTICLE_KINDS).optional(), q: words });

const articleSummary = {
  id: z.string(),
  kind: z.enum(ARTICLE_KINDS),
  title: z.string(),
  titleEn: z.string(),
  summary: z.string(),
  summaryEn: z.string(),
  number: z.string().nullable(),
  issuedBy: z.string().nullable(),
  issuedOn: z.string().nullable(),
  inForceFrom: z.string().nullable(),
  version: count,
  firstPublishedAt: time,
  publishedAt: time.meta({ description: 'When this version was published.' }),
};

export const openArticleList = listOf(z.object(articleSummary).meta({ id: 'OpenArticleSummary' })).extend({
  total: count,
});

export const openArticle = z
  .object({
    ...articleSummary,
    body: z.string().meta({ description: 'Markdown; what looks like HTML in it is text.' }),
    source: z.object({ name: z.string(), url: z.string() }).nullable(),
    files: z.array(articleFile),
    versions: z.array(z.object({ version: count, publishedAt: time })).meta({ description: 'The newest first.' }),
  })
  .meta({ id: 'OpenArticle' });

export const openArticleParams = z.object({ id: z.uuid() });
export const openVersionQuery = z.object({ version: z.coerce.number().int().min(1).max(100_000).optional() });

const shares = z.array(z.object({ id: z.string(), entries: count, grants: count }));

export const openStatistics = z
  .object({
    departments: count.meta({ description: 'Departments that offer at least one entry.' }),
    entries: count,
    grants: count.meta({ description: 'Grants in force.' }),
    users: count.meta({ description: 'Departments that hold a grant in force.' }),
    needs: count,
    needsMet: count,
    answered: count.meta({ description: 'Requests answered by their providers within a year.' }),
    medianDays: z.number().nullable().meta({ description: 'Working days that half of the answers took at most.' }),
    limited: count.meta({ description: 'Answers that had a limit of the law.' }),
    onTime: count.meta({ description: 'Those of them given within it.' }),
    byTheme: shares,
    byShareType: shares,
    byProvider: z.array(z.object({ id: z.string(), entries: count, grants: count, department: departmentRef })),
  })
  .meta({ id: 'OpenStatistics' });
