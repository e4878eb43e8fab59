import { z } from 'zod';
import { problem, time } from '../../schema.ts';

export const command = z
  .object({
    id: z.string(),
    status: z.enum(['pending', 'done', 'refused']),
    target: z.object({ kind: z.string(), id: z.string(), href: z.string() }),
    action: z.string(),
    outcome: z.looseObject({}).nullable(),
    problem: problem.optional().meta({ description: 'Why it was refused.' }),
    receivedAt: time,
    settledAt: time.nullable(),
    actions: z.array(z.never()),
  })
  .meta({ id: 'Command' });
