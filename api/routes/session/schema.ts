import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import { departmentRef, personRef, time } from '../../schema.ts';

/** Not trimmed and not judged: a login is refused in one way only. Longer passwords would cost the server more. */
export const loginBody = z.strictObject({
  account: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
});

export const passwordBody = z
  .strictObject({
    current: z.string().min(1).max(200),
    next: z.string().min(12).max(200).meta({ description: 'At least 12 characters, of whatever kind.' }),
  })
  .meta({ id: 'NewPassword' });

export const me = z
  .object({
    person: personRef,
    department: departmentRef,
    roles: z.array(z.enum(ROLES)),
    expiresAt: time,
    mustChangePassword: z.boolean().meta({
      description: 'The password was given out by an administrator: nothing is answered until another is chosen.',
    }),
    csrfToken: z.string().optional().meta({ description: 'Only for callers with the session cookie.' }),
  })
  .meta({ id: 'Me' });

export const session = me
  .extend({ token: z.string().meta({ description: 'For the header Authorization: Bearer.' }), csrfToken: z.string() })
  .meta({ id: 'Session' });
