import { Megaphone } from 'lucide-vue-next';
import type { Area } from '../areas.ts';

/** What departments lack, for all to see. */
export const needs: Area = {
  name: 'needs',
  routes: [
    { path: '/needs', name: 'needs', component: () => import('./NeedsPage.vue') },
    { path: '/needs/new', name: 'new-need', component: () => import('./NewNeedPage.vue') },
    { path: '/needs/:id', name: 'need', component: () => import('./NeedPage.vue') },
  ],
  places: [{ to: '/needs', word: 'needs', icon: Megaphone, group: 'find' }],
};
