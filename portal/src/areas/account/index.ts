import type { Area } from '../areas.ts';

/** What belongs to the person and not to their work: where they are logged in, their password. The menu of the identity leads here. */
export const account: Area = {
  name: 'account',
  routes: [
    { path: '/account/sessions', name: 'sessions', component: () => import('./SessionsPage.vue') },
    { path: '/account/password', name: 'password', component: () => import('./PasswordPage.vue') },
  ],
  places: [],
};
