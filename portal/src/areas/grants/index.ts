import { BadgeCheck } from 'lucide-vue-next';
import type { Area } from '../areas.ts';

/** Rights over data, for those who hold them and those who gave them. */
export const grants: Area = {
  name: 'grants',
  routes: [
    { path: '/grants', name: 'grants', component: () => import('./GrantsPage.vue') },
    { path: '/grants/:id', name: 'grant', component: () => import('./GrantPage.vue') },
  ],
  places: [
    {
      to: '/grants',
      word: 'grants',
      icon: BadgeCheck,
      roles: ['requester', 'sharing-lead', 'integrator'],
      group: 'use',
    },
  ],
};
