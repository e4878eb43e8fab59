import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import { id } from '../../schema.ts';

export const caseFiling = z
  .strictObject({
    process: z.string().min(1).max(60),
    about: z.strictObject({ grantId: id }),
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
        kind: z.enum(['text', 'choice', 'items', 'date', 'attachments']),
        required: z.boolean(),
        most: z.number().int().nullable(),
        options: z.record(z.string(), words).nullable(),
      }),
    ),
    routeId: z.string(),
  })
  .meta({ id: 'Process' });

export const processList = z.object({ items: z.array(processShown) });
