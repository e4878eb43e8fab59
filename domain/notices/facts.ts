import type { Capacity } from '../case.ts';
import { type Role, ROLES } from '../language.ts';

/** An event as it is read back: by its type, with whatever else it has. Types that nobody here knows are tolerated. */
export interface AnyEvent {
  readonly type: string;
  readonly at: string;
  readonly [member: string]: unknown;
}

/** A seat that somebody has to answer from: a role in a department, or one person. */
export interface Holder {
  readonly seat?: Capacity;
  readonly person?: string;
}

/** What has to be known of a case to say whom an event concerns. It follows from the events up to and with that one. */
export interface NoticeFacts {
  readonly applicant?: string;
  /** Whoever filed or completed the application: they may not decide it, so they are not told of its tasks. */
  readonly contributors: readonly string[];
  /** Everybody who has done something in the case, in the order of their first time. */
  readonly acted: readonly string[];
  /** Who did the latest thing that a person did, and when: what follows from it at the same moment is no news to them. */
  readonly lately?: { readonly person: string; readonly at: string };
  /** The stages that are open and who holds them. */
  readonly open: Readonly<Record<string, readonly Holder[]>>;
  /** Who has answered at an open stage already. */
  readonly answered: Readonly<Record<string, readonly string[]>>;
}

export const NO_FACTS: NoticeFacts = { contributors: [], acted: [], open: {}, answered: {} };

/** The facts once an event has happened. What an unknown type does to stages is not known, and so changes nothing. */
export function factsAfter(facts: NoticeFacts, event: AnyEvent): NoticeFacts {
  const after = withStages(facts, event);
  const person = textOf(event, 'actor');
  if (person === undefined || person === 'system') return after;
  const isContributor = event.type === 'filed' || event.type === 'supplemented';
  return {
    ...after,
    ...(event.type === 'filed' ? { applicant: person } : {}),
    contributors: isContributor ? added(after.contributors, person) : after.contributors,
    acted: added(after.acted, person),
    lately: { person, at: event.at },
  };
}

function withStages(facts: NoticeFacts, event: AnyEvent): NoticeFacts {
  const stage = textOf(event, 'stage');
  switch (event.type) {
    case 'stageEntered':
      if (stage === undefined) return facts;
      return {
        ...facts,
        open: { ...facts.open, [stage]: holdersOf(event) },
        answered: { ...facts.answered, [stage]: [] },
      };
    case 'seatOpened':
    case 'handedOver':
      if (stage === undefined) return facts;
      return { ...facts, open: { ...facts.open, [stage]: [...(facts.open[stage] ?? []), ...holdersOf(event)] } };
    case 'answered': {
      const person = textOf(event, 'actor');
      if (stage === undefined || person === undefined) return facts;
      return { ...facts, answered: { ...facts.answered, [stage]: added(facts.answered[stage] ?? [], person) } };
    }
    case 'stageDecided':
    case 'signatureLapsed': {
      if (stage === undefined) return facts;
      const { [stage]: _, ...open } = facts.open;
      return { ...facts, open };
    }
    case 'ended':
      return { ...facts, open: {} };
    default:
      return facts;
  }
}

/** Who a stage or seat that opens or is handed on belongs to: a person where one is named, or else a role. */
export function holdersOf(event: AnyEvent): readonly Holder[] {
  const person = textOf(event, 'to') ?? textOf(event, 'holder') ?? textOf(event, 'person');
  if (person !== undefined) return [{ person }];
  const seat = capacityOf(event['to']) ?? capacityOf(event['seat']);
  return seat ? [{ seat }] : [];
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

function added(people: readonly string[], person: string): readonly string[] {
  return people.includes(person) ? people : [...people, person];
}
