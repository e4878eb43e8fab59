import type { CaseState, Command, PersonAction, SeatState } from '../../../domain/case.ts';
import { taskIdOf } from '../../../domain/case.ts';
import { addDays } from '../../../domain/civil-date.ts';
import type { Actor } from '../../../domain/language.ts';
import { tasksOf } from '../../../domain/tasks.ts';
import { APPLICANT } from '../../support/cases.ts';
import type { Move } from './random-cases.ts';
import type { Setting } from './random-commands.ts';
import { nextForm } from './random-forms.ts';
import { STAFF } from './random-people.ts';

/** Things that people do one after another, and that chance alone would seldom bring together. */

function of<T>(all: readonly T[], nth: number): T | undefined {
  return all[nth % Math.max(1, all.length)];
}

interface Placed {
  readonly taskId: string;
  readonly seat: SeatState;
  readonly actor: Actor;
}

function seatsOfCase(state: CaseState, id: string): Placed[] {
  return Object.entries(state.stages).flatMap(([stage, { activation, seats }]) =>
    seats.map((seat) => {
      const { department, role } = seat.capacity;
      const person = seat.holder ?? `${department}.${role}.${id}`;
      return {
        taskId: taskIdOf(state.caseId, stage, activation, seat.id),
        seat,
        actor: { person, department, roles: [role] },
      };
    }),
  );
}

/** Somebody new to the case answers an open task: most often yes, now and then out of turn or by an old form. */
export function advance(
  state: CaseState,
  { who, what, detail, standsIn }: Move,
  setting: Setting,
): Command | undefined {
  const { id, at, day } = setting;
  const isRude = detail % 5 === 0;
  const tasks = tasksOf(state).filter(({ status }) => status === 'open' || (isRude && status === 'waiting'));
  const task = of(tasks, who);
  if (!task) return undefined;
  const { department, role, holder } = task;
  const own: Actor = { person: holder ?? `${department}.${role}.${id}`, department, roles: [role] };
  const away = { ...own, from: addDays(day, -5), until: addDays(day, what % 2 === 0 ? -1 : 1) };
  const seen = isRude && what % 3 === 1 ? 'stale' : state.form.digest;
  const reason = { code: isRude ? 'incomplete' : 'other', text: '不符合' } as const;
  const action: PersonAction =
    what % 4 === 0 ? { action: 'reject', taskId: task.id, seen, reason } : { action: 'approve', taskId: task.id, seen };
  const by = standsIn ? { actor: { ...own, person: `${department}.clerk` }, onBehalf: away } : { actor: own };
  return { id, at, ...by, staff: STAFF, do: action };
}

/** Materials are asked for, and come: those that were asked for, or others. */
export function materials(
  state: CaseState,
  { who, what, parts, detail }: Move,
  { id, at }: Setting,
): Command | undefined {
  const [stage] = Object.keys(state.supplements);
  if (stage !== undefined) {
    const asked = state.supplements[stage]?.missing.map(({ part }) => part) ?? [];
    const form = nextForm(state.form, detail % 3 === 0 ? parts : asked, what);
    return { id, at, actor: APPLICANT, staff: STAFF, do: { action: 'supplement', form, note: '已补充', stage } };
  }
  const open = seatsOfCase(state, id).filter(({ seat }) => seat.standing === 'open');
  const one = of(open, who);
  const [part = 'items'] = parts;
  return (
    one && {
      id,
      at,
      actor: one.actor,
      staff: STAFF,
      do: { action: 'askSupplement', taskId: one.taskId, missing: [{ part, text: '请补充' }] },
    }
  );
}

/** An opinion is asked for and given, a colleague is asked to sign as well, and somebody has second thoughts. */
export function counsel(state: CaseState, { who, what, detail }: Move, { id, at }: Setting): Command | undefined {
  const all = seatsOfCase(state, id);
  const one = of(all, who);
  if (!one) return undefined;
  const { seat, taskId, actor } = one;
  const by = { id, at, staff: STAFF };
  const { department } = actor;
  if (seat.answer) {
    const person = of([seat.answer.actor, ...seat.advisers], what) ?? seat.answer.actor;
    return { ...by, actor: { ...actor, person }, do: { action: 'takeBack', taskId, reason: '再想想' } };
  }
  if (seat.delegators.length > 0) return { ...by, actor, do: { action: 'advise', taskId, opinion: '可以' } };
  if (seat.advisers.length > 0) return { ...by, actor, do: { action: 'approve', taskId, seen: state.form.digest } };
  const to: Actor = { person: `${department}.${id}`, department, roles: [] };
  if (what % 2 === 0) return { ...by, actor, do: { action: 'delegate', taskId, to } };
  const place = of(['before', 'beside', 'after'] as const, detail) ?? 'before';
  return { ...by, actor, do: { action: 'addSeat', taskId, to, place } };
}
