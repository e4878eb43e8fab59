import { z } from 'zod';
import { BASIS_LEVELS, ITEM_TYPES, MASK_RULES, OPENNESS } from '../../../domain/catalogue.ts';
import { SHARE_MODES, SHARE_TYPES } from '../../../domain/language.ts';
import { departmentRef, id, paging, personRef, text, time } from '../../schema.ts';

export const draftParams = z.object({ id: z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/) });

export const draftQuery = z.object({
  ...paging,
  provider: id.optional(),
  status: z.enum(['open', 'filed']).optional(),
  entryId: id.optional(),
});

const short = text(0, 200);
const long = text(0, 4_000);
const sourceId = z.string().max(100);

const draftItem = z.strictObject({
  id: z.string().max(100),
  name: short.optional(),
  nameEn: short.optional(),
  type: z.enum(ITEM_TYPES).optional(),
  length: z.number().int().max(1_000_000_000).optional(),
  grade: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).optional(),
  personal: z.boolean().optional(),
  mask: z.enum(MASK_RULES).optional(),
  shareType: z.enum(SHARE_TYPES).optional(),
  openness: z.enum(OPENNESS).optional(),
});

const column = z.string().min(1).max(63).optional();

/** What may be stated of an entry; its provider is the department that compiles it. */
export const draftContent = z
  .strictObject({
    name: short,
    nameEn: short,
    summary: long,
    classification: z.strictObject({ base: short, theme: short, department: id }).partial(),
    format: short,
    updateCycle: short,
    shareType: z.enum(SHARE_TYPES),
    shareModes: z.array(z.enum(SHARE_MODES)).max(10),
    conditions: z.strictObject({
      departments: z.array(id).max(500).optional(),
      scope: long,
      purposes: z.array(short).max(100),
    }),
    withheldBasis: z.strictObject({ document: short, level: z.enum(BASIS_LEVELS), article: short }),
    items: z.array(draftItem).max(2_000),
    key: z.array(z.string().max(100)).max(50),
    mount: z
      .union([
        z.strictObject({
          sourceId,
          schema: z.string().max(63),
          table: z.string().max(63),
          updatedColumn: column.meta({ description: 'Says when a row was last changed: makes increments possible.' }),
          deletedColumn: column.meta({ description: 'Says that a row is deleted: true, or anything if not boolean.' }),
        }),
        z.strictObject({ sourceId, file: z.string().max(500) }),
        z.strictObject({ sourceId, path: z.string().max(1_000), records: z.string().max(200).optional() }),
      ])
      .meta({ description: 'What serves the entry: a table or view, a file of a folder, an address of a service.' }),
    provenance: long,
    openness: z.enum(OPENNESS),
    opennessConditions: long,
    related: z.array(id).max(200),
  })
  .partial()
  .meta({ id: 'EntryDraft', description: 'An entry that is being compiled: anything may still be missing.' });

export const newDraft = z
  .strictObject({
    entryId: id.optional().meta({ description: 'The entry to be changed: the draft begins with its current version.' }),
    body: draftContent.optional(),
  })
  .meta({ id: 'NewEntryDraft' });

export const draftPatch = z
  .record(z.string(), z.unknown())
  .meta({ id: 'EntryDraftPatch', description: 'A JSON merge patch (RFC 7396) of the body: null removes a member.' });

const places = z.array(z.number().int().min(0).max(10_000)).max(2_000).default([]);

export const suggestionAnswer = z
  .strictObject({ accept: places, refuse: places })
  .refine(({ accept, refuse }) => accept.length + refuse.length > 0, { params: { code: 'Required' } })
  .meta({
    id: 'SuggestionAnswer',
    description: 'The suggestions to accept and to refuse, by their place in the list, from 0. Refused ones are gone.',
  });

const fault = z.object({ pointer: z.string(), code: z.string(), message: z.string() });

const summary = {
  id: z.string(),
  entryId: z.string(),
  basedOn: z.number().int().nullable(),
  name: z.string(),
  provider: departmentRef,
  origin: z.enum(['hand', 'database', 'import', 'entry']),
  status: z.enum(['open', 'filed', 'published', 'dropped']),
  caseId: z.string().nullable(),
  revision: z.number().int(),
  createdBy: personRef,
  createdAt: time,
  updatedAt: time,
  items: z.number().int(),
  gaps: z.number().int().meta({
    description: 'Faults of what it says; what it is mounted on is held against it where the draft itself is read.',
  }),
  suggested: z.number().int().meta({ description: 'Suggestions that nobody has answered.' }),
  actions: z.array(z.object({ action: z.enum(['edit', 'accept', 'drop', 'file']) })),
};

export const draftSummary = z.object(summary).meta({ id: 'EntryDraftSummary' });

export const draftDetail = z
  .object({
    ...summary,
    body: draftContent,
    suggestions: z.array(
      z.object({
        pointer: z.string(),
        value: z.unknown(),
        evidence: z.object({
          code: z.string(),
          params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
          message: z.string(),
        }),
      }),
    ),
    mountCheck: z
      .object({
        kind: z.enum(['table', 'view', 'file', 'service']).nullable(),
        failure: z.object({ code: z.string(), message: z.string() }).nullable(),
      })
      .meta({ description: 'What its items were held against within the last minute, or why they could not be.' }),
    faults: z.array(fault).meta({ description: 'What filing it would be refused for now, all at once.' }),
  })
  .meta({ id: 'EntryDraftDetail' });
