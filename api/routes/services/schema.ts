import { z } from 'zod';
import { FILTER_KINDS } from '../../../domain/service.ts';
import { departmentRef, id, paging, text, time } from '../../schema.ts';

const serviceId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{2,59}$/)
  .meta({ description: 'What it is called by: `/gateway/{id}`.' });

const item = z.string().min(1).max(63);

const filter = z.strictObject({
  item,
  kinds: z.array(z.enum(FILTER_KINDS)).min(1).max(3),
});

const terms = {
  name: text(1, 100),
  filters: z
    .array(filter)
    .max(100)
    .meta({ description: 'Over a table: by which items callers may filter, where these are granted and not masked.' }),
  parameters: z
    .array(z.string().regex(/^[\w.-]{1,60}$/))
    .max(100)
    .meta({ description: 'Of an HTTP service: which query parameters go through to it.' }),
  pageLimit: z.number().int().min(1).max(10_000).meta({ description: 'Rows in one answer over a table, at most.' }),
  timeoutMs: z.number().int().min(100).max(60_000).meta({ description: 'For what the source does for one call.' }),
  maxBytes: z
    .number()
    .int()
    .min(1_024)
    .max(64 * 1024 * 1024),
  status: z.enum(['open', 'closed']),
};

export const newService = z
  .strictObject({
    id: serviceId,
    entryId: id,
    name: terms.name,
    filters: terms.filters.default([]),
    parameters: terms.parameters.default([]),
    pageLimit: terms.pageLimit.default(1_000),
    timeoutMs: terms.timeoutMs.default(5_000),
    maxBytes: terms.maxBytes.default(8 * 1024 * 1024),
    status: terms.status.default('open'),
  })
  .meta({ id: 'NewService' });

export const serviceChange = z
  .strictObject(terms)
  .partial()
  .meta({ id: 'ServiceChange', description: 'What is not named stays as it is.' });

export const serviceQuery = z.object({ ...paging, provider: id.optional(), entryId: id.optional() });

export const service = z
  .object({
    id: z.string(),
    revision: z.number().int(),
    entryId: z.string(),
    provider: departmentRef,
    ...terms,
    path: z.string(),
    changedBy: z.string(),
    changedAt: time,
    actions: z.array(z.object({ action: z.literal('change') })),
  })
  .meta({ id: 'Service' });
