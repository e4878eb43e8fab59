import type { Knex } from 'knex';
import { dateIn } from '../domain/calendar.ts';
import { type Absent, type Command, partiesOf, type StaffLine } from '../domain/case.ts';
import type { Actor } from '../domain/language.ts';
import { type Route, seatsOf, stagesOf } from '../domain/route.ts';
import { absentFor } from '../store/absences.ts';
import { actorsIn, findActor } from '../store/people.ts';
import type { CaseRow } from '../store/cases.ts';
import { Problem } from './problem.ts';

/** Who holds the roles that a route opens a seat for each holder of; nothing where it has no such seat. */
export async function staffFor(db: Knex, route: Route, parties: readonly string[]): Promise<Pick<Command, 'staff'>> {
  const specs = stagesOf(route.root).flatMap((stage) => seatsOf(stage).filter(({ each }) => each));
  if (specs.length === 0) return {};
  const named = specs.map(({ department }) => department).filter((id) => id !== 'requester' && id !== 'provider');
  const people = await actorsIn(db, [...new Set([...parties, ...named])]);
  const lines = new Map<string, StaffLine>();
  for (const { role } of specs) {
    for (const department of new Set(people.map((one) => one.department))) {
      const holders = people.filter((one) => one.department === department && one.roles.includes(role));
      if (holders.length === 0) continue;
      lines.set(`${role} ${department}`, { role, department, people: holders.map(({ person }) => person) });
    }
  }
  return { staff: [...lines.values()] };
}

/** What a command on a case carries beside its action: whom the caller stands in for, and the staff it may need. */
export async function carriedBy(
  db: Knex,
  { state }: CaseRow,
  { actor, at, onBehalf }: { readonly actor: Actor; readonly at: string; readonly onBehalf?: string | undefined },
): Promise<Pick<Command, 'onBehalf' | 'staff'>> {
  const staff = await staffFor(db, state.route, partiesOf(state));
  if (onBehalf === undefined) return staff;
  return { ...staff, onBehalf: await absentPerson(db, { actor, at, onBehalf }) };
}

/** @throws {Problem} NotTheirStandIn unless the caller stands in for this person today */
async function absentPerson(
  db: Knex,
  { actor, at, onBehalf }: { readonly actor: Actor; readonly at: string; readonly onBehalf: string },
): Promise<Absent> {
  const absent = (await absentFor(db, actor.person, dateIn(at))).find(({ person }) => person === onBehalf);
  if (!absent) throw new Problem('NotTheirStandIn', { faults: [{ pointer: '/onBehalf', code: 'NotTheirStandIn' }] });
  return absent;
}

/**
 * By whose rights the policies judge: what the absent may do, and what neither of the two is forbidden. An auditor changes
 * nothing, also not for somebody else.
 */
export function judged(actor: Actor, onBehalf: Absent | undefined): Actor {
  return onBehalf ? { ...onBehalf, roles: [...onBehalf.roles, ...actor.roles] } : actor;
}

/** A person as they could act. @throws {Problem} Invalid where there is no such person */
export async function personNamed(db: Knex, id: string): Promise<Actor> {
  const found = await findActor(db, id);
  if (!found) throw new Problem('Invalid', { faults: [{ pointer: '/to', code: 'PersonUnknown' }] });
  return found;
}
