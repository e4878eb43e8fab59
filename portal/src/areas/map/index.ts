import { Waypoints } from 'lucide-vue-next';
import type { Area } from '../areas.ts';

/** Who supplies what to whom, for everybody who reads the catalogue. */
export const map: Area = {
  name: 'map',
  routes: [{ path: '/map', name: 'map', component: () => import('./MapPage.vue') }],
  places: [{ to: '/map', word: 'map', icon: Waypoints, group: 'find' }],
};
