import { FAULTS_OF_CLOCKS } from './faults-of-clocks.ts';
import { FAULTS_OF_PEOPLE } from './faults-of-people.ts';
import { FAULTS_OF_ROUTES } from './faults-of-routes.ts';
import type { Fault } from './faulty.ts';

/** Every fault that is seeded into the kernel. */
export const FAULTS: readonly Fault[] = [...FAULTS_OF_PEOPLE, ...FAULTS_OF_ROUTES, ...FAULTS_OF_CLOCKS];
