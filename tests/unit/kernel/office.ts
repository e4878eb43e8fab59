import {
  type Absent,
  type CaseEvent,
  type FormRef,
  type PersonAction,
  type ReturnTo,
  taskIdOf,
} from '../../../domain/case.ts';
import type { Refusal } from '../../../domain/machine.ts';
import type { Actor } from '../../../domain/language.ts';
import type { Block, Limit, Route, SeatSpec, Stage } from '../../../domain/route.ts';
import { type Task, tasksOf } from '../../../domain/tasks.ts';
import { actor } from '../../support/cases.ts';
import type { Play } from '../../support/play.ts';

/** A place with people enough for every rule, and routes made of few words. */
export const AUTHORITY = actor('data-bureau', 'authority');
export const lead = (nth: number, department = 'public-security'): Actor =>
  actor(department, 'sharing-lead', `${department}.lead.${nth}`);
export const reviewer = (nth: number, department = 'public-security'): Actor =>
  actor(department, 'reviewer', `${department}.reviewer.${nth}`);
export const clerk = (nth: number, department = 'public-security'): Actor => ({
  person: `${department}.clerk.${nth}`,
  department,
  roles: [],
});

export const STAFF = [
  { role: 'reviewer', department: 'public-security', people: [1, 2, 3].map((nth) => reviewer(nth).person) },
] as const;

export const REVIEWERS: SeatSpec = { role: 'reviewer', department: 'provider' };
export const EACH_REVIEWER: SeatSpec = { ...REVIEWERS, each: true };

export function stage(id: string, more: Partial<Omit<Stage, 'kind' | 'id'>> = {}): Stage {
  return { kind: 'stage', id, seat: REVIEWERS, rule: 'any', basis: ['items'], mayAskSupplement: true, ...more };
}

export function limit(more: Partial<Limit> = {}): Limit {
  return { kind: 'stage', legal: 10, onSupplement: 'restart', ...more };
}

export function inOrder(...blocks: readonly Block[]): Route {
  return { id: 'test', version: 1, root: { kind: 'sequence', id: 'root', blocks } };
}

export function branches(...blocks: readonly Block[]): Block {
  return { kind: 'parallel', id: 'branches', blocks };
}

/** The id of the task of a seat, as it stands. */
export function task(one: Play, stageId: string, seat = 1): string {
  return taskIdOf('case', stageId, one.state.stages[stageId]?.activation ?? 1, seat);
}

export function approve(one: Play, who: Actor, stageId: string, seat = 1): readonly CaseEvent[] | Refusal {
  return one.act(who, { action: 'approve', taskId: task(one, stageId, seat), seen: one.state.form.digest });
}

export function reject(one: Play, who: Actor, stageId: string, seat = 1): readonly CaseEvent[] | Refusal {
  const reason = { code: 'other', text: '不符合' } as const;
  return one.act(who, { action: 'reject', taskId: task(one, stageId, seat), seen: one.state.form.digest, reason });
}

/** The status of every seat's task of a stage, in the order of the seats. */
export function seats(one: Play, stageId: string): Task['status'][] {
  return tasksOf(one.state).flatMap((each) => (each.stage === stageId ? [each.status] : []));
}

export function standing(one: Play): Record<string, string> {
  return Object.fromEntries(Object.entries(one.state.stages).map(([id, each]) => [id, each.standing]));
}

let sent = 0;

/** What somebody does in the place of another who is away. */
export function inPlaceOf(one: Play, who: Actor, absent: Absent, action: PersonAction): readonly CaseEvent[] | Refusal {
  sent += 1;
  return one.send({ id: `stand-in.${sent}`, at: one.at, actor: who, do: action, onBehalf: absent });
}

/** A form over several resources, each of some department. */
export function formOver(first: FormRef, providers: Readonly<Record<string, string>>): FormRef {
  const subjects = Object.entries(providers).map(([id, provider]) => ({
    id,
    provider,
    parts: { items: `items of ${id}` },
  }));
  return { ...first, digest: `${first.digest}:${Object.keys(providers).join()}`, subjects };
}

/** Sends the case back from a stage, for a reason. */
export function sendBack(
  one: Play,
  who: Actor,
  { from, seat = 1, ...to }: { readonly from: string; readonly seat?: number } & ReturnTo,
): readonly CaseEvent[] | Refusal {
  return one.act(who, { action: 'return', taskId: task(one, from, seat), reason: '请再看', ...to });
}

export const again = (to: string): ReturnTo => returning(to, 'again');
export const straight = (to: string): ReturnTo => returning(to, 'straight');

function returning(to: string, way: ReturnTo['way']): ReturnTo {
  return { to, way };
}
