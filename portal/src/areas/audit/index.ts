import { ChartColumn, FileSearch, ListChecks, ShieldCheck, UserSearch } from 'lucide-vue-next';
import type { Area } from '../areas.ts';

const WATCHERS = ['auditor', 'authority'] as const;

/** For whoever watches over the whole: looks at everything and changes nothing. Departments see their own figures. */
export const audit: Area = {
  name: 'audit',
  routes: [
    { path: '/audit/cases', name: 'audit-cases', component: () => import('./CasesPage.vue') },
    {
      path: '/audit/cases/:id',
      name: 'audit-case',
      component: () => import('./ReplayPage.vue'),
      meta: { isWide: true },
    },
    { path: '/audit/ledger', name: 'audit-ledger', component: () => import('./LedgerPage.vue') },
    { path: '/audit/readers', name: 'audit-readers', component: () => import('./ReadersPage.vue') },
    { path: '/audit/reads', name: 'audit-reads', component: () => import('./ReadsPage.vue') },
    { path: '/statistics', name: 'statistics', component: () => import('./StatisticsPage.vue') },
  ],
  places: [
    { to: '/audit/cases', word: 'auditCases', icon: FileSearch, roles: WATCHERS, group: 'watch' },
    { to: '/audit/ledger', word: 'auditLedger', icon: ShieldCheck, roles: WATCHERS, group: 'watch' },
    { to: '/audit/readers', word: 'auditReaders', icon: UserSearch, roles: WATCHERS, group: 'watch' },
    { to: '/audit/reads', word: 'auditReads', icon: ListChecks, roles: WATCHERS, group: 'watch' },
    {
      to: '/statistics',
      word: 'statistics',
      icon: ChartColumn,
      roles: [...WATCHERS, 'sharing-lead', 'reviewer', 'requester'],
      group: 'watch',
    },
  ],
};
