import { isWorkingDay } from '../../../domain/calendar.ts';
import type { CaseState, PersonAction } from '../../../domain/case.ts';
import { addDays } from '../../../domain/civil-date.ts';
import { tasksOf } from '../../../domain/tasks.ts';
import { APPLICANT } from '../../support/cases.ts';
import type { Move } from './random-cases.ts';
import { straight } from './office.ts';
import { nextForm } from './random-forms.ts';
import { PEOPLE } from './random-people.ts';
import { otherVersion } from './random-versions.ts';

function of<T>(all: readonly T[], nth: number): T | undefined {
  return all[nth % Math.max(1, all.length)];
}

/** A day near today is worked or free contrary to what was announced; now and then the version is an old one. */
export function otherCalendar(
  { calendar }: CaseState,
  { what, detail }: Pick<Move, 'what' | 'detail'>,
  day: string,
): CaseState['calendar'] {
  const version = detail % 8 === 0 ? calendar.version : calendar.version + 1;
  return turned(calendar, { date: addDays(day, (what % 40) - 3), version });
}

/** The calendar in a version in which a date is worked if it was free, and free if it was worked. */
export function turned(
  calendar: CaseState['calendar'],
  { date, version }: { readonly date: string; readonly version: number },
): CaseState['calendar'] {
  const isWorked = isWorkingDay(calendar, date);
  const [holidays, workdays] = [calendar.holidays, calendar.workdays].map((all) => all.filter((one) => one !== date));
  return {
    ...calendar,
    version,
    holidays: isWorked ? [...(holidays ?? []), date].toSorted() : (holidays ?? []),
    workdays: isWorked ? (workdays ?? []) : [...(workdays ?? []), date].toSorted(),
  };
}

/** Anything that a client could send: tasks of any time, people of any place, forms of any kind, words that are none. */
export function wild(state: CaseState, move: Move): PersonAction {
  const { who, what, detail, parts } = move;
  const tasks = tasksOf(state);
  const known = of(tasks, detail)?.id ?? 'case.b.1';
  const taskId = what % 13 === 0 ? known.replace(/\d+$/, '1') : known;
  const seen = what % 7 === 0 ? 'stale' : state.form.digest;
  const to = of(PEOPLE, what) ?? APPLICANT;
  const reason = who % 5 === 0 ? ' ' : '理由';
  const clock = of(Object.keys(state.clocks), detail) ?? 'b';
  const form = nextForm(state.form, parts, detail);
  const options: PersonAction[] = [
    { action: 'approve', taskId, seen },
    { action: 'approve', taskId, seen },
    { action: 'reject', taskId, seen, reason: { code: detail % 3 === 0 ? 'incomplete' : 'other', text: reason } },
    { action: 'askSupplement', taskId, missing: parts.map((part) => ({ part, text: '请补充' })) },
    { action: 'supplement', form, note: '已补充' },
    { action: 'supplement', form: { ...form, version: what % 5 }, note: '' },
    { action: 'return', taskId, ...straight(of(Object.keys(state.stages), what) ?? 'applicant'), reason },
    { action: 'reassign', taskId, to, reason },
    { action: 'delegate', taskId, to },
    { action: 'advise', taskId, opinion: reason },
    { action: 'recall', taskId },
    { action: 'addSeat', taskId, to, place: of(['before', 'beside', 'after'] as const, who) ?? 'after' },
    { action: 'removeSeat', taskId, reason },
    { action: 'takeBack', taskId, reason },
    { action: 'resubmit', form },
    { action: 'suspend', reason, reviewOn: '2026-06-01' },
    { action: 'resume', reason },
    { action: 'askExtension', clock, days: what % 12, reason },
    { action: 'grantExtension', clock },
    { action: 'urge' },
    { action: 'migrate', route: otherVersion(state.route, what) },
    ...(detail % 10 === 0 ? [{ action: 'withdraw', reason: '' } as const] : []),
  ];
  return of(options, what) ?? { action: 'withdraw', reason: '' };
}
