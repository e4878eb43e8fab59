import { CalendarDays, RadioTower, Route, Settings, SlidersHorizontal, Users, Webhook } from 'lucide-vue-next';
import type { Area } from '../areas.ts';

/** For those who keep the platform: people, routes, calendars, links, webhooks, limits; and what everybody sets for themselves. */
export const administer: Area = {
  name: 'administer',
  routes: [
    { path: '/admin/people', name: 'admin-people', component: () => import('./PeoplePage.vue') },
    { path: '/admin/people/new', name: 'admin-person-new', component: () => import('./PersonPage.vue') },
    { path: '/admin/people/:id', name: 'admin-person', component: () => import('./PersonPage.vue') },
    { path: '/admin/routes', name: 'admin-routes', component: () => import('./RoutesPage.vue') },
    { path: '/admin/routes/:id', name: 'admin-route', component: () => import('./RoutePage.vue') },
    {
      path: '/admin/routes/:id/drafts/:draft',
      name: 'admin-route-draft',
      component: () => import('./RouteDraftPage.vue'),
      meta: { isWide: true },
    },
    { path: '/admin/calendars', name: 'admin-calendars', component: () => import('./CalendarsPage.vue') },
    { path: '/admin/links', name: 'admin-links', component: () => import('./LinksPage.vue') },
    { path: '/admin/links/:id', name: 'admin-link', component: () => import('./LinkPage.vue') },
    { path: '/admin/webhooks', name: 'admin-webhooks', component: () => import('./WebhooksPage.vue') },
    { path: '/admin/webhooks/:id', name: 'admin-webhook', component: () => import('./WebhookPage.vue') },
    { path: '/settings/notices', name: 'settings-notices', component: () => import('./NoticeSettingsPage.vue') },
    { path: '/admin/limits', name: 'admin-limits', component: () => import('./LimitsPage.vue') },
    { path: '/settings', redirect: '/settings/notices' },
    { path: '/settings/absences', name: 'settings-absences', component: () => import('./OwnAbsencesPage.vue') },
  ],
  places: [
    {
      to: '/admin/people',
      word: 'people',
      icon: Users,
      roles: ['administrator', 'auditor'],
      group: 'administer',
    },
    { to: '/admin/routes', word: 'routes', icon: Route, roles: ['administrator', 'authority'], group: 'administer' },
    {
      to: '/admin/calendars',
      word: 'calendars',
      icon: CalendarDays,
      roles: ['administrator', 'authority'],
      group: 'administer',
    },
    {
      to: '/admin/links',
      word: 'links',
      icon: RadioTower,
      roles: ['administrator', 'authority', 'auditor', 'integrator'],
      group: 'administer',
    },
    {
      to: '/admin/webhooks',
      word: 'webhooks',
      icon: Webhook,
      roles: ['administrator', 'integrator', 'auditor'],
      group: 'administer',
    },
    { to: '/admin/limits', word: 'limits', icon: SlidersHorizontal, roles: ['administrator'], group: 'administer' },
    { to: '/settings', word: 'settings', icon: Settings, group: 'own' },
  ],
};
