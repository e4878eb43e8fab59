import type { Actor } from '../../../domain/language.ts';
import type { Absence } from '../../../store/absences.ts';
import type { Department } from '../../../store/departments.ts';
import type { Policies } from '../../reach.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentPerson } from '../cases/present.ts';
import { presentDepartment } from '../departments/present.ts';

export interface AbsenceContext {
  readonly actor: Actor;
  readonly today: string;
  readonly policies: Policies;
  readonly departments: readonly Department[];
  readonly names: ReadonlyMap<string, string>;
}

export function standingOf({ from, until, endedAt }: Absence, today: string) {
  if (endedAt) return 'ended' as const;
  if (today > until) return 'over' as const;
  return today < from ? ('to-come' as const) : ('in-force' as const);
}

/** Who is away, who entered it, and whoever keeps the accounts may end it. */
export function mayEnd(
  { person, createdBy, department }: Absence,
  { actor, policies }: Omit<AbsenceContext, 'names' | 'departments' | 'today'>,
) {
  const isOwn = actor.person === person || actor.person === createdBy;
  return isOwn || policies.may(actor, 'manage', 'absence', department);
}

export function presentAbsence(absence: Absence, context: AbsenceContext) {
  const { id, person, standIn, department, from, until, createdBy, createdAt, endedAt } = absence;
  const standing = standingOf(absence, context.today);
  const isOpen = standing === 'to-come' || standing === 'in-force';
  return {
    id,
    from,
    until,
    standing,
    person: presentPerson(person, context.names),
    standIn: presentPerson(standIn, context.names),
    department: presentDepartment(department, context.departments),
    createdBy: presentPerson(createdBy, context.names),
    createdAt: timeOf(createdAt),
    endedAt: timeOrNull(endedAt),
    actions: isOpen && mayEnd(absence, context) ? [{ action: 'end' }] : [],
  };
}
