import { Database, FilePen, GitCompareArrows, PlugZap, Truck } from 'lucide-vue-next';
import type { Area } from '../areas.ts';

/** For those who give: compiling the catalogue, mounting it, services, what was granted and delivered, reconciliations. */
export const provide: Area = {
  name: 'provide',
  routes: [
    { path: '/provide/entries', name: 'provide-entries', component: () => import('./EntriesPage.vue') },
    { path: '/provide/entries/compile', name: 'provide-compile', component: () => import('./CompilePage.vue') },
    { path: '/provide/entries/import', name: 'provide-import', component: () => import('./ImportPage.vue') },
    {
      path: '/provide/entries/drafts/:id',
      name: 'provide-draft',
      component: () => import('./DraftPage.vue'),
      meta: { isWide: true },
    },
    {
      path: '/provide/entries/drafts/:id/file',
      name: 'provide-file',
      component: () => import('./FilePage.vue'),
      meta: { isWide: true },
    },
    {
      path: '/provide/entries/:id/:kind(suspend|resume|withdraw)',
      name: 'provide-entry',
      component: () => import('./EntryStatePage.vue'),
    },
    { path: '/provide/sources', name: 'provide-sources', component: () => import('./SourcesPage.vue') },
    { path: '/provide/sources/new', name: 'provide-source-new', component: () => import('./SourcePage.vue') },
    { path: '/provide/sources/:id', name: 'provide-source', component: () => import('./SourcePage.vue') },
    { path: '/provide/services', name: 'provide-services', component: () => import('./ServicesPage.vue') },
    { path: '/provide/services/new', name: 'provide-service-new', component: () => import('./ServicePage.vue') },
    { path: '/provide/services/:id', name: 'provide-service', component: () => import('./ServicePage.vue') },
    { path: '/provide/grants', name: 'provide-grants', component: () => import('./GrantsPage.vue') },
    { path: '/provide/grants/deliveries/:id', name: 'provide-delivery', component: () => import('./DeliveryPage.vue') },
    {
      path: '/provide/reconciliations',
      name: 'provide-reconciliations',
      component: () => import('./ReconciliationsPage.vue'),
    },
    {
      path: '/provide/reconciliations/new',
      name: 'provide-reconciliation-new',
      component: () => import('./NewReconciliationPage.vue'),
    },
    {
      path: '/provide/reconciliations/:id',
      name: 'provide-reconciliation',
      component: () => import('./ReconciliationPage.vue'),
    },
  ],
  places: [
    {
      to: '/provide/entries',
      word: 'provideEntries',
      icon: FilePen,
      roles: ['reviewer', 'sharing-lead', 'integrator', 'authority'],
      group: 'provide',
    },
    {
      to: '/provide/sources',
      word: 'provideSources',
      icon: Database,
      roles: ['reviewer', 'integrator', 'sharing-lead', 'authority'],
      group: 'provide',
    },
    {
      to: '/provide/services',
      word: 'provideServices',
      icon: PlugZap,
      roles: ['reviewer', 'integrator', 'sharing-lead', 'authority'],
      group: 'provide',
    },
    {
      to: '/provide/grants',
      word: 'provideGrants',
      icon: Truck,
      roles: ['reviewer', 'integrator', 'sharing-lead', 'authority'],
      group: 'provide',
    },
    {
      to: '/provide/reconciliations',
      word: 'provideReconciliations',
      icon: GitCompareArrows,
      roles: ['reviewer', 'sharing-lead', 'integrator', 'authority'],
      group: 'provide',
    },
  ],
};
