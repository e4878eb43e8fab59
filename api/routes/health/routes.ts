import { isReachable } from '../../../store/outage.ts';
import { type Endpoint, publicEndpoint } from '../../endpoint.ts';
import type { RouteDeps } from '../deps.ts';
import { live, ready } from './schema.ts';

export function healthEndpoints({ db, engine }: RouteDeps): Endpoint[] {
  return [
    publicEndpoint({
      method: 'get',
      path: '/api/health/live',
      tag: 'health',
      summary: 'The process runs',
      answers: { 200: live },
      async handle() {
        return { status: 200, body: { status: 'live' } };
      },
    }),
    publicEndpoint({
      method: 'get',
      path: '/api/health/ready',
      tag: 'health',
      summary: 'The process can work: its database and Temporal answer',
      answers: { 200: ready, 503: ready },
      async handle() {
        const [database, temporal] = await Promise.all([isReachable(db), engine.ping()]);
        const isReady = database && temporal;
        return { status: isReady ? 200 : 503, body: { status: isReady ? 'ready' : 'not-ready', database, temporal } };
      },
    }),
  ];
}
