import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import { BOXES } from '../../../store/tasks.ts';
import { date, departmentRef, paging, personRef, time } from '../../schema.ts';
import { caseSummary, offered } from '../cases/schema.ts';

export const taskQuery = z.object({ ...paging, box: z.enum(BOXES).default('mine') });

export const task = z
  .object({
    id: z.string(),
    stage: z.string(),
    activation: z.number().int(),
    seat: z.number().int(),
    holder: personRef
      .nullable()
      .meta({ description: 'The one person whose task it is; null: whoever holds the role.' }),
    department: departmentRef,
    role: z.enum(ROLES),
    status: z.string(),
    verdict: z.string().nullable(),
    decidedBy: personRef.nullable(),
    openedAt: time,
    closedAt: time.nullable(),
    dueOn: date.nullable(),
    form: z.object({ id: z.string(), version: z.number().int(), digest: z.string() }),
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
