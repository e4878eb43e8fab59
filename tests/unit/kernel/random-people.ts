import type { Absent, StaffLine } from '../../../domain/case.ts';
import type { Actor, Role } from '../../../domain/language.ts';
import { addDays } from '../../../domain/civil-date.ts';
import { APPLICANT } from '../../support/cases.ts';
import { PROVIDERS, REQUESTER } from './random-forms.ts';

const SEAT_ROLES: readonly Role[] = ['sharing-lead', 'reviewer'];
export const BUREAU = 'data-bureau';

export const AUTHORITY: Actor = { person: 'bureau.1', department: BUREAU, roles: ['authority'] };

/** Two of each role in every department, one with both, the applicant in other capacities, the authority, a stranger. */
export const PEOPLE: readonly Actor[] = [
  APPLICANT,
  ...[REQUESTER, ...PROVIDERS].flatMap((department): Actor[] => [
    { person: `${department}.lead.1`, department, roles: ['sharing-lead'] },
    { person: `${department}.lead.2`, department, roles: ['sharing-lead'] },
    { person: `${department}.reviewer.1`, department, roles: ['reviewer'] },
    { person: `${department}.reviewer.2`, department, roles: ['reviewer'] },
    { person: `${department}.both`, department, roles: [...SEAT_ROLES] },
    { person: `${department}.clerk`, department, roles: [] },
  ]),
  { ...APPLICANT, roles: ['requester', ...SEAT_ROLES] },
  { ...APPLICANT, department: PROVIDERS[0], roles: SEAT_ROLES },
  { person: 'both', department: REQUESTER, roles: ['requester', ...SEAT_ROLES] },
  { person: 'both', department: PROVIDERS[0], roles: SEAT_ROLES },
  AUTHORITY,
  { person: 'bureau.2', department: BUREAU, roles: ['authority', 'reviewer'] },
  { person: 'stranger', department: 'education', roles: SEAT_ROLES },
];

/** The staff of every department, as the API would look it up. The applicant's second capacity is not on it. */
export const STAFF: readonly StaffLine[] = [REQUESTER, ...PROVIDERS, BUREAU].flatMap((department) =>
  SEAT_ROLES.map((role) => ({
    role,
    department,
    people: [
      ...new Set(
        PEOPLE.filter((one) => one.department === department && one.roles.includes(role)).map(({ person }) => person),
      ),
    ],
  })),
);

/** Somebody whom this person stands in for around a day, or on the days before it, when it is over. */
export function absentFor(actor: Actor, { pick, day }: { readonly pick: number; readonly day: string }): Absent {
  const others = PEOPLE.filter(({ department, person }) => department === actor.department && person !== actor.person);
  const other = others[pick % Math.max(1, others.length)] ?? actor;
  const isOver = pick % 11 === 0;
  return { ...other, from: addDays(day, -9), until: addDays(day, isOver ? -1 : 1 + (pick % 3)) };
}
