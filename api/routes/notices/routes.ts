import { changePreferences, listNotices, readAllNotices, readNotice, readPreferences } from '../../../store/notices.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { inboxCounts } from '../../inbox-counts.ts';
import { Problem } from '../../problem.ts';
import { idParams } from '../../schema.ts';
import type { RouteDeps } from '../deps.ts';
import { presentNotice } from './present.ts';
import {
  counts,
  notice,
  noticeList,
  noticeQuery,
  preferences,
  preferencesBody,
  readAllBody,
  readAllDone,
} from './schema.ts';

/** Everybody has notices of their own and sees no others: who asks is all that there is to know. */
export function noticeEndpoints({ db }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/notices',
      tag: 'notices',
      summary: 'What I have been told, newest first',
      access: 'anyone',
      query: noticeQuery,
      answers: { 200: noticeList },
      async handle({ actor, query, locale }) {
        const page = await listNotices(db, actor.person, {
          unread: query.unread === 'true',
          page: pageRequest('notices', query),
        });
        return { status: 200, body: presentPage('notices', page, (row) => presentNotice(row, locale)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/notices/counts',
      tag: 'notices',
      summary: 'The numbers beside the inbox: open tasks by due date, unread notices',
      access: 'anyone',
      answers: { 200: counts },
      async handle({ actor, at }) {
        return { status: 200, body: await inboxCounts(db, actor, at) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/notices/read',
      tag: 'notices',
      summary: 'Mark all notices as read, or those up to one',
      access: 'anyone',
      body: readAllBody,
      answers: { 200: readAllDone },
      async handle({ actor, body }) {
        const upTo = body.upTo === undefined ? undefined : numberOf(body.upTo);
        if (body.upTo !== undefined && upTo === undefined) {
          throw new Problem('Invalid', { faults: [{ pointer: '/upTo', code: 'Malformed' }] });
        }
        return { status: 200, body: { read: await readAllNotices(db, actor.person, upTo) } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/notices/:id/read',
      tag: 'notices',
      summary: 'Mark a notice as read',
      access: 'anyone',
      params: idParams,
      answers: { 200: notice },
      async handle({ actor, params, locale }) {
        const id = numberOf(params.id);
        const row = id === undefined ? undefined : await readNotice(db, actor.person, id);
        if (!row) throw new Problem('NotFound');
        return { status: 200, body: presentNotice(row, locale) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/notices/preferences',
      tag: 'notices',
      summary: 'How I am told by e-mail',
      access: 'anyone',
      answers: { 200: preferences },
      async handle({ actor }) {
        return { status: 200, body: await readPreferences(db, actor.person) };
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/notices/preferences',
      tag: 'notices',
      summary: 'Change my address, or how I am told of a topic: at once, once a day, not at all',
      access: 'anyone',
      body: preferencesBody,
      answers: { 200: preferences },
      async handle({ actor, body: { email, mail } }) {
        const chosen = Object.fromEntries(Object.entries(mail).filter(([, mode]) => mode !== undefined));
        await changePreferences(db, actor.person, { ...(email === undefined ? {} : { email }), mail: chosen });
        return { status: 200, body: await readPreferences(db, actor.person) };
      },
    }),
  ];
}

function numberOf(id: string): number | undefined {
  const number = /^[1-9]\d{0,15}$/.test(id) ? Number(id) : undefined;
  return number !== undefined && Number.isSafeInteger(number) ? number : undefined;
}
