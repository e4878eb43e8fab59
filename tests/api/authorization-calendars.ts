import { NOTICE_OF_2027 } from '../support/notices.ts';

const withoutRole = ['rolenone', 403] as const;
const sound = () => ({ body: { text: NOTICE_OF_2027 } });

/** The rows of the routes of the working-day calendar. */
export const CALENDAR_ROWS = {
  'GET /api/calendars': {
    path: () => '/api/calendars',
    wrong: withoutRole,
    bad: { path: () => '/api/calendars?cursor=x', status: 422 },
  },
  'GET /api/calendars/:version': {
    path: () => '/api/calendars/1',
    wrong: withoutRole,
    bad: { path: () => '/api/calendars/latest', status: 404 },
  },
  'POST /api/calendars/preview': {
    path: () => '/api/calendars/preview',
    ask: sound,
    right: 'data-bureau.authority',
    wrong: ['auditor', 403],
    bad: { ask: { body: { text: '放假' } }, status: 422 },
  },
  'POST /api/calendars': {
    path: () => '/api/calendars',
    ask: sound,
    right: 'admin',
    wrong: ['civil-affairs.lead', 403],
    bad: { ask: { body: {} }, status: 422 },
  },
} as const;
