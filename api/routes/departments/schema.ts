import { z } from 'zod';
import { text, time } from '../../schema.ts';

export const department = z
  .object({ id: z.string(), name: z.string(), nameEn: z.string(), creditCode: z.string() })
  .meta({ id: 'Department' });

/** What administrators see beside it. */
export const keptDepartment = department
  .extend({
    revision: z.number().int(),
    endedAt: time.nullable().meta({ description: 'Since when nobody can be added to it.' }),
    people: z.number().int().meta({ description: 'Accounts that are active.' }),
    actions: z.array(z.object({ action: z.literal('change') })),
  })
  .meta({ id: 'KeptDepartment' });

const fields = {
  name: text(2, 60),
  nameEn: text(2, 100),
  creditCode: z
    .string()
    .regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/)
    .meta({ description: '统一社会信用代码 (GB 32100): 18 digits and letters.' }),
};

export const newDepartment = z
  .strictObject({ id: z.string().regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/), ...fields })
  .meta({ id: 'NewDepartment' });

export const departmentChange = z
  .strictObject({
    name: fields.name.optional(),
    nameEn: fields.nameEn.optional(),
    creditCode: fields.creditCode.optional(),
    ended: z.boolean().optional(),
  })
  .meta({ id: 'DepartmentChange' });
