import { z } from 'zod';
import { ACCOUNT_ACTIONS } from '../../../domain/accounts.ts';
import { ROLES } from '../../../domain/language.ts';
import { departmentRef, id, paging, personRef, text, time } from '../../schema.ts';

const role = z.enum(ROLES);

export const peopleQuery = z.object({
  ...paging,
  q: text(1, 60).optional().meta({ description: 'Part of a name or an account.' }),
  department: id.optional(),
  role: role.optional(),
  active: z.enum(['true', 'false']).optional(),
});

const roles = z
  .array(role)
  .max(ROLES.length)
  .refine((given) => new Set(given).size === given.length, { params: { code: 'Duplicate' } });

export const newPerson = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9.-]{1,58}[a-z0-9]$/)
      .meta({ description: 'The account to log in with: small letters, digits, `.` and `-`.' }),
    name: text(1, 60),
    department: id,
    roles,
  })
  .meta({ id: 'NewPerson' });

export const personChange = z
  .strictObject({ name: text(1, 60).optional(), department: id.optional(), roles: roles.optional() })
  .meta({ id: 'PersonChange' });

export const personActionBody = z.strictObject({ action: z.enum(ACCOUNT_ACTIONS) }).meta({ id: 'PersonAction' });

export const directoryChange = z
  .object({
    action: z.string(),
    before: z.record(z.string(), z.unknown()).meta({ description: 'Of the fields that were changed.' }),
    after: z.record(z.string(), z.unknown()),
    by: personRef,
    at: time,
  })
  .meta({ id: 'DirectoryChange' });

export const person = z
  .object({
    id: z.string(),
    name: z.string(),
    department: departmentRef,
    roles: z.array(role),
    active: z.boolean(),
    mustChangePassword: z.boolean(),
    lockedUntil: time.nullable(),
    lastLoginAt: time.nullable(),
    revision: z.number().int(),
    actions: z.array(z.object({ action: z.enum(['change', ...ACCOUNT_ACTIONS]) })),
  })
  .meta({ id: 'Person' });

export const personDetail = person
  .extend({
    openTasks: z
      .array(
        z.object({
          id: z.string(),
          caseId: z.string(),
          number: z.string(),
          role,
          isTheirs: z.boolean().meta({ description: 'Handed to this person alone.' }),
          others: z.number().int().meta({ description: 'Who else holds the role in the department.' }),
        }),
      )
      .meta({ description: 'What this person could answer now, at most fifty.' }),
    changes: z.array(directoryChange).meta({ description: 'Who changed what of the account, the latest first.' }),
  })
  .meta({ id: 'PersonDetail' });

export const personWithPassword = personDetail
  .extend({
    oneTimePassword: z.string().nullable().meta({
      description: 'Shown in this answer only, and good for one login; null where none was made, or on repetition.',
    }),
  })
  .meta({ id: 'PersonWithPassword' });

export const listedChange = directoryChange
  .extend({ kind: z.enum(['person', 'department', 'setting']), id: z.string(), name: z.string() })
  .meta({ id: 'ListedChange' });

export const changesQuery = z.object(paging);
