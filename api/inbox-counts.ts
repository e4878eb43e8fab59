import type { Knex } from 'knex';
import { addWorkingDays, dateIn } from '../domain/calendar.ts';
import type { Actor } from '../domain/language.ts';
import { absentFor } from '../store/absences.ts';
import { countDue } from '../store/notices.ts';
import { latestCalendar } from '../store/settings.ts';
import { countTasks } from '../store/tasks.ts';

/** A task is due soon when so many working days are left, or fewer. */
const SOON = 3;

/** The numbers beside an inbox: tasks to answer, in the department, by due date, and unread notices. */
export async function inboxCounts(db: Knex, actor: Actor, at: string) {
  const today = dateIn(at);
  const soon = addWorkingDays(await latestCalendar(db), today, SOON);
  const owner = { actor, standsInFor: await absentFor(db, actor.person, today) };
  const [{ mine, department }, due] = await Promise.all([countTasks(db, owner), countDue(db, owner, { today, soon })]);
  return { mine, department, ...due };
}
