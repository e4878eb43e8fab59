import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query';
import { createApp } from 'vue';
import App from './App.vue';
import { i18n } from './i18n.ts';
import { router } from './router.ts';
import { ApiProblem } from './api/problem.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/table.css';

/** What is on the screen changes when its reader says so, never under their pointer; what failed on the way is asked again once. */
const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (failures, error) => failures < 1 && !(error instanceof ApiProblem),
    },
  },
});

createApp(App).use(i18n).use(router).use(VueQueryPlugin, { queryClient }).mount('#app');
