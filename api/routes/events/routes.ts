import type { IncomingHttpHeaders } from 'node:http';
import type { FeedItem } from '../../../store/feed.ts';
import { endpoint, type Endpoint } from '../../endpoint.ts';
import { eventStream } from '../../event-stream.ts';
import { inboxCounts } from '../../inbox-counts.ts';
import { Problem } from '../../problem.ts';
import { reachOf } from '../../reach.ts';
import { timeOf } from '../../time.ts';
import type { RouteDeps } from '../deps.ts';
import { presentNotice } from '../notices/present.ts';
import { eventStreamQuery } from './schema.ts';

export function eventEndpoints({ db, policies, feed }: RouteDeps): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/events',
      tag: 'notices',
      summary:
        'Server-sent events: `notice`, `case` and `grant` as they happen, `counts` of the inbox. Goes on after Last-Event-ID',
      access: 'anyone',
      query: eventStreamQuery,
      answers: { 200: 'text/event-stream' },
      async handle({ caller, actor, headers, query, locale }) {
        const after = lastEventId(headers) ?? (query.after === undefined ? undefined : Number(query.after));
        const reach = {
          case: reachOf(policies, actor, { action: 'read', object: 'case' }),
          grant: reachOf(policies, actor, { action: 'read', object: 'grant' }),
        };
        const stream = eventStream({
          feed,
          caller,
          ...(after === undefined ? {} : { after }),
          isLive: query.follow === 'true',
          sees({ streamKind, caseId, parties }) {
            if (caseId === null) return false;
            const mine = reach[streamKind === 'grant' ? 'grant' : 'case'];
            return mine === 'any' || (mine === 'own' && parties.includes(actor.department));
          },
          presentEvent,
          presentNotice: (row) => presentNotice(row, locale),
          counts: () => inboxCounts(db, actor, timeOf(new Date())),
        });
        // For nginx: a proxy that gathers what it gets would keep it from the reader.
        return { status: 200, body: stream, headers: { 'Content-Type': MEDIA_TYPE, 'X-Accel-Buffering': 'no' } };
      },
    }),
  ];
}

const MEDIA_TYPE = 'text/event-stream; charset=utf-8';

/** What happened and where to look: the details are read under the usual routes. */
function presentEvent({ streamKind, streamId, caseId, seq, type, at }: FeedItem) {
  const grant = streamKind === 'grant' ? { grantId: streamId } : {};
  return { caseId, ...grant, seq, type, at: timeOf(at), href: `/api/cases/${caseId}` };
}

function lastEventId(headers: IncomingHttpHeaders): number | undefined {
  const given = headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given);
  throw new Problem('Invalid', { faults: [{ pointer: '/headers/Last-Event-ID', code: 'Malformed' }] });
}
