import { z } from 'zod';
import { PARTIES, WATCH_IDS } from '../../../domain/alerts/rules.ts';
import { ROLES } from '../../../domain/language.ts';
import { departmentRef, id, listOf, paging, personRef, text, time } from '../../schema.ts';

const DAY_S = 86_400;

export const alertQuery = z.object({
  ...paging,
  status: z.enum(['open', 'closed']).optional(),
  rule: id.optional(),
  subject: id.optional().meta({ description: 'The id of a link.' }),
});
export const alertParams = z.object({ id: z.uuid() });
export const ruleParams = z.object({ id: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/) });
export const acknowledgement = z.strictObject({ note: text(1, 500).optional() }).meta({ id: 'NewAcknowledgement' });

export const alert = z
  .object({
    id: z.string(),
    rule: z.string(),
    watches: z.string(),
    subject: z.string().meta({ description: 'The link that it is about, or `department~…`.' }),
    message: z.string(),
    status: z.enum(['open', 'closed']),
    provider: departmentRef.nullable(),
    requester: departmentRef.nullable(),
    threshold: z.number(),
    value: z.number().meta({ description: 'At the last look.' }),
    worst: z.number(),
    since: time.meta({ description: 'When the threshold was crossed.' }),
    openedAt: time.meta({ description: 'When people were told.' }),
    closedAt: time.nullable(),
    acknowledged: z.object({ by: personRef, at: time, note: z.string().nullable() }).nullable(),
    actions: z.array(z.object({ action: z.literal('acknowledge') })),
  })
  .meta({ id: 'Alert' });

export const alertList = listOf(alert);

const seconds = z
  .number()
  .int()
  .min(0)
  .max(7 * DAY_S);

export const ruleBody = z
  .strictObject({
    watches: z.enum(WATCH_IDS),
    threshold: z.number().positive().max(1e9),
    forSeconds: seconds,
    calmSeconds: seconds,
    tells: z
      .array(z.strictObject({ party: z.enum(PARTIES), role: z.enum(ROLES) }))
      .min(1)
      .max(12),
    enabled: z.boolean(),
  })
  .meta({ id: 'NewAlertRule' });

export const rule = ruleBody
  .extend({
    id: z.string(),
    unit: z.string().meta({ description: 'Of the threshold.' }),
    revision: z.number().int().meta({ description: '0: as it ships.' }),
    isShipped: z.boolean(),
    changed: z.object({ by: personRef, at: time }).nullable(),
    actions: z.array(z.object({ action: z.enum(['change', 'reset', 'remove']) })),
  })
  .meta({ id: 'AlertRule' });

export const ruleList = listOf(rule);

export const rulePreview = listOf(
  z.object({
    subject: z.string(),
    message: z.string(),
    value: z.number(),
    provider: departmentRef.nullable(),
    requester: departmentRef.nullable(),
  }),
);
