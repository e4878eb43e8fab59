import type { Process } from '../process.ts';
import { CORRECTION } from './correction.ts';
import { DISPOSAL } from './disposal.ts';
import { DISPUTE } from './dispute.ts';
import { DRIFT } from './drift.ts';
import { MISUSE } from './misuse.ts';
import { OBJECTION } from './objection.ts';
import { PUBLICATION } from './publication.ts';
import { RECONCILIATION } from './reconciliation.ts';

/** Every process that is data alone, in the order in which the documentation names them. */
export const PROCESSES: readonly Process[] = [
  CORRECTION,
  OBJECTION,
  DISPUTE,
  MISUSE,
  DISPOSAL,
  PUBLICATION,
  RECONCILIATION,
  DRIFT,
];
