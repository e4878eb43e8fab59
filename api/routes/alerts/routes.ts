import type { Actor } from '../../../domain/language.ts';
import { acknowledgeAlert, type AlertRow, findAlert, listAlerts } from '../../../store/alerts/list.ts';
import { namesOfPeople } from '../../../store/people.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { mayIn, reachOf, viewerOf } from '../../reach.ts';
import type { RouteDeps } from '../deps.ts';
import { type AlertContext, presentAlert } from './present.ts';
import { acknowledgement, alert, alertList, alertParams, alertQuery } from './schema.ts';

const READ = { object: 'alert', action: 'read' } as const;
const ACKNOWLEDGE = { object: 'alert', action: 'acknowledge' } as const;
const tag = 'monitoring';

type Asked = Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'locale'>;

/** What does not get better by itself: open, and over. */
export function alertEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  function mayAcknowledge(actor: Actor, { provider, requester }: AlertRow): boolean {
    const parties = [provider, requester].filter((one) => one !== null);
    if (parties.length === 0) return reachOf(policies, actor, ACKNOWLEDGE) === 'any';
    return mayIn(policies, actor, { ...ACKNOWLEDGE, departments: parties });
  }

  async function contextOf(rows: readonly AlertRow[], { actor, locale }: Asked): Promise<AlertContext> {
    const people = rows.flatMap(({ acknowledgedBy }) => acknowledgedBy ?? []);
    const [names, known] = await Promise.all([namesOfPeople(db, people), departments()]);
    return { locale, names, departments: known, mayAcknowledge: (row) => mayAcknowledge(actor, row) };
  }

  async function visible(id: string, actor: Actor): Promise<AlertRow> {
    const row = await findAlert(db, id, viewerOf(policies, actor, 'alert'));
    if (!row) throw new Problem('NotFound');
    return row;
  }

  async function shown(id: string, asked: Asked) {
    const row = await visible(id, asked.actor);
    return presentAlert(row, await contextOf([row], asked));
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/alerts',
      tag,
      summary: 'Alerts of the links of the caller’s department, or of all; those opened last first',
      access: READ,
      query: alertQuery,
      answers: { 200: alertList },
      async handle(call) {
        const { limit, cursor, status, rule, subject } = call.query;
        const page = await listAlerts(db, {
          viewer: viewerOf(policies, call.actor, 'alert'),
          filter: { status, rule, subject },
          page: pageRequest('alerts', { limit, cursor }),
        });
        const context = await contextOf(page.items, call);
        return { status: 200, body: presentPage('alerts', page, (row) => presentAlert(row, context)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/alerts/:id',
      tag,
      summary: 'One alert',
      access: READ,
      params: alertParams,
      answers: { 200: alert },
      handle: async (call) => ({ status: 200, body: await shown(call.params.id, call) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/alerts/:id/acknowledgement',
      tag,
      summary: 'Say that one has taken up an alert',
      access: ACKNOWLEDGE,
      params: alertParams,
      body: acknowledgement,
      answers: { 200: alert },
      async handle(call) {
        const { actor, params, body } = call;
        const row = await visible(params.id, actor);
        if (!mayAcknowledge(actor, row)) throw new Problem('NotAllowed');
        await once(db, call, {
          kind: 'alert',
          action: 'acknowledge',
          id: row.id,
          async work(trx) {
            if (await acknowledgeAlert(trx, row.id, { by: actor.person, note: body.note })) return;
            const now = await findAlert(trx, row.id, { all: true });
            throw new Problem(now?.closedAt === null ? 'AlertAcknowledged' : 'AlertOver');
          },
        });
        return { status: 200, body: await shown(row.id, call) };
      },
    }),
  ];
}
