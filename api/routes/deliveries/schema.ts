import { z } from 'zod';
import { MASK_RULES } from '../../../domain/catalogue.ts';
import { FILE_DESTINATIONS, FILE_ENCODINGS, FILE_FORMATS } from '../../../domain/file-delivery.ts';
import { paging, time } from '../../schema.ts';
import { rowScope } from '../share-requests/schema.ts';

export const deliveryQuery = z.object(paging);
export const deliveryBody = z.strictObject({});

const place = z.object({ sourceId: z.string(), schema: z.string(), table: z.string() });

const file = z.object({
  name: z.string(),
  format: z.enum(FILE_FORMATS),
  encoding: z.enum(FILE_ENCODINGS).optional(),
  bom: z.boolean().optional(),
  to: z.enum(FILE_DESTINATIONS),
  bytes: z.number().int().meta({ description: 'Of the file; the manifest’s own are of the canonical form.' }),
  sha256: z.string(),
  place: z.string(),
});

const manifest = z
  .object({
    deliveryId: z.string(),
    grantId: z.string(),
    caseId: z.string(),
    entryId: z.string(),
    entryVersion: z.number().int(),
    items: z.array(z.string()),
    rowScope,
    masks: z.record(z.string(), z.enum(MASK_RULES)),
    rows: z.number().int(),
    bytes: z.number().int(),
    sha256: z.string(),
    policyVersion: z.string(),
    policyLine: z.string(),
    source: place,
    target: place.optional().meta({ description: 'Of a delivery into a table.' }),
    file: file.optional().meta({ description: 'Of a delivery as a file.' }),
    startedAt: time,
    endedAt: time,
  })
  .meta({ id: 'Manifest' });

export const deliveryReason = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  message: z.string(),
});

export const delivery = z
  .object({
    id: z.string(),
    grantId: z.string(),
    requestedBy: z.string(),
    status: z.enum(['waiting', 'running', 'delivered', 'failed']),
    attempt: z.number().int(),
    progress: z.object({ rowsDone: z.number().int(), rowsTotal: z.number().int().nullable() }),
    reason: deliveryReason.nullable(),
    manifest: manifest.nullable(),
    manifestDigest: z.string().nullable(),
    createdAt: time,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    actions: z.array(z.object({ action: z.literal('deliver') })).meta({ description: 'Running the delivery again.' }),
  })
  .meta({ id: 'Delivery' });
