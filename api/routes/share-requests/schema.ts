import { z } from 'zod';
import { MASK_RULES } from '../../../domain/catalogue.ts';
import { FILE_DESTINATIONS, FILE_ENCODINGS, FILE_FORMATS } from '../../../domain/file-delivery.ts';
import { SHARE_MODES } from '../../../domain/language.ts';
import { USUAL_RATE } from '../../../domain/rate.ts';
import { SCOPE_LIMITS, SCOPE_OPERATORS } from '../../../domain/row-scope.ts';
import { date, id, text } from '../../schema.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** What a row scope looks like. Its rules need the entry's items, so that all of them are checked together there. */
export const rowScope = z
  .object({
    all: z
      .array(
        z.object({
          item: z.string(),
          operator: z.enum(SCOPE_OPERATORS),
          value: z.union([scalar, z.array(scalar)]).optional(),
        }),
      )
      .max(SCOPE_LIMITS.conditions),
  })
  .meta({ id: 'RowScope', description: 'Which rows: all conditions together. No conditions: every row.' });

/** When data is to come by itself. */
export const scheduleAsk = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('cron'), cron: text(1, 200) }),
    z.strictObject({ kind: z.literal('after-update') }),
    z.strictObject({ kind: z.literal('on-call') }),
  ])
  .meta({
    id: 'Schedule',
    description:
      'What makes deliveries beside those that are asked for: a cron expression of five fields in Asia/Shanghai, the update cycle of the entry, or nothing.',
    examples: [{ kind: 'cron', cron: '30 2 * * mon-fri' }, { kind: 'after-update' }],
  });

const itemId = z.string().min(1).max(63);

/** What the file is written as and where it goes, where the mode is `file`. */
export const fileAsk = z
  .strictObject({
    format: z.enum(FILE_FORMATS).optional().meta({ description: 'Absent: csv.' }),
    encoding: z.enum(FILE_ENCODINGS).optional().meta({ description: 'Of CSV alone. Absent: utf-8.' }),
    bom: z.boolean().optional().meta({ description: 'Of CSV in UTF-8 alone. Absent: with a byte-order mark.' }),
    to: z.enum(FILE_DESTINATIONS).optional().meta({ description: 'Absent: download.' }),
  })
  .meta({ id: 'FileAsk' });

const calls = z.number().int().min(1).max(1_000_000_000).optional();

/** How often a service may be called, where the mode is `service`. */
export const rateAsk = z.strictObject({ perSecond: calls, perMinute: calls, perDay: calls }).meta({
  id: 'RateAsk',
  description: `How often the service may be called; where nothing is said ${USUAL_RATE.perSecond} a second, ${USUAL_RATE.perMinute} a minute, ${USUAL_RATE.perDay} a day.`,
});

/** The parts that an applicant may still change when a notice of missing materials lists them. */
export const applicationFields = {
  items: z.array(itemId).max(500),
  masks: z.record(itemId, z.enum(MASK_RULES)).default({}),
  rowScope: z.unknown().default({ all: [] }),
  reasons: z.record(itemId, text(0, 500)).optional().meta({
    description: 'Why an item is needed, by its id: for each that goes beyond what was last given of the entry.',
  }),
  legalBasis: text(2, 2_000),
  scenario: text(2, 2_000),
  purpose: text(1, 200),
  mode: z.enum(SHARE_MODES),
  file: fileAsk.optional(),
  rate: rateAsk.optional(),
  period: z.strictObject({ from: date, to: date }),
  schedule: scheduleAsk.optional(),
  warranties: z.strictObject({ true: z.boolean(), lawful: z.boolean(), necessary: z.boolean() }),
  attachments: z.array(z.uuid()).max(20).default([]),
};

export const applicationSchema = z.strictObject({
  entryId: id,
  entryVersion: z.number().int().min(1).max(1_000_000).optional(),
  ...applicationFields,
  /** Further resources of the same request, each decided by its own provider. */
  further: z
    .array(
      z.strictObject({
        entryId: id,
        items: applicationFields.items,
        masks: applicationFields.masks,
        rowScope: applicationFields.rowScope,
        reasons: applicationFields.reasons,
      }),
    )
    .max(20)
    .default([]),
  /** The case that this one goes on from (R809 Art.25): its renewal, or another scope, purpose or use. */
  follows: z.strictObject({ caseId: id, as: z.enum(['change', 'renewal']) }).optional(),
});

export const filingQuery = z.object({
  draft: z.uuid().optional().meta({ description: 'The draft that it was written in, which ends with it.' }),
});

/** As documented: the same, with the row scope's own shape. */
export const applicationBody = applicationSchema
  .extend({
    rowScope: rowScope.optional(),
    further: z
      .array(
        z.object({
          entryId: z.string(),
          entryVersion: z.number().int().optional(),
          items: z.array(z.string()),
          masks: z.record(z.string(), z.string()),
          rowScope: rowScope.optional(),
          reasons: z.record(z.string(), z.string()).optional(),
        }),
      )
      .default([]),
  })
  .meta({ id: 'Application' });
