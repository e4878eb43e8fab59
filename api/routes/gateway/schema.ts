import { z } from 'zod';
import { CALL_OUTCOMES } from '../../../domain/gateway.ts';
import { date, id, paging, time } from '../../schema.ts';

export const serviceParams = z.object({ service: z.string().regex(/^[a-z][a-z0-9-]{2,59}$/) });

/** What every service over a table takes; its filters and parameters are its own. */
export const callParams = z.looseObject({
  items: z.string().optional().meta({ description: 'Some of the granted items, separated by commas. Absent: all.' }),
  limit: z.string().optional().meta({ description: 'Rows in one answer. Absent: 100.' }),
  cursor: z.string().optional().meta({ description: 'The `nextCursor` of the answer before, with the same filters.' }),
});

export const servicePage = z
  .object({
    items: z.array(z.record(z.string(), z.unknown())),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'ServicePage', description: 'Granted items of granted rows, masked as granted.' });

export const usageQuery = z.object({
  from: date.meta({ description: 'The first day, in Asia/Shanghai.' }),
  to: date.meta({ description: 'The last day.' }),
  grantId: id.optional(),
  serviceId: id.optional(),
});

const counted = {
  calls: z.number().int(),
  rows: z.number().int(),
  bytes: z.number().int(),
  ms: z.number().meta({ description: 'What a call took on average, in milliseconds.' }),
};

export const usage = z
  .object({
    items: z.array(
      z.object({ day: date, grantId: z.string(), serviceId: z.string(), outcome: z.enum(CALL_OUTCOMES), ...counted }),
    ),
    nextCursor: z.null(),
    total: z.object(counted).meta({ description: 'Of all that is listed.' }),
  })
  .meta({ id: 'GatewayUsage' });

export const callQuery = z.object({ ...paging, outcome: z.enum(CALL_OUTCOMES).optional() });

export const call = z
  .object({
    at: time,
    requestId: z.string(),
    serviceId: z.string(),
    keyId: z.string(),
    outcome: z.enum(CALL_OUTCOMES),
    status: z.number().int(),
    rows: z.number().int(),
    bytes: z.number().int(),
    ms: z.number(),
  })
  .meta({ id: 'GatewayCall' });
