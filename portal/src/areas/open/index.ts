import { Newspaper } from 'lucide-vue-next';
import type { Area } from '../areas.ts';

/** The public site, for anybody; and the place where the authority writes what it says. */
export const open: Area = {
  name: 'open',
  routes: [
    {
      path: '/open',
      component: () => import('./OpenShell.vue'),
      meta: { isPublic: true },
      children: [
        { path: '', name: 'open', component: () => import('./OpenHome.vue') },
        { path: 'data', name: 'open-data', component: () => import('./OpenData.vue') },
        { path: 'data/:id', name: 'open-entry', component: () => import('./OpenEntryPage.vue') },
        { path: 'statistics', name: 'open-statistics', component: () => import('./OpenStatistics.vue') },
        { path: 'news', name: 'open-news', component: () => import('./OpenArticles.vue'), props: { kind: 'news' } },
        {
          path: 'policies',
          name: 'open-policies',
          component: () => import('./OpenArticles.vue'),
          props: { kind: 'policy' },
        },
        {
          path: 'training',
          name: 'open-training',
          component: () => import('./OpenArticles.vue'),
          props: { kind: 'training' },
        },
        { path: 'articles/:id', name: 'open-article', component: () => import('./OpenArticlePage.vue') },
        { path: 'search', name: 'open-search', component: () => import('./OpenSearch.vue') },
      ],
    },
    { path: '/open/manage', name: 'articles', component: () => import('./ManagePage.vue') },
    { path: '/open/manage/:id', name: 'edit-article', component: () => import('./EditorPage.vue') },
  ],
  places: [{ to: '/open/manage', word: 'articles', icon: Newspaper, roles: ['authority', 'auditor'], group: 'watch' }],
};
