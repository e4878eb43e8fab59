import { z } from 'zod';
import { FORM_PARTS, REJECT_REASONS } from '../../../domain/case.ts';
import { ROLES } from '../../../domain/language.ts';
import { date, departmentRef, id, paging, personRef, text, time } from '../../schema.ts';
import { deliveryReason } from '../deliveries/schema.ts';
import { applicationBody, applicationFields } from '../share-requests/schema.ts';

const CASE_STATUSES = [
  'in-approval',
  'awaiting-supplement',
  'delivering',
  'delivery-failed',
  'completed',
  'refused',
  'withdrawn',
  'undelivered',
] as const;

export const caseQuery = z.object({
  ...paging,
  q: text(1, 100).optional(),
  status: z.enum(CASE_STATUSES).optional(),
  requester: id.optional(),
  provider: id.optional(),
  applicant: id.optional(),
});

export const eventsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(200),
  cursor: z.string().min(1).max(2_000).optional(),
});
export const historyQuery = z.object({ run: z.coerce.number().int().min(1).max(10_000).default(1) });

const seen = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'The digest of the form that the person saw.' });
const reason = z.strictObject({ code: z.enum([...REJECT_REASONS, 'incomplete']), text: text(0, 2_000) });
const missing = z.array(z.strictObject({ part: z.enum(FORM_PARTS), text: text(0, 500) })).max(FORM_PARTS.length);

const approve = { action: z.literal('approve'), seen, opinion: text(1, 2_000).optional() };
const reject = { action: z.literal('reject'), seen, reason };
const askSupplement = { action: z.literal('askSupplement'), missing };

const { items, legalBasis, scenario, purpose, mode, period, warranties } = applicationFields;
const changes = z.strictObject({
  items: items.optional(),
  masks: applicationFields.masks.unwrap().optional(),
  rowScope: z.unknown().optional(),
  legalBasis: legalBasis.optional(),
  scenario: scenario.optional(),
  purpose: purpose.optional(),
  mode: mode.optional(),
  period: period.optional(),
  warranties: warranties.optional(),
  attachments: applicationFields.attachments.unwrap().optional(),
});
const supplement = z.strictObject({
  action: z.literal('supplement'),
  form: changes.optional(),
  note: text(1, 2_000).optional(),
});
export type SupplementBody = z.output<typeof supplement>;

const withdraw = z.strictObject({ action: z.literal('withdraw'), reason: text(0, 2_000).default('') });

/** What is done to a task, at the task's own address. */
export const taskActionBody = z
  .discriminatedUnion('action', [z.strictObject(approve), z.strictObject(reject), z.strictObject(askSupplement)])
  .meta({ id: 'TaskAction' });

/** What is done to a case; a task of it is named by its id. */
export const caseActionBody = z
  .discriminatedUnion('action', [
    z.strictObject({ ...approve, taskId: id }),
    z.strictObject({ ...reject, taskId: id }),
    z.strictObject({ ...askSupplement, taskId: id }),
    supplement,
    withdraw,
  ])
  .meta({ id: 'CaseAction' });

export const offered = z
  .object({ action: z.string(), taskId: z.string().optional() })
  .meta({ id: 'OfferedAction', description: 'What this caller may do now.' });

const seat = z.object({ role: z.enum(ROLES), department: departmentRef });

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
    entry: z.object({ id: z.string(), version: z.number().int() }),
    form: z.object({ id: z.string(), version: z.number().int(), digest: z.string() }),
    grantId: z.string().nullable(),
    dueOn: date.nullable(),
    openedAt: time,
    updatedAt: time,
    endedAt: time.nullable(),
    seq: z.number().int(),
    actions: z.array(offered),
  })
  .meta({ id: 'CaseSummary' });

const attachment = z.object({ id: z.string(), name: z.string(), size: z.number().int(), sha256: z.string() });

export const caseDetail = caseSummary
  .extend({
    application: applicationBody
      .extend({ entryVersion: z.number().int(), attachments: z.array(attachment) })
      .meta({ id: 'ApplicationFiled' }),
    rowScopeText: z.string(),
    stages: z.array(
      z.object({
        id: z.string(),
        standing: z.enum(['ahead', 'open', 'parked', 'decided', 'lapsed']),
        seat,
        activation: z.number().int(),
        taskId: z.string().nullable(),
        openedAt: time.nullable(),
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
        promisedOn: date.nullable(),
        pausedFor: z.array(z.string()),
        stopped: z.boolean(),
        passedAt: time.nullable(),
        calendarVersion: z.number().int(),
      }),
    ),
    supplement: z
      .object({ stage: z.string(), at: time, missing: z.array(z.object({ part: z.string(), text: z.string() })) })
      .nullable(),
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

export const actionDone = z
  .object({
    id: z.string().meta({ description: 'The command.' }),
    status: z.literal('done'),
    outcome: z.object({ streamId: z.string(), seq: z.number().int(), status: z.string() }).loose(),
    case: caseSummary,
  })
  .meta({ id: 'ActionDone' });

export const replayBody = z.strictObject({
  history: z.string().min(2).max(1_500_000).optional().meta({
    description: 'A history as Temporal’s JSON, to be held against the case; absent: the one that is stored.',
  }),
});

const shown = z.string();

export const replayReport = z
  .object({
    caseId: z.string(),
    verdict: z.enum([
      'agrees',
      'history-altered',
      'record-differs',
      'record-altered',
      'projection-differs',
      'not-replayable',
    ]),
    events: z.number().int(),
    decisions: z.array(
      z.object({
        seq: z.number().int(),
        type: z.string(),
        at: time,
        actor: z.string(),
        capacity: z.object({ role: z.enum(ROLES), department: z.string() }),
        stage: z.string().optional(),
        verdict: z.string().optional(),
        reason: z.string().optional(),
      }),
    ),
    difference: z.object({ seq: z.number().int().optional(), field: shown, replayed: shown, found: shown }).optional(),
    digest: z.string(),
  })
  .meta({ id: 'ReplayReport' });
