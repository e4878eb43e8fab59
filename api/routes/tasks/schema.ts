import { z } from 'zod';
import { REJECT_REASONS } from '../../../domain/case.ts';
import { ROLES } from '../../../domain/language.ts';
import { BOXES, TASK_ORDERS } from '../../../store/tasks.ts';
import { date, day, departmentRef, id, listOf, paging, personRef, problem, text, time } from '../../schema.ts';
import { seen, words } from '../cases/action-schema.ts';
import { caseSummary, formShown, offered } from '../cases/schema.ts';

export const taskQuery = z.object({
  ...paging,
  box: z.enum(BOXES).default('mine'),
  sort: z.enum(TASK_ORDERS).default('newest'),
  q: text(1, 100).optional().meta({ description: 'In the title or the number of the case.' }),
  kind: id.optional().meta({ description: 'The process of the case.' }),
  stage: id.optional().meta({ description: 'The stage as its route has it, whichever provider’s it is.' }),
  requester: id.optional(),
  dueBy: day.optional().meta({ description: 'Due on this date or before.' }),
});

export const draftBody = z.strictObject({ opinion: text(1, 4_000) }).meta({ id: 'NewOpinionDraft' });
export const opinionDraft = z.object({ opinion: z.string(), updatedAt: time }).meta({ id: 'OpinionDraft' });

export const task = z
  .object({
    id: z.string(),
    stage: z.string(),
    activation: z.number().int(),
    seat: z.number().int(),
    holder: personRef
      .nullable()
      .meta({ description: 'The one person whose task it is; null: whoever holds the role.' }),
    onBehalf: personRef.nullable().meta({
      description: 'The absent person through whom the caller has the task; null: it is their own, or none of theirs.',
    }),
    draft: opinionDraft.nullable().meta({ description: 'What the caller has begun to write; nobody else sees it.' }),
    department: departmentRef,
    role: z.enum(ROLES),
    status: z.string(),
    verdict: z.string().nullable(),
    decidedBy: personRef.nullable(),
    openedAt: time,
    closedAt: time.nullable(),
    dueOn: date.nullable(),
    form: formShown,
    case: caseSummary,
    actions: z.array(offered),
  })
  .meta({ id: 'Task' });

const count = z.number().int();

export const taskList = z.object({
  items: z.array(task),
  nextCursor: z.string().nullable(),
  counts: z.object({ mine: count, department: count, done: count, copied: count }),
});

/** What a task could be handed to, and how. */
export const recipients = listOf(
  z
    .object({
      person: personRef,
      department: departmentRef,
      roles: z.array(z.enum(ROLES)),
      actions: z.array(
        z.object({
          action: z.enum(['reassign', 'delegate', 'addSeat']),
          onBehalf: z.string().optional().meta({ description: 'The absent person for whom it may be done.' }),
        }),
      ),
    })
    .meta({ id: 'Recipient' }),
);

const chosen = z
  .array(z.strictObject({ taskId: id, seen, onBehalf: id.optional() }))
  .min(1)
  .max(100)
  .refine((tasks) => new Set(tasks.map(({ taskId }) => taskId)).size === tasks.length, {
    params: { code: 'Duplicate' },
  })
  .meta({ description: 'The tasks, each with the digest of the form that the person saw.' });

/** One decision on many tasks. */
export const batchBody = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('approve'), tasks: chosen, opinion: text(1, 2_000).optional() }),
    z.strictObject({
      action: z.literal('reject'),
      tasks: chosen,
      reason: z.strictObject({ code: z.enum([...REJECT_REASONS, 'incomplete']), text: words }),
    }),
  ])
  .meta({ id: 'TaskBatch' });

export const batchDone = z
  .object({
    id: z.string().meta({ description: 'The command of the whole.' }),
    counts: z.object({ done: count, refused: count, pending: count }),
    items: z.array(
      z.object({
        taskId: z.string(),
        status: z.enum(['done', 'refused', 'pending']),
        command: z.string().meta({ description: 'The command of this task: /api/commands/{id} tells of it.' }),
        case: z
          .object({
            id: z.string(),
            status: z.string(),
            seq: count.meta({ description: 'Up to which event it is known.' }),
          })
          .nullable(),
        problem: problem.omit({ requestId: true }).nullable(),
      }),
    ),
  })
  .meta({ id: 'TaskBatchDone' });
