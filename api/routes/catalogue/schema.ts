import { z } from 'zod';
import { ITEM_TYPES, MASK_RULES, MOUNT_KINDS, OPENNESS } from '../../../domain/catalogue.ts';
import { SHARE_MODES, SHARE_TYPES } from '../../../domain/language.ts';
import { SCOPE_OPERATORS } from '../../../domain/row-scope.ts';
import { CATALOGUE_ORDERS } from '../../../store/catalogue-find.ts';
import { openDrift } from './drifts.ts';
import { departmentRef, id, listOf, paging, text, time } from '../../schema.ts';

/** What narrows the catalogue; a saved search is made of the same. */
export const catalogueFilter = {
  q: text(1, 100)
    .optional()
    .meta({ description: 'Words, of which each must occur, in characters or as pinyin or its initials; or a code.' }),
  classification: text(1, 100).optional().meta({ description: 'A base or theme by name, or how the code begins.' }),
  provider: id.optional(),
  shareType: z.enum(SHARE_TYPES).optional(),
  openness: z.enum(OPENNESS).optional(),
  format: text(1, 60).optional().meta({ description: 'A format, or a kind of formats: `database`.' }),
  updateCycle: text(1, 40).optional(),
  mounted: z.enum(['true', 'false']).optional().meta({ description: 'Whether data serves the entry (挂接).' }),
};

export const catalogueQuery = z.object({
  ...paging,
  ...catalogueFilter,
  sort: z
    .enum(CATALOGUE_ORDERS)
    .optional()
    .meta({ description: 'The best first (unless said otherwise where `q` is given), by code, or the newest first.' }),
  facets: z.enum(['true', 'false']).default('false').meta({ description: 'Whether to count what fits.' }),
});

export const entryQuery = z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() });

const item = z
  .object({
    id: z.string(),
    name: z.string(),
    nameEn: z.string(),
    type: z.enum(ITEM_TYPES),
    length: z.number().int().optional(),
    grade: z.number().int().min(1).max(4),
    personal: z.boolean(),
    mask: z.enum(MASK_RULES),
    operators: z.array(z.enum(SCOPE_OPERATORS)),
    shareType: z.enum(SHARE_TYPES).optional(),
    openness: z.enum(OPENNESS).optional(),
  })
  .meta({ id: 'Item' });

export const entrySummary = z
  .object({
    id: z.string(),
    version: z.number().int(),
    code: z.string(),
    name: z.string(),
    nameEn: z.string(),
    summary: z.string(),
    provider: departmentRef,
    classification: z.object({
      base: z.string().optional(),
      theme: z.string().optional(),
      department: z.string().optional(),
    }),
    format: z.string(),
    updateCycle: z.string(),
    shareType: z.enum(SHARE_TYPES),
    shareModes: z.array(z.enum(SHARE_MODES)),
    publishedAt: time,
    status: z.enum(['published', 'suspended', 'withdrawn']),
    statusReason: z.string().optional(),
    mountedOn: z
      .enum(MOUNT_KINDS)
      .nullable()
      .meta({ description: 'What serves it (挂接); null: nothing yet, and nobody can ask for it.' }),
    itemCount: z.number().int(),
    withheldBasis: z
      .object({ document: z.string(), level: z.string(), article: z.string() })
      .optional()
      .meta({ description: 'Of what is withheld: the document and the article that say so (R809 Art.12).' }),
    actions: z.array(z.object({ action: z.literal('request') })),
  })
  .meta({ id: 'EntrySummary' });

const facet = z.array(z.object({ value: z.string(), count: z.number().int() }));

const found = entrySummary
  .extend({
    matchedItems: z
      .array(z.object({ id: z.string(), name: z.string(), nameEn: z.string() }))
      .optional()
      .meta({ description: 'With `q`: items whose names or ids have a word of it, or one that means the same.' }),
  })
  .meta({ id: 'EntryFound' });

export const entryFound = listOf(found).extend({
  synonyms: z
    .array(z.string())
    .optional()
    .meta({ description: 'Words that were searched for beside those of `q`, because they mean the same.' }),
  total: z.number().int().optional().meta({ description: 'How many entries fit; with `facets=true`.' }),
  facets: z
    .object({
      provider: z.array(z.object({ value: z.string(), count: z.number().int(), department: departmentRef })),
      shareType: facet,
      theme: facet,
      base: facet,
      format: facet,
    })
    .optional()
    .meta({ description: 'How many of them have which value, the most frequent first; with `facets=true`.' }),
});

export const entry = entrySummary
  .extend({
    conditions: z
      .object({ departments: z.array(z.string()).optional(), scope: z.string(), purposes: z.array(z.string()) })
      .optional(),
    items: z.array(item),
    key: z.array(z.string()),
    provenance: z.string(),
    codes: z.array(z.object({ classification: z.string(), code: z.string() })),
    openness: z.enum(OPENNESS),
    opennessConditions: z.string().optional(),
    related: z.array(z.string()),
    drifts: z
      .array(openDrift)
      .meta({ description: 'In what the data behind it is no longer what the entry says; empty: nothing known.' }),
  })
  .meta({ id: 'Entry' });
