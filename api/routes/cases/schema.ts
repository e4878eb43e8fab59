import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import { date, departmentRef, id, paging, personRef, text, time } from '../../schema.ts';
import { deliveryReason } from '../deliveries/schema.ts';
import { applicationBody } from '../share-requests/schema.ts';
import { deadline } from './deadline-schema.ts';

export const CASE_STATUSES = [
  'in-approval',
  'awaiting-supplement',
  'returned',
  'suspended',
  'closing',
  'delivering',
  'delivery-failed',
  'completed',
  'partly-completed',
  'refused',
  'withdrawn',
  'terminated',
  'undelivered',
] as const;

export const caseQuery = z.object({
  ...paging,
  q: text(1, 100).optional(),
  status: z.enum(CASE_STATUSES).optional(),
  requester: id.optional(),
  provider: id.optional(),
  applicant: id.optional(),
  kind: id.optional(),
  grant: id.optional(),
  follows: id.optional(),
  department: id.optional().meta({ description: 'Any department that takes part.' }),
  decider: id.optional().meta({ description: 'Whoever answered in it.' }),
  decision: z.enum(['approved', 'rejected']).optional(),
  person: text(1, 100).optional().meta({ description: 'Part of the name of whoever filed or answered, or their id.' }),
  entry: id.optional(),
  item: id.optional().meta({ description: 'A data item that the form asks for.' }),
  from: date.optional().meta({ description: 'Filed on this day or later, in Asia/Shanghai.' }),
  to: date.optional(),
});

export const eventsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(200),
  cursor: z.string().min(1).max(2_000).optional(),
});
export const stateParams = z.object({ id, seq: z.coerce.number().int().min(1).max(1_000_000) });
export const historyQuery = z.object({ run: z.coerce.number().int().min(1).max(10_000).default(1) });

export const offered = z
  .object({
    action: z.string(),
    taskId: z.string().optional(),
    to: z.array(z.string()).optional().meta({ description: 'Of a return: the stages that it may go to.' }),
    clock: z.string().optional(),
    stage: z.string().optional(),
    onBehalf: z.string().optional().meta({ description: 'Of what may be done for an absent person: who that is.' }),
  })
  .meta({ id: 'OfferedAction', description: 'What this caller may do now.' });

const seat = z.object({ role: z.enum(ROLES), department: departmentRef });

const seatShown = z.object({
  seat: z.number().int(),
  taskId: z.string(),
  role: z.enum(ROLES),
  department: departmentRef,
  holder: personRef.nullable(),
  standing: z.enum(['open', 'answered', 'superseded', 'removed']),
  added: z.object({ by: personRef, place: z.string(), anchor: z.number().int() }).nullable(),
  delegators: z.array(personRef),
  answer: z
    .object({ verdict: z.string(), at: time, by: personRef, through: z.array(personRef), form: z.string() })
    .nullable(),
});

export const formShown = z.object({
  id: z.string(),
  version: z.number().int(),
  digest: z.string(),
  seen: z.string().meta({
    description: 'What a decision names as `seen`: the digest, or another one once items were refused on the way.',
  }),
});

export const caseSummary = z
  .object({
    id: z.string(),
    number: z.string(),
    kind: z.string(),
    title: z.string(),
    status: z.enum(CASE_STATUSES),
    stage: z.string().nullable(),
    requester: departmentRef,
    provider: departmentRef,
    applicant: personRef,
    entry: z.object({ id: z.string(), version: z.number().int().nullable() }).nullable().meta({
      description: 'The entry that a share request asks for, or that a publication is about: then no version.',
    }),
    about: z.object({
      grantId: z.string().nullable(),
      caseId: z.string().nullable(),
      follows: z.enum(['change', 'renewal']).nullable(),
    }),
    form: formShown,
    grantId: z.string().nullable(),
    dueOn: date.nullable(),
    items: z.number().int().nullable().meta({ description: 'How many items a share request asks for.' }),
    deadline: deadline.nullable(),
    waitingFor: z
      .array(seat.extend({ stage: z.string(), holder: personRef.nullable(), since: time }))
      .meta({ description: 'Whose answers the case waits for; empty: the applicant, the platform, or nobody.' }),
    openedAt: time,
    updatedAt: time,
    endedAt: time.nullable(),
    seq: z.number().int(),
    actions: z.array(offered),
  })
  .meta({ id: 'CaseSummary' });

