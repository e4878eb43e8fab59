import { z } from 'zod';
import { endpoint, type Endpoint } from '../../../api/endpoint.ts';
import { Problem } from '../../../api/problem.ts';
import type { RouteDeps } from '../../../api/routes/deps.ts';
import { date } from '../../../api/schema.ts';
import { isWorkingDay, standingOf } from '../../../domain/calendar.ts';
import { isDate } from '../../../domain/civil-date.ts';
import { latestCalendar } from '../../../store/settings.ts';

const workingDay = z
  .object({ date, isWorkingDay: z.boolean(), standing: z.enum(['official', 'provisional', 'unknown']) })
  .meta({ id: 'WorkingDay' });

/** Whether a date counts towards a limit, by the newest calendar. */
export function workingDayEndpoints({ db }: Pick<RouteDeps, 'db'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/working-days/:date',
      tag: 'calendar',
      summary: 'Whether a date counts towards a limit',
      access: { object: 'calendar', action: 'read' },
      params: z.object({ date }),
      answers: { 200: workingDay },
      async handle({ params }) {
        if (!isDate(params.date)) throw new Problem('NotFound');
        const calendar = await latestCalendar(db);
        const standing = standingOf(calendar, params.date);
        return { status: 200, body: { ...params, isWorkingDay: isWorkingDay(calendar, params.date), standing } };
      },
    }),
  ];
}
