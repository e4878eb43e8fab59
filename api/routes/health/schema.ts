import { z } from 'zod';

export const live = z.object({ status: z.literal('live') });
export const ready = z.object({
  status: z.enum(['ready', 'not-ready']),
  database: z.boolean(),
  temporal: z.boolean(),
});
