import { z } from 'zod';
import { FILE_PARTS } from '../../../domain/file-delivery.ts';
import { paging, time } from '../../schema.ts';

const part = z.enum(FILE_PARTS).default('data').meta({ description: 'The data, or what lies beside it.' });

export const fileQuery = z.object({ part });
export const downloadQuery = z.object(paging);

/** A day at the most: a link lets in whoever has it. */
export const linkBody = z.strictObject({
  part,
  minutes: z.number().int().min(1).max(1_440).default(60).meta({ description: 'How long the link is good for.' }),
});

export const link = z
  .object({
    id: z.string(),
    part: z.enum(FILE_PARTS),
    href: z.string().meta({ description: 'Under the platform’s public address where it has one, else a path.' }),
    expiresAt: time,
  })
  .meta({ id: 'DeliveryLink' });

export const linkQuery = z.object({
  link: z.uuid(),
  expires: z.coerce.number().int().min(0).max(99_999_999_999),
  signature: z.string().min(1).max(100),
});

export const download = z
  .object({
    id: z.string(),
    part: z.enum(FILE_PARTS),
    person: z.string().nullable().meta({ description: 'Null where it was fetched by a link.' }),
    link: z.object({ id: z.string(), madeBy: z.string() }).nullable(),
    address: z.string(),
    at: time,
  })
  .meta({ id: 'Download' });
