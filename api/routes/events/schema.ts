import { z } from 'zod';

export const eventStreamQuery = z.object({
  follow: z
    .enum(['true', 'false'])
    .default('true')
    .meta({ description: 'false: ends once everything after Last-Event-ID has been told.' }),
});
