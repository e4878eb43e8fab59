import { Bell, House, Inbox, Search, Send } from 'lucide-vue-next';
import type { Component } from 'vue';
import type { Role } from '../api/types.ts';
import { AREAS } from '../areas/areas.ts';

/** In the order of the rail, each once, whichever area its places are of. */
const GROUPS = ['find', 'use', 'provide', 'watch', 'administer', 'own'] as const;
type Group = (typeof GROUPS)[number];

export interface Place {
  readonly to: string;
  readonly word: string;
  readonly icon: Component;
  /** Absent: for everybody. */
  readonly roles?: readonly Role[];
  /** Absent: before all groups. */
  readonly group?: Group;
}

/** Whoever may have a part in a case: all but those who look after the platform. */
const TAKING_PART: readonly Role[] = ['requester', 'sharing-lead', 'reviewer', 'integrator', 'authority', 'auditor'];

/** Where the rail leads; who may do what there is for the API to say. */
const PLACES: readonly Place[] = [
  { to: '/', word: 'home', icon: House },
  { to: '/tasks', word: 'tasks', icon: Inbox, roles: TAKING_PART },
  { to: '/requests', word: 'requests', icon: Send, roles: ['requester'] },
  { to: '/notices', word: 'notices', icon: Bell },
  { to: '/catalogue', word: 'catalogue', icon: Search, group: 'find' },
];

export function placesFor(roles: readonly Role[]): Place[] {
  const order = ({ group }: Place): number => (group === undefined ? -1 : GROUPS.indexOf(group));
  return [...PLACES, ...AREAS.flatMap((area) => area.places)]
    .filter((place) => !place.roles || place.roles.some((role) => roles.includes(role)))
    .toSorted((one, other) => order(one) - order(other));
}
