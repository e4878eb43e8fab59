import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import { id } from '../../schema.ts';

export const caseFiling = z
  .strictObject({
    process: z.string().min(1).max(60),
    about: z
      .union([z.strictObject({ grantId: id }), z.strictObject({ draftId: id }), z.strictObject({ entryId: id })])
      .meta({ description: 'What it concerns: a grant; a draft to be published; a published entry.' }),
    form: z.record(z.string().max(60), z.union([z.string().max(4_000), z.array(z.string().max(200)).max(500)])),
  })
  .meta({ id: 'CaseFiling', description: 'A case of a process that GET /api/processes lists, with its form.' });
export type CaseFiling = z.output<typeof caseFiling>;

const words = z.object({ zh: z.string(), en: z.string() });

export const processShown = z
  .object({
    id: z.string(),
    name: words,
    about: z.enum(['grant', 'case', 'entry']),
    when: z.enum(['running', 'over']).nullable(),
    filedBy: z.array(z.object({ side: z.enum(['requester', 'provider', 'authority']), role: z.enum(ROLES) })),
    fields: z.array(
      z.object({
        id: z.string(),
        label: words,
        kind: z.enum(['text', 'choice', 'items', 'date', 'attachments', 'draft', 'reconciliation']),
        required: z.boolean(),
        requiredFor: z.array(z.string()).nullable(),
        most: z.number().int().nullable(),
        past: z.boolean().meta({ description: 'Of a date: not after the day on which the form is handed in.' }),
        options: z.record(z.string(), words).nullable(),
      }),
    ),
    routeId: z.string(),
  })
  .meta({ id: 'Process' });

export const processList = z.object({ items: z.array(processShown) });
