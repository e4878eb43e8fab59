import { defineAsyncComponent } from 'vue';

/** The diagram of a route, which comes in with its viewer once a page shows one. */
export const RouteDiagramLazy = defineAsyncComponent(() => import('./RouteDiagram.vue'));
