import { z } from 'zod';

export const eventStreamQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional()
    .meta({
      description:
        'What Last-Event-ID says, for a reader that opens a new stream and cannot set headers; that goes first.',
    }),
  follow: z
    .enum(['true', 'false'])
    .default('true')
    .meta({ description: 'false: ends once everything after Last-Event-ID has been told.' }),
});
