import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import { day, departmentRef, id, paging, time } from '../../schema.ts';
import { grantedTerms } from '../grants/schema.ts';

export const lineQuery = z.object({
  ...paging,
  on: day.meta({ description: 'The day in Asia/Shanghai.' }),
  entryId: id.optional(),
  item: id.optional().meta({ description: 'Only lines that this data item may go under.' }),
  department: id.optional().meta({ description: 'The department that the data could go to.' }),
});

const named = z.object({ id: z.string(), number: z.string() });

export const sharingLine = z
  .object({
    id: z.string().meta({ description: 'As manifests and verdicts name it.' }),
    effect: z.enum(['allow', 'deny']),
    requester: departmentRef,
    provider: departmentRef,
    entry: z.object({ id: z.string(), version: z.number().int() }),
    ...grantedTerms,
    since: time.meta({ description: 'When it came into force.' }),
    until: time.nullable().meta({ description: 'When it went out of force; null while it is in force.' }),
    grant: named,
    case: named,
    decisions: z.array(
      z.object({
        stage: z.string(),
        person: z.string(),
        role: z.enum(ROLES),
        department: departmentRef,
        verdict: z.enum(['approved', 'rejected']),
        at: time,
        through: z.array(z.string()).meta({ description: 'For whom, or through whom, it was answered.' }),
      }),
    ),
  })
  .meta({ id: 'SharingLine' });
