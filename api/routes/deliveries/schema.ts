import { z } from 'zod';
import { MASK_RULES } from '../../../domain/catalogue.ts';
import { FINDING_CODES } from '../../../domain/delivery-verification.ts';
import { FILE_DESTINATIONS, FILE_ENCODINGS, FILE_FORMATS } from '../../../domain/file-delivery.ts';
import { departmentRef, id, paging, time } from '../../schema.ts';
import { rowScope } from '../share-requests/schema.ts';

export const deliveryQuery = z.object(paging);
export const isWhole = z
  .literal(true)
  .optional()
  .meta({ description: 'Everything again, also where what changed since the last delivery would do.' });
export const deliveryBody = z.strictObject({ isWhole });

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
    source: place.partial({ schema: true, table: true }).meta({ description: 'A table where there is one.' }),
    target: place.optional().meta({ description: 'Of a delivery into a table.' }),
    file: file.optional().meta({ description: 'Of a delivery as a file.' }),
    service: z
      .object({ id: z.string(), keyId: z.string() })
      .optional()
      .meta({ description: 'Of a service that was opened: nothing is moved, calls are answered.' }),
    mark: z
      .object({ column: z.string(), from: z.string().optional(), to: z.string() })
      .optional()
      .meta({ description: 'Up to when changes of the source are in it.' }),
    changes: z
      .object({
        base: z.string().meta({ description: 'The delivery that the increment goes on from.' }),
        inserted: z.number().int(),
        updated: z.number().int(),
        deleted: z.number().int(),
        total: z.number().int().meta({ description: 'Rows of the target table since.' }),
      })
      .optional()
      .meta({ description: 'Of an increment: what it did to the target table. Absent: the whole set.' }),
    previous: z
      .string()
      .optional()
      .meta({ description: 'The digest of the grant’s manifest before this one; of the grant itself in the first.' }),
    startedAt: time,
    endedAt: time,
  })
  .meta({ id: 'Manifest' });

export const deliveryReason = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  message: z.string(),
});

const DELIVERY_STATUSES = ['waiting', 'running', 'delivered', 'failed'] as const;

export const delivery = z
  .object({
    id: z.string(),
    grantId: z.string(),
    requestedBy: z.string(),
    status: z.enum(DELIVERY_STATUSES),
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

export const deliveryListQuery = z.object({
  ...paging,
  status: z.enum(DELIVERY_STATUSES).optional(),
  requester: id.optional(),
  provider: id.optional(),
});

export const listedDelivery = delivery
  .omit({ manifest: true, manifestDigest: true })
  .extend({
    grantNumber: z.string(),
    requester: departmentRef,
    provider: departmentRef,
    entry: z.object({ id: z.string(), version: z.number().int(), name: z.string(), nameEn: z.string() }),
  })
  .meta({ id: 'ListedDelivery' });

export const verificationBody = z.strictObject({});

const measured = {
  rows: z.number().int().optional().meta({ description: 'Not counted of a file.' }),
  bytes: z.number().int(),
  sha256: z.string(),
};

const content = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.enum(['matches', 'differs']), ...measured }),
  z.object({ verdict: z.literal('superseded'), by: z.string() }),
  z.object({ verdict: z.literal('missing') }),
  z
    .object({ verdict: z.literal('elsewhere') })
    .meta({ description: 'There is nothing to read: a file was taken away, or a service opened.' }),
  z.object({ verdict: z.literal('unread'), code: z.string() }),
]);

const chain = z.discriminatedUnion('verdict', [
  z.object({ verdict: z.enum(['whole', 'not-chained']), length: z.number().int() }),
  z.object({
    verdict: z.literal('broken'),
    at: z.number().int(),
    deliveryId: z.string(),
    why: z.enum(['altered', 'missing', 'before']),
  }),
]);

export const verification = z
  .object({
    deliveryId: z.string(),
    verdict: z.enum(['matches', 'differs', 'superseded', 'unread']),
    found: z
      .array(
        z.object({
          code: z.enum(FINDING_CODES),
          params: z.record(z.string(), z.union([z.string(), z.number()])),
          message: z.string(),
        }),
      )
      .meta({ description: 'What differs, in words; nothing where everything is as it was delivered.' }),
    expected: z.object(measured),
    content,
    listing: z.enum(['same', 'altered', 'absent', 'unread']),
    chain,
  })
  .meta({ id: 'DeliveryVerification' });
