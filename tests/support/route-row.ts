import type { Ask } from './api.ts';

/** One route: how to ask it rightly, who may and who may not, and what it refuses. */
export interface Row {
  /** The path with the ids of things that exist. */
  readonly path: () => string;
  readonly ask?: () => Ask;
  readonly right?: string;
  /** An account that must not get through, and how it is told. Absent: whoever is logged in may. */
  readonly wrong?: readonly [account: string, status: 403 | 404];
  /** The same route with an input that is refused, and how. Absent: it takes no input. */
  readonly bad?: { readonly path?: () => string; readonly ask?: Ask; readonly status: number };
}
