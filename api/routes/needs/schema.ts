import { z } from 'zod';
import { NEED_ACTIONS, NEED_STATUSES } from '../../../domain/needs.ts';
import { NEED_ORDERS } from '../../../store/needs.ts';
import { date, departmentRef, id, listOf, paging, personRef, text, time } from '../../schema.ts';
import { entrySummary } from '../catalogue/schema.ts';

export const needParams = z.object({ id: z.uuid() });

export const needQuery = z.object({
  ...paging,
  status: z.enum(NEED_STATUSES).optional(),
  department: id.optional(),
  sort: z
    .enum(NEED_ORDERS)
    .default('age')
    .meta({ description: 'The oldest first, or first those that most departments have.' }),
});

export const newNeed = z
  .strictObject({
    title: text(2, 100),
    description: text(1, 2_000),
    items: z.array(text(1, 60)).min(1).max(50).meta({ description: 'Names of the data items that are wanted.' }),
    purpose: text(1, 500),
    legalBasis: text(1, 500),
    theme: text(1, 40).optional(),
    wantedBy: date.optional().meta({ description: 'The day by which it is wanted.' }),
  })
  .meta({ id: 'NewNeed' });

const reason = text(1, 500);

export const needAction = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('match'), entryId: id, reason: reason.optional() }),
    z.strictObject({ action: z.literal('assign'), department: id, reason: reason.optional() }),
    z.strictObject({ action: z.literal('confirm') }),
    z.strictObject({ action: z.literal('withdraw'), reason }),
  ])
  .meta({ id: 'NeedAction' });

export const need = z
  .object({
    id: z.string(),
    number: z.string(),
    title: z.string(),
    description: z.string(),
    items: z.array(z.string()),
    purpose: z.string(),
    legalBasis: z.string(),
    theme: z.string().nullable(),
    wantedBy: z.string().nullable(),
    department: departmentRef,
    status: z.enum(NEED_STATUSES),
    lacking: z
      .number()
      .int()
      .meta({ description: 'How many departments have the same need open, this one among them.' }),
    entry: z.object({ id: z.string(), href: z.string() }).nullable(),
    source: departmentRef.nullable(),
    createdBy: personRef,
    createdAt: time,
    updatedAt: time,
    actions: z.array(z.object({ action: z.enum(NEED_ACTIONS) })),
  })
  .meta({ id: 'Need' });

export const needList = listOf(need);

export const needDetail = need
  .extend({
    history: z.array(
      z.object({
        action: z.enum(NEED_ACTIONS),
        by: personRef,
        at: time,
        entryId: z.string().optional(),
        source: z.string().optional(),
        reason: z.string().optional(),
      }),
    ),
    suggestions: z.array(z.object({ entry: entrySummary, items: z.array(z.string()) })).meta({
      description: 'Entries that may meet it, the most likely first, with those of its items that they have.',
    }),
  })
  .meta({ id: 'NeedDetail' });
