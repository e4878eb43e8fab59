import { z } from 'zod';
import { ROLES } from '../../../domain/language.ts';
import { date, departmentRef, id, paging, personRef, time } from '../../schema.ts';

export const absenceParams = z.object({ id: z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/) });

export const absenceQuery = z.object({
  ...paging,
  current: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'Only those in force today or still to come, and not ended.' }),
});

export const newAbsence = z
  .strictObject({
    person: id.optional().meta({ description: 'Who is away: oneself where absent; an administrator names anybody.' }),
    standIn: id.meta({ description: 'Who stands in, of the same department.' }),
    from: date.meta({ description: 'The first day, today or later, in Asia/Shanghai.' }),
    until: date.meta({ description: 'The last day.' }),
  })
  .meta({ id: 'NewAbsence' });

export const standInQuery = z.object({
  person: id.optional().meta({ description: 'For whom: oneself where absent; an administrator names anybody.' }),
});

export const standIn = personRef
  .extend({ roles: z.array(z.enum(ROLES)) })
  .meta({ id: 'StandIn', description: 'Somebody of the same department who could stand in.' });

export const absence = z
  .object({
    id: z.string(),
    person: personRef,
    standIn: personRef,
    department: departmentRef,
    from: date,
    until: date,
    standing: z.enum(['to-come', 'in-force', 'over', 'ended']),
    createdBy: personRef,
    createdAt: time,
    endedAt: time.nullable(),
    actions: z.array(z.object({ action: z.string() })),
  })
  .meta({ id: 'Absence' });
