import type { Task } from '../api/types.ts';
import { isSoon, urgencyOf } from './deadline.ts';

/** The numbers at the top of the home page, which are filters as well. */
export type Filter = 'over' | 'today' | 'soon';

export const FILTERS: Readonly<Record<Filter, (task: Task) => boolean>> = {
  over: (task) => urgencyOf(task.case.deadline) === 'over',
  today: (task) => urgencyOf(task.case.deadline) === 'today',
  soon: (task) => isSoon(task.case.deadline),
};
