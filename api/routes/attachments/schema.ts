import { z } from 'zod';
import { text, time } from '../../schema.ts';

/** Enough for a scanned letter; a body is held in memory once while it is stored. */
export const ATTACHMENT_LIMIT = 10_485_760;

export const uploadQuery = z.object({
  name: text(1, 200).refine((name) => !/[/\\]/.test(name), { params: { code: 'Malformed' } }),
  mediaType: z
    .string()
    .regex(/^[\w.+-]{1,60}\/[\w.+-]{1,60}$/)
    .default('application/octet-stream'),
});

export const attachmentParams = z.object({ id: z.uuid() });

export const attachment = z
  .object({
    id: z.string(),
    name: z.string(),
    mediaType: z.string(),
    size: z.number().int(),
    sha256: z.string(),
    uploadedBy: z.string(),
    uploadedAt: time,
    href: z.string(),
  })
  .meta({ id: 'Attachment' });
