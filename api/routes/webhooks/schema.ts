import { z } from 'zod';
import { departmentRef, listOf, paging, text, time } from '../../schema.ts';

export const webhookParams = z.object({ id: z.uuid() });
export const webhookDeliveryParams = z.object({ id: z.uuid(), deliveryId: z.uuid() });
export const webhookQuery = z.object(paging);

const url = z
  .string()
  .max(2_000)
  .meta({ format: 'uri', description: 'http or https, without user, password or fragment.' });

const types = z
  .array(z.string().regex(/^(\*|(case|grant)\.(\*|[a-z][a-z-]{0,60}))$/))
  .min(1)
  .max(50)
  .meta({ description: '`*`, all of a kind (`case.*`), or single types (`case.ended`).' });

export const webhookBody = z.strictObject({ url, types: types.default(['*']), description: text(0, 200).default('') });

export const webhookChangeBody = z.strictObject({
  url: url.optional(),
  types: types.optional(),
  description: text(0, 200).optional(),
  active: z.boolean().optional(),
});

export const noBody = z.strictObject({});

export const webhook = z
  .object({
    id: z.string(),
    department: departmentRef,
    url: z.string(),
    types: z.array(z.string()),
    description: z.string(),
    active: z.boolean(),
    pending: z.number().int(),
    dead: z.number().int().meta({ description: 'Given up: look at them and send them again.' }),
    oldSecretUntil: time.nullable().meta({ description: 'Until when the secret before signs as well.' }),
    createdAt: time,
    updatedAt: time,
    actions: z.array(z.object({ action: z.enum(['change', 'remove', 'ping', 'rotate', 'resend']) })),
  })
  .meta({ id: 'Webhook' });

export const webhookWithSecret = webhook
  .extend({ secret: z.string().meta({ description: 'Shown here and never again.' }) })
  .meta({ id: 'WebhookWithSecret' });

const attempt = z.object({
  at: time,
  ms: z.number(),
  status: z.number().int().nullable().meta({ description: 'The receiver’s; null when it gave no answer.' }),
  error: z.string().nullable(),
});

export const webhookDelivery = z
  .object({
    id: z.string().meta({ description: 'What the header webhook-id says.' }),
    type: z.string(),
    status: z.enum(['pending', 'delivered', 'dead']),
    attempts: z.number().int(),
    nextAttemptAt: time.nullable(),
    log: z.array(attempt),
    createdAt: time,
    endedAt: time.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });

export const webhookDeliveryQuery = z.object({
  ...paging,
  status: z.enum(['pending', 'delivered', 'dead']).optional(),
});

export const webhookList = listOf(webhook);
export const webhookDeliveryList = listOf(webhookDelivery);
export const resent = z.object({ resent: z.number().int() });
