import { dateIn } from '../../../domain/calendar.ts';
import { alreadySays, withNotice } from '../../../domain/calendar-version.ts';
import type { Actor } from '../../../domain/language.ts';
import { type CalendarVersion, changesOf, findCalendar, listCalendars } from '../../../store/calendars.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { latestCalendar } from '../../../store/settings.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { Problem } from '../../problem.ts';
import { reachOf } from '../../reach.ts';
import { listOf } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { importCalendar } from './import.ts';
import { type CalendarContext, presentCalendar, presentCalendarSummary, presentPreview } from './present.ts';
import { readNotice } from './read.ts';
import {
  calendar,
  calendarParams,
  calendarPreview,
  calendarQuery,
  calendarsQuery,
  calendarSummary,
  noticeBody,
} from './schema.ts';
import { movedDueDates } from './touched.ts';

const IMPORT = { object: 'calendar', action: 'import' } as const;

/** The working-day calendar by its versions, and the import of the notice that makes a year official. */
export function calendarEndpoints({ db, policies }: RouteDeps): Endpoint[] {
  async function contextOf(rows: readonly CalendarVersion[], actor: Actor): Promise<CalendarContext> {
    const people = rows.flatMap(({ importedBy }) => importedBy ?? []);
    return { names: await namesOfPeople(db, people), mayImport: reachOf(policies, actor, IMPORT) !== 'none' };
  }

  async function shown(version: number, actor: Actor, year?: number) {
    const row = await findCalendar(db, version);
    if (!row) throw new Problem('NotFound');
    return presentCalendar(row, { ...(await contextOf([row], actor)), changes: await changesOf(db, row), year });
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/calendars',
      tag: 'calendar',
      summary: 'The versions of the working-day calendar, newest first',
      access: { object: 'calendar', action: 'read' },
      query: calendarsQuery,
      answers: { 200: listOf(calendarSummary) },
      async handle({ query, actor }) {
        const page = await listCalendars(db, pageRequest('calendars', query));
        const context = await contextOf(page.items, actor);
        return { status: 200, body: presentPage('calendars', page, (row) => presentCalendarSummary(row, context)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/calendars/:version',
      tag: 'calendar',
      summary: 'One version: its years, its days, and what it changed',
      access: { object: 'calendar', action: 'read' },
      params: calendarParams,
      query: calendarQuery,
      answers: { 200: calendar },
      async handle({ params, query, actor }) {
        return { status: 200, body: await shown(params.version, actor, query.year) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/calendars/preview',
      tag: 'calendar',
      summary: 'What the import of a notice would change; changes nothing',
      access: IMPORT,
      body: noticeBody,
      answers: { 200: calendarPreview },
      async handle({ body, locale, at }) {
        const before = await latestCalendar(db);
        const read = readNotice(body, before);
        const isNew = !alreadySays(before, read.notice);
        const touched = await movedDueDates(db, {
          before,
          after: isNew ? withNotice(before, read.notice) : before,
          today: dateIn(at),
        });
        return { status: 200, body: presentPreview(read, { before, isNew, touched, locale }) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/calendars',
      tag: 'calendar',
      summary: 'Import the State Council’s notice of a year as a new version; 200 where nothing in it is new',
      access: IMPORT,
      body: noticeBody,
      answers: { 200: calendar, 201: calendar },
      async handle(call) {
        const { version, isNew } = await importCalendar(db, call);
        const headers = { Location: `/api/calendars/${version}` };
        return { status: isNew ? 201 : 200, body: await shown(version, call.actor), headers };
      },
    }),
  ];
}
