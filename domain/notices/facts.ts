import type { Capacity, CaseEvent, CaseState } from '../case.ts';
import { evolve } from '../kernel/evolve.ts';
import { type Role, ROLES } from '../language.ts';
import { tasksOf } from '../tasks.ts';

/** An event as it is read back: by its type, with whatever else it has. Types that nobody here knows are tolerated. */
export interface AnyEvent {
  readonly type: string;
  readonly at: string;
  readonly [member: string]: unknown;
}

/** A seat that somebody has to answer from: a role in a department, or one person; and who may not. */
export interface Holder {
  readonly seat?: Capacity;
  readonly person?: string;
  readonly barred: readonly string[];
}

/** What has to be known of a case to say whom an event concerns. It follows from the events up to and with that one. */
export interface NoticeFacts {
  readonly state?: CaseState;
  /** Everybody who has done something in the case, in the order of their first time. */
  readonly acted: readonly string[];
  /** Who did the latest thing that a person did, and when: what follows from it at the same moment is no news to them. */
  readonly lately?: { readonly person: string; readonly at: string };
  /** The tasks that can be answered, by task and holder, and those of them that could not before this event. */
  readonly open: Readonly<Record<string, Holder>>;
  readonly opened: readonly Holder[];
}

export const NO_FACTS: NoticeFacts = { acted: [], open: {}, opened: [] };

/** The facts once an event has happened. */
export function factsAfter(facts: NoticeFacts, event: AnyEvent): NoticeFacts {
  const state = evolve(facts.state, event as unknown as CaseEvent);
  const open = openTasks(state);
  const opened = Object.entries(open).flatMap(([key, holder]) => (facts.open[key] ? [] : [holder]));
  const after = { ...facts, state, open, opened };
  const person = textOf(event, 'actor');
  if (person === undefined || person === 'system') return after;
  const acted = facts.acted.includes(person) ? facts.acted : [...facts.acted, person];
  return { ...after, acted, lately: { person, at: event.at } };
}

function openTasks(state: CaseState): Record<string, Holder> {
  const open = tasksOf(state).filter(({ status }) => status === 'open');
  return Object.fromEntries(
    open.map(({ id, holder, role, department, barred = [] }): [string, Holder] =>
      holder === undefined
        ? [id, { seat: { role, department }, barred }]
        : [`${id} ${holder}`, { person: holder, barred }],
    ),
  );
}

export function capacityOf(value: unknown): Capacity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { role, department } = value as { readonly role?: unknown; readonly department?: unknown };
  return isRole(role) && typeof department === 'string' ? { role, department } : undefined;
}

export function textOf(event: AnyEvent, member: string): string | undefined {
  const value = event[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isRole(value: unknown): value is Role {
  return ROLES.some((role) => role === value);
}
