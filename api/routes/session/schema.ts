import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import { departmentRef, paging, personRef, time } from '../../schema.ts';

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

export const ways = z
  .object({
    password: z.literal(true),
    signOn: z.boolean().meta({ description: 'Whether an OpenID provider is set up: GET /api/session/oidc.' }),
  })
  .meta({ id: 'LoginWays' });

const signOutAt = z
  .url()
  .optional()
  .meta({ description: 'Where the provider that vouched for this session logs out as well, and sends back from.' });

export const loggedOut = z.object({ signOutAt }).meta({ id: 'LoggedOut' });

export const ownSession = z
  .object({
    id: z.uuid(),
    isThis: z.boolean(),
    by: z.enum(['password', 'sign-on']),
    openedAt: time,
    seenAt: time.meta({ description: 'When it was last in use, to the minute.' }),
    expiresAt: time,
    address: z.string().meta({ description: 'The network address that the login came from; empty where unknown.' }),
    agent: z
      .object({ browser: z.string().nullable(), system: z.string().nullable() })
      .meta({ description: 'The browser and what it runs on, by name; null for other programs.' }),
  })
  .meta({ id: 'OwnSession' });

export const sessionsQuery = z.object(paging);

export const endQuery = z.object({
  except: z.literal('this').optional().meta({ description: 'Leaves the session that asks.' }),
});

export const ended = z.object({ ended: z.number().int(), signOutAt }).meta({ id: 'EndedSessions' });
