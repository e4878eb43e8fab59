import { z } from 'zod';
import { departmentRef, id, paging, personRef, text, time } from '../../schema.ts';

/** Bytes of a file of the catalogue. */
export const IMPORT_LIMIT = 32 * 1024 * 1024;

export const importParams = z.object({ id: z.uuid() });

export const importQuery = z.object({
  name: text(1, 200)
    .refine((name) => !/[/\\]/.test(name), { params: { code: 'Malformed' } })
    .meta({ description: 'The name of the file.' }),
  department: id
    .optional()
    .meta({ description: 'For the authority: whose entries they are where the file does not say it of each.' }),
});

export const importListQuery = z.object(paging);

export const exportQuery = z.object({
  format: z.enum(['csv', 'xlsx']).default('xlsx'),
  provider: id.optional().meta({ description: 'Only the entries of this department.' }),
});

export const templateQuery = exportQuery.pick({ format: true });

export const catalogueImport = z
  .object({
    id: z.string(),
    name: z.string(),
    department: departmentRef.meta({ description: 'Of whoever sent the file.' }),
    status: z.enum(['waiting', 'running', 'done', 'failed']).meta({
      description: '`failed`: the file as a whole could not be read, and nothing came in. The report says why.',
    }),
    entries: z.object({
      total: z.number().int().nullable().meta({ description: 'Not known before the file has been read.' }),
      done: z.number().int(),
      accepted: z.number().int().nullable(),
      refused: z.number().int().nullable(),
    }),
    report: z.string().nullable().meta({ description: 'Where the report can be downloaded, once it is there.' }),
    createdBy: personRef,
    createdAt: time,
    endedAt: time.nullable(),
    actions: z.array(z.object({ action: z.string() })),
  })
  .meta({ id: 'CatalogueImport' });
