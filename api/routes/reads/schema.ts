import { z } from 'zod';
import { READ_KINDS } from '../../../store/reads.ts';
import { date, id, paging, personRef, time } from '../../schema.ts';

export const readsQuery = z.object({
  ...paging,
  person: id.optional().meta({ description: 'Who read; an auditor is shown nobody but themselves.' }),
  caseId: id.optional(),
  what: z.enum(READ_KINDS).optional(),
  from: date.optional().meta({ description: 'On this day or later, in Asia/Shanghai.' }),
  to: date.optional(),
});

export const read = z
  .object({
    id: z.string(),
    person: personRef,
    what: z.enum(READ_KINDS),
    targetId: z.string(),
    case: z.object({ id: z.string(), number: z.string(), title: z.string() }).nullable(),
    event: z
      .number()
      .int()
      .nullable()
      .meta({ description: 'The event after which the case was looked at as it stood then.' }),
    address: z.string().meta({ description: 'The network address that it was asked from.' }),
    requestId: z.string(),
    at: time,
  })
  .meta({ id: 'Read' });
