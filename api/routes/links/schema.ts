import { z } from 'zod';
import { LINK_KINDS, LINK_STATES } from '../../../domain/links.ts';
import { SCHEDULE_KINDS } from '../../../domain/schedule/schedule.ts';
import { departmentRef, id, listOf, paging, time } from '../../schema.ts';

const filter = {
  kind: z.enum(LINK_KINDS).optional(),
  state: z.enum(LINK_STATES).optional(),
  department: id.optional().meta({ description: 'At either end.' }),
};

export const linkQuery = z.object({ ...paging, ...filter });

const reason = z.object({ code: z.string(), message: z.string() });

export const link = z
  .object({
    id: z.string(),
    kind: z.enum(LINK_KINDS),
    name: z.string(),
    state: z.enum(LINK_STATES),
    provider: departmentRef.nullable(),
    requester: departmentRef.nullable(),
    source: z.object({ id: z.string(), name: z.string(), kind: z.string() }).nullable(),
    target: z
      .object({
        place: z.string().meta({ description: '`database`, where files go, `service`, or `webhook`.' }),
        id: z.string().nullable(),
        name: z.string().nullable(),
      })
      .nullable(),
    grant: z.object({ id: z.string(), number: z.string(), mode: z.string() }).nullable(),
    schedule: z
      .object({ kind: z.enum(SCHEDULE_KINDS), cron: z.string().optional(), cycle: z.string().optional() })
      .nullable()
      .meta({ description: 'Null: nothing runs by itself.' }),
    reason: reason.nullable().meta({ description: 'What is in the way now.' }),
    lastSuccessAt: time.nullable(),
    lastFailure: reason.extend({ at: time.nullable() }).nullable(),
    nextRunAt: time.nullable(),
    dataUpTo: z
      .string()
      .nullable()
      .meta({ description: 'Up to when changes of the source are in what was delivered.' }),
    lag: z.object({
      schedule: z.number().int().nullable().meta({
        description: 'For how long, in seconds, something has been owed that did not come; null: nothing is.',
      }),
      source: z
        .number()
        .int()
        .nullable()
        .meta({ description: 'For how long, in seconds, the source has had an update that did not come along.' }),
    }),
    runs: z
      .object({
        count: z.number().int(),
        failed: z.number().int(),
        errorRate: z.number().nullable(),
        rows: z.number().int(),
        bytes: z.number().int(),
      })
      .nullable()
      .meta({ description: 'Of the last 20 runs.' }),
    messages: z
      .object({ waiting: z.number().int(), dead: z.number().int() })
      .nullable()
      .meta({ description: 'Of what sends messages: those that wait, and those that were given up.' }),
    drifts: z.number().int().nullable().meta({ description: 'Open ones of what is mounted on the source.' }),
    actions: z
      .array(z.object({ action: z.literal('test') }))
      .meta({ description: '`test`: of a source, over `/api/catalogue/sources/{id}/test`.' }),
  })
  .meta({ id: 'Link' });

export const linkWithRuns = link
  .extend({
    recentRuns: z.array(
      z.object({
        id: z.string(),
        status: z.enum(['delivered', 'failed']),
        startedAt: time.nullable(),
        endedAt: time.nullable(),
        rows: z.number().int(),
        bytes: z.number().int(),
        isIncrement: z.boolean(),
        reason: reason.nullable(),
      }),
    ),
  })
  .meta({ id: 'LinkWithRuns' });

export const linkList = listOf(link);
export type LinkAnswer = z.output<typeof link>;
export type LinkWithRunsAnswer = z.output<typeof linkWithRuns>;
