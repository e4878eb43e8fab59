import { z } from 'zod';

export const department = z
  .object({ id: z.string(), name: z.string(), nameEn: z.string(), creditCode: z.string() })
  .meta({ id: 'Department' });
