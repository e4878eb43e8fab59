import { z } from 'zod';
import { date } from '../../schema.ts';

const mark = z.object({
  on: date,
  day: z.number().int().meta({ description: 'Which working day of the limit it is.' }),
  standing: z.enum(['ahead', 'today', 'over']),
  days: z.number().int().meta({ description: 'Working days left after today, or over, today among them.' }),
});

/** As `Deadline` of domain/deadline.ts. */
export const deadline = z
  .object({
    clock: z.string(),
    startedOn: date,
    day: z.number().int().meta({ description: 'Which working day of the limit today is; 0 before the first.' }),
    isDayOff: z.boolean(),
    legal: mark,
    promise: mark.nullable(),
    rawDueOn: date,
    extendedBy: z.number().int(),
    pausedFor: z.array(z.string()),
    isProvisional: z.boolean().meta({ description: 'Whether a notice that is still to come may move it.' }),
    calendarVersion: z.number().int(),
  })
  .meta({ id: 'Deadline', description: 'The limit that the case is measured by now, counted in working days.' });
