import type { Area } from '../areas.ts';

/** Deciding: the inbox with its filters, views and decisions on many at once. */
export const approve: Area = {
  name: 'approve',
  routes: [{ path: '/tasks', name: 'tasks', component: () => import('./InboxPage.vue') }],
  places: [],
};
