import { reactive } from 'vue';
import type { Me } from './api/types.ts';

/** Who is logged in here. `isLost`: the session has ended while pages were open, and what is on them stays. */
export const session = reactive<{ me: Me | undefined; isLost: boolean }>({ me: undefined, isLost: false });
