import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { dateIn } from '../domain/calendar.ts';
import { isDate } from '../domain/civil-date.ts';
import type { Actor, Fault } from '../domain/language.ts';
import { type Absence, absencesDuring, insertAbsence, lockAbsences } from '../store/absences.ts';
import { findActor } from '../store/people.ts';
import type { CallerCall } from './endpoint.ts';
import { once } from './once.ts';
import { Problem } from './problem.ts';
import type { Policies } from './reach.ts';

export interface AbsenceAsked {
  readonly person?: string | undefined;
  readonly standIn: string;
  readonly from: string;
  readonly until: string;
}

type Call = Pick<CallerCall<unknown, unknown, AbsenceAsked>, 'actor' | 'at' | 'idempotency' | 'body'>;

/**
 * Enters the days on which somebody stands in for another (代理), and gives the absence's id.
 * @throws {Problem} NotAllowed for the absence of others; Invalid with everything that is wrong with it
 */
export async function enterAbsence(
  { db, policies }: { readonly db: Knex; readonly policies: Policies },
  call: Call,
): Promise<string> {
  const { actor, at, body } = call;
  const { standIn, from, until, person: named = actor.person } = body;
  const isManaged = policies.may(actor, 'manage', 'absence', '*');
  if (named !== actor.person && !isManaged) throw new Problem('NotAllowed');
  const [person, other] = await Promise.all([findActor(db, named), findActor(db, standIn)]);
  const people = peopleFaults(person, other);
  const days = dayFaults({ from, until }, dateIn(at));
  const id = randomUUID();
  return once(db, call, {
    kind: 'absence',
    action: 'enter',
    id,
    async work(trx) {
      if (person) await lockAbsences(trx, person.department);
      const canCompare = person && days.length === 0;
      const others = canCompare ? await absencesDuring(trx, person.department, { from, until }) : [];
      const faults = [...people, ...days, ...clashes({ person: named, standIn, from, until }, others)];
      if (faults.length > 0) throw new Problem('Invalid', { faults });
      await insertAbsence(trx, { id, person: named, standIn, from, until, createdBy: actor.person });
    },
  });
}

function peopleFaults(person: Actor | undefined, standIn: Actor | undefined): Fault[] {
  if (!person) return [{ pointer: '/person', code: 'PersonUnknown' }];
  const at = (code: string): Fault[] => [{ pointer: '/standIn', code }];
  if (!standIn) return at('PersonUnknown');
  if (standIn.person === person.person) return at('StandInIsAbsent');
  if (standIn.department !== person.department) return at('StandInElsewhere');
  return isBarred(standIn) ? at('StandInBarred') : [];
}

function isBarred({ roles }: Actor): boolean {
  return roles.some((role) => role === 'auditor' || role === 'administrator');
}

/** Whether one could be named as the other's stand-in, whatever the days. */
export function mayStandIn(one: Actor, person: Actor): boolean {
  return one.person !== person.person && one.department === person.department && !isBarred(one);
}

function dayFaults({ from, until }: Pick<Absence, 'from' | 'until'>, today: string): Fault[] {
  const unknown = (['from', 'until'] as const).filter((name) => !isDate({ from, until }[name]));
  if (unknown.length > 0) return unknown.map((name) => ({ pointer: `/${name}`, code: 'DateUnknown' }));
  return [
    ...(from < today ? [{ pointer: '/from', code: 'DayPast' }] : []),
    ...(until < from ? [{ pointer: '/until', code: 'DaysReversed' }] : []),
  ];
}

type Span = Pick<Absence, 'person' | 'standIn' | 'from' | 'until'>;

function clashes(asked: Span, others: readonly Span[]): Fault[] {
  const overlaps = others.some(({ person }) => person === asked.person);
  return [
    ...(overlaps ? [{ pointer: '/from', code: 'AbsenceOverlaps' }] : []),
    ...(leadsBack(asked, others, asked.person) ? [{ pointer: '/standIn', code: 'StandInCycle' }] : []),
  ];
}

/** Whether on some day that all of them share the stand-in's stand-in, and so on, is the absent person again. */
function leadsBack(span: Span, others: readonly Span[], to: string): boolean {
  return others
    .filter(({ person, from, until }) => person === span.standIn && from <= span.until && until >= span.from)
    .some((next) => {
      if (next.standIn === to) return true;
      const from = next.from > span.from ? next.from : span.from;
      const until = next.until < span.until ? next.until : span.until;
      const rest = others.filter((one) => one !== next);
      return leadsBack({ ...next, from, until }, rest, to);
    });
}
