import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router';
import { AREAS } from './areas/areas.ts';
import { loadWords } from './i18n.ts';
import { ownPath } from './lib/links.ts';
import { noteSignedIn, restore, session } from './session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without a session. */
    isPublic?: boolean;
    /** The rail is folded: the page needs the width. */
    isWide?: boolean;
  }
}

/** The pages of an area, whose words come in with the first of them. */
function inArea(area: string, routes: readonly RouteRecordRaw[]): RouteRecordRaw[] {
  return routes.map((route) => ({ ...route, beforeEnter: () => loadWords(area).then(() => true) }));
}

/** Where the API sends a browser that the OpenID provider has vouched for: on to where it was, or nowhere from a tab of its own. */
async function signedIn({ params, query }: RouteLocationNormalized): Promise<true | string> {
  noteSignedIn();
  if (params['apart'] === 'apart') return true;
  await restore().catch(() => undefined);
  return session.me ? ownPath(query['next']) : '/login?refused=failed';
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/login', name: 'login', component: () => import('./pages/LoginPage.vue'), meta: { isPublic: true } },
    {
      path: '/signed-in/:apart(apart)?',
      name: 'signed-in',
      component: () => import('./pages/SignedInPage.vue'),
      meta: { isPublic: true },
      beforeEnter: signedIn,
    },
    { path: '/', name: 'home', component: () => import('./pages/HomePage.vue') },
    { path: '/cases/:id', name: 'case', component: () => import('./pages/CasePage.vue'), meta: { isWide: true } },
    { path: '/requests', name: 'requests', component: () => import('./pages/RequestsPage.vue') },
    { path: '/apply', name: 'apply', component: () => import('./pages/ApplicationPage.vue'), meta: { isWide: true } },
    { path: '/catalogue', name: 'catalogue', component: () => import('./pages/SearchPage.vue') },
    { path: '/catalogue/:id', name: 'entry', component: () => import('./pages/EntryPage.vue') },
    { path: '/notices', name: 'notices', component: () => import('./pages/NoticesPage.vue') },
    ...AREAS.flatMap(({ name, routes }) => inArea(name, routes)),
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('./pages/NowherePage.vue') },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

router.beforeEach(async (to) => {
  await restore().catch(() => undefined);
  if (to.meta.isPublic) return session.me && to.name === 'login' ? { name: 'home' } : true;
  // Nothing else answers before a password of their own is chosen.
  if (session.me?.mustChangePassword) {
    return to.name === 'password' ? true : { name: 'password', query: { next: to.fullPath } };
  }
  return session.me ? true : { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
});
