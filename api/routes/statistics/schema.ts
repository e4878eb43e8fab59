import { z } from 'zod';
import { date, departmentRef, id } from '../../schema.ts';

const span = { from: date.optional(), to: date.optional(), process: id.optional(), department: id.optional() };

export const casesQuery = z.object(span);
export const handlingQuery = z.object({ ...span, stage: id.optional() });

const count = z.number().int();
const days = z
  .number()
  .nullable()
  .meta({ description: 'Working days, two decimals; null where there is nothing to take it from.' });

/** R809 Art.22 and Art.23: the limit by law, and the shorter one that the place promises. */
const within = z.object({ limited: count, onTime: count });

export const handlingList = z.object({
  items: z.array(
    z
      .object({
        department: departmentRef,
        process: z.string(),
        stage: z.string(),
        answers: count,
        handled: count.meta({ description: 'Activations of the stage in which the department answered.' }),
        medianDays: days,
        p90Days: days,
        overdue: count.meta({ description: 'A limit ran out while the department had to answer.' }),
        returned: count,
        byLaw: within,
        byPromise: within,
        open: count,
        openOverdue: count,
      })
      .meta({ id: 'HandlingFigures' }),
  ),
  nextCursor: z.null(),
});

const figures = {
  filed: count,
  running: count,
  completed: count,
  partlyCompleted: count,
  refused: count,
  withdrawn: count,
  undelivered: count,
  terminated: count,
  medianDays: days,
};

export const caseFigures = z
  .object({
    byProcess: z.array(z.object({ process: z.string(), ...figures })),
    byDepartment: z.array(
      z.object({ department: departmentRef, part: z.enum(['requester', 'respondent']), ...figures }),
    ),
  })
  .meta({ id: 'CaseFigures' });