const supplementShown = z.object({
  stage: z.string(),
  at: time,
  missing: z.array(z.object({ part: z.string(), text: z.string() })),
});
const attachment = z.object({ id: z.string(), name: z.string(), size: z.number().int(), sha256: z.string() });

export const caseDetail = caseSummary
  .extend({
    application: applicationBody
      .extend({ entryVersion: z.number().int(), attachments: z.array(attachment) })
      .meta({ id: 'ApplicationFiled' })
      .nullable(),
    rowScopeText: z.string().nullable(),
    content: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'The form of a case other than a share request, by field.' }),
    stages: z.array(
      z.object({
        id: z.string(),
        standing: z.enum(['ahead', 'open', 'parked', 'decided', 'lapsed']),
        seat,
        verdict: z.string().nullable(),
        seats: z
          .array(seatShown)
          .meta({ description: 'Every seat of the stage: who holds it, and what they answered.' }),
        activation: z.number().int(),
        taskId: z.string().nullable(),
        openedAt: time.nullable(),
        basis: z.array(z.string()).meta({ description: 'The parts of the form that a signature here rests on.' }),
        items: z
          .array(z.object({ entryId: z.string(), items: z.array(z.string()), scopedBy: z.array(z.string()) }))
          .meta({
            description:
              'Of an open stage: the items that an approval may leave out, but for those that the row scope chooses rows by (`scopedBy`). Empty: it answers as a whole.',
          }),
        answer: z.object({ verdict: z.string(), at: time, by: personRef, form: z.string() }).nullable(),
      }),
    ),
    clocks: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        legal: z.number().int(),
        promise: z.number().int().nullable(),
        startedOn: date,
        rawDueOn: date,
        dueOn: date,
        extendedBy: z.number().int(),
        extension: z.object({ days: z.number().int(), standing: z.string() }).nullable(),
        promisedOn: date.nullable(),
        pausedFor: z.array(z.string()),
        stopped: z.boolean(),
        passedAt: time.nullable(),
        calendarVersion: z.number().int(),
      }),
    ),
    refused: z
      .array(
        z.object({
          entryId: z.string(),
          itemId: z.string(),
          reason: z.string(),
          stage: z.string(),
          department: departmentRef,
          role: z.enum(ROLES),
          by: personRef,
          at: time,
        }),
      )
      .meta({ description: 'Items that a standing approval leaves out: the grant covers what all of them agree to.' }),
    supplement: supplementShown.nullable().meta({ description: 'The first of the open requests for materials.' }),
    supplements: z.array(supplementShown),
    returned: z.object({ stage: z.string(), at: time, reason: z.string() }).nullable(),
    suspended: z.object({ at: time, reviewOn: date, isReviewDue: z.boolean() }).nullable(),
    round: z.number().int(),
    refileUntil: date.nullable(),
    grants: z.array(
      z.object({
        id: z.string(),
        subject: z.string().nullable(),
        outcome: z.string().nullable(),
        over: z.string().nullable(),
      }),
    ),
    route: z.object({ id: z.string(), version: z.number().int() }),
    delivery: z.object({ deliveryId: z.string(), outcome: z.string() }).loose().nullable(),
    hindrance: z
      .object({ deliveryId: z.string(), status: z.string(), attempt: z.number().int(), reason: deliveryReason })
      .nullable()
      .meta({ description: 'What stands in the way of the delivery that the case waits for.' }),
  })
  .meta({ id: 'Case' });

export const recordedEvent = z
  .object({
    seq: z.number().int(),
    commandId: z.string(),
    event: z.object({ type: z.string() }).loose(),
    digest: z.string(),
    recordedAt: time,
  })
  .meta({ id: 'RecordedEvent' });

/** A case as it stood after one of its events. */
export const caseState = z
  .object({
    seq: z.number().int(),
    of: z.number().int().meta({ description: 'How many events the case has by now.' }),
    event: recordedEvent,
    case: caseDetail,
  })
  .meta({ id: 'CaseState' });

export const actionDone = z
  .object({
    id: z.string().meta({ description: 'The command.' }),
    status: z.literal('done'),
    outcome: z.object({ streamId: z.string(), seq: z.number().int(), status: z.string() }).loose(),
    case: caseSummary,
  })
  .meta({ id: 'ActionDone' });
