import { z } from 'zod';
import { ITEM_TYPES, MASK_RULES, OPENNESS } from '../../../domain/catalogue.ts';
import { SHARE_MODES, SHARE_TYPES } from '../../../domain/language.ts';
import { SCOPE_OPERATORS } from '../../../domain/row-scope.ts';
import { departmentRef, id, paging, text, time } from '../../schema.ts';

export const catalogueQuery = z.object({
  ...paging,
  q: text(1, 100).optional(),
  classification: text(1, 100).optional(),
  provider: id.optional(),
  shareType: z.enum(SHARE_TYPES).optional(),
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
    actions: z.array(z.object({ action: z.literal('request') })),
  })
  .meta({ id: 'EntrySummary' });

export const entry = entrySummary
  .extend({
    conditions: z
      .object({ departments: z.array(z.string()).optional(), scope: z.string(), purposes: z.array(z.string()) })
      .optional(),
    withheldBasis: z.object({ document: z.string(), level: z.string(), article: z.string() }).optional(),
    items: z.array(item),
    key: z.array(z.string()),
    provenance: z.string(),
    codes: z.array(z.object({ classification: z.string(), code: z.string() })),
    openness: z.enum(OPENNESS),
    opennessConditions: z.string().optional(),
    related: z.array(z.string()),
  })
  .meta({ id: 'Entry' });
