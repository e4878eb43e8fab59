import { z } from 'zod';
import { MAIL_MODES, TOPICS } from '../../../domain/notices/words.ts';
import { id, listOf, paging, time } from '../../schema.ts';

export const noticeQuery = z.object({ ...paging, unread: z.enum(['true', 'false']).default('false') });

export const notice = z
  .object({
    id: z.string(),
    kind: z.string(),
    topic: z.string(),
    subject: z.string(),
    text: z.string(),
    case: z.object({ id: z.string(), number: z.string(), title: z.string(), href: z.string() }).nullable(),
    href: z.string().meta({ description: 'What it is about: a case, an entry of the catalogue, a need.' }),
    grantId: z.string().nullable(),
    at: time,
    readAt: time.nullable(),
  })
  .meta({ id: 'Notice' });

export const noticeList = listOf(notice);

const count = z.number().int();

export const counts = z
  .object({
    mine: count.meta({ description: 'Tasks that the caller may answer.' }),
    department: count.meta({ description: 'Open tasks of the caller’s department.' }),
    overdue: count,
    dueToday: count,
    dueSoon: count.meta({ description: 'Due within three working days, those of today not among them.' }),
    unread: count.meta({ description: 'Notices that have not been read.' }),
  })
  .meta({ id: 'Counts' });

export const readAllBody = z.strictObject({
  upTo: id.optional().meta({ description: 'The newest notice that has been seen; absent: all of them.' }),
});
export const readAllDone = z.object({ read: count });

const mode = z.enum(MAIL_MODES);
const modes = Object.fromEntries(TOPICS.map((topic) => [topic, mode])) as Record<(typeof TOPICS)[number], typeof mode>;
const mail = z.object(modes).meta({ description: 'How one is told by e-mail, topic by topic.' });

export const preferences = z.object({ email: z.string().nullable(), mail }).meta({ id: 'NoticePreferences' });

export const preferencesBody = z.strictObject({
  email: z.email().max(254).nullable().optional().meta({ description: 'Null: none any more.' }),
  mail: mail.partial().strict().default({}),
});
