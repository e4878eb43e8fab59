import { dateIn } from '../../../domain/calendar.ts';
import { type Absence, endAbsence, findAbsence, listAbsences } from '../../../store/absences.ts';
import { actorsIn, findActor, namesOfPeople } from '../../../store/people.ts';
import { enterAbsence, mayStandIn } from '../../absences.ts';
import { pageRequest, presentPage } from '../../cursor.ts';
import { type CallerCall, endpoint, type Endpoint } from '../../endpoint.ts';
import { once } from '../../once.ts';
import { Problem } from '../../problem.ts';
import { viewerOf } from '../../reach.ts';
import { listOf } from '../../schema.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { presentPerson } from '../cases/present.ts';
import type { RouteDeps } from '../deps.ts';
import { type AbsenceContext, mayEnd, presentAbsence, standingOf } from './present.ts';
import { absence, absenceParams, absenceQuery, newAbsence, standIn, standInQuery } from './schema.ts';

const READ = { object: 'absence', action: 'read' } as const;
const ENTER = { object: 'absence', action: 'enter' } as const;
const tag = 'absences';

type Call = Pick<CallerCall<unknown, unknown, unknown>, 'actor' | 'at'>;

export function absenceEndpoints({ db, policies, departments }: RouteDeps): Endpoint[] {
  async function contextOf({ actor, at }: Call, absences: readonly Absence[]): Promise<AbsenceContext> {
    const people = absences.flatMap(({ person, standIn, createdBy }) => [person, standIn, createdBy]);
    const [names, known] = await Promise.all([namesOfPeople(db, people), departments()]);
    return { actor, policies, names, departments: known, today: dateIn(at) };
  }

  async function shown(id: string, call: Call) {
    const found = await findAbsence(db, id);
    if (!found) throw new Problem('NotFound');
    return presentAbsence(found, await contextOf(call, [found]));
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/absences',
      tag,
      summary: 'Who stands in for whom in the caller’s department; of all departments for administrator and auditor',
      access: READ,
      query: absenceQuery,
      answers: { 200: listOf(absence) },
      async handle(call) {
        const { actor, at, query } = call;
        const viewer = viewerOf(policies, actor, 'absence');
        const filter = withoutUndefined({
          department: viewer.all ? undefined : viewer.department,
          since: query.current === 'true' ? dateIn(at) : undefined,
        }) as Parameters<typeof listAbsences>[1];
        const page = await listAbsences(db, filter, pageRequest('absences', query));
        const context = await contextOf(call, page.items);
        return { status: 200, body: presentPage('absences', page, (one) => presentAbsence(one, context)) };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/absences',
      tag,
      summary: 'Name a stand-in of the same department for days on which one is away; an administrator for others too',
      access: ENTER,
      body: newAbsence,
      answers: { 201: absence },
      async handle(call) {
        const id = await enterAbsence({ db, policies }, call);
        return { status: 201, body: await shown(id, call) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/absences/stand-ins',
      tag,
      summary: 'Who could stand in for the caller; for anybody where an administrator asks',
      access: ENTER,
      query: standInQuery,
      answers: { 200: listOf(standIn) },
      async handle({ actor, query }) {
        const person = await findActor(db, query.person ?? actor.person);
        const isOwn = query.person === undefined || query.person === actor.person;
        if (!isOwn && !policies.may(actor, 'manage', 'absence', person?.department ?? '*'))
          throw new Problem('NotAllowed');
        if (!person) throw new Problem('NotFound');
        const others = (await actorsIn(db, [person.department])).filter((one) => mayStandIn(one, person));
        const names = await namesOfPeople(
          db,
          others.map((one) => one.person),
        );
        const items = others.map((one) => ({ ...presentPerson(one.person, names), roles: [...one.roles] }));
        return { status: 200, body: { items, nextCursor: null } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/absences/:id/end',
      tag,
      summary: 'End an absence before its last day, from now on',
      access: ENTER,
      params: absenceParams,
      answers: { 200: absence },
      async handle(call) {
        const { params, actor, at } = call;
        const viewer = viewerOf(policies, actor, 'absence');
        const found = await findAbsence(db, params.id);
        if (!found || (!viewer.all && found.department !== viewer.department)) throw new Problem('NotFound');
        if (!mayEnd(found, { actor, policies })) throw new Problem('NotAllowed');
        await once(db, call, {
          kind: 'absence',
          action: 'end',
          id: found.id,
          async work(trx) {
            const isOver = standingOf(found, dateIn(at)) === 'over';
            if (isOver || !(await endAbsence(trx, found.id))) throw new Problem('AbsenceOver');
          },
        });
        return { status: 200, body: await shown(found.id, call) };
      },
    }),
  ];
}
