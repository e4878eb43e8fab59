import { z } from 'zod';
import { id, personRef, text, time } from '../../schema.ts';

export const compilationParams = z.object({ id: z.uuid() });

export const newCompilation = z
  .strictObject({
    sourceId: id.meta({ description: 'A data source of the own department.' }),
    schema: text(1, 63).optional().meta({ description: 'Only this schema; absent: every one but what was delivered.' }),
    tables: z
      .array(text(1, 63))
      .min(1)
      .max(500)
      .optional()
      .meta({ description: 'Only these tables and views; absent: all.' }),
  })
  .meta({ id: 'NewCompilation' });

export const compilation = z
  .object({
    id: z.string(),
    sourceId: z.string(),
    made: z.array(
      z.object({
        draftId: z.string(),
        entryId: z.string(),
        schema: z.string(),
        table: z.string(),
        name: z.string(),
        items: z.number().int(),
        suggestions: z.number().int(),
        sampled: z.number().int().meta({ description: 'Rows that were looked at.' }),
        rows: z.object({ count: z.number(), exact: z.boolean() }).optional(),
      }),
    ),
    skipped: z.array(
      z.object({ schema: z.string().optional(), table: z.string(), code: z.string(), message: z.string() }),
    ),
    createdBy: personRef,
    createdAt: time,
    actions: z.array(z.object({ action: z.string() })),
  })
  .meta({ id: 'Compilation' });
