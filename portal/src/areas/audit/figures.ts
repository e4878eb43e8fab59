import type { DepartmentRef } from '../../api/types.ts';
import { grouped } from '../../lib/group.ts';
import type { Handling } from './types.ts';

interface Within {
  readonly limited: number;
  readonly onTime: number;
}

export interface DepartmentFigures {
  readonly department: DepartmentRef;
  readonly handled: number;
  readonly open: number;
  readonly overdue: number;
  readonly returned: number;
  readonly law: Within;
  readonly promise: Within;
}

/** Counts add up over the stages of a department; times do not, and are shown by stage. */
export function byDepartment(rows: readonly Handling[]): DepartmentFigures[] {
  return [...grouped(rows, ({ department }) => department.id).values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const sum = (of: (row: Handling) => number): number => own.reduce((all, row) => all + of(row), 0);
    return {
      department: first.department,
      handled: sum(({ handled }) => handled),
      open: sum(({ open }) => open),
      overdue: sum(({ overdue }) => overdue),
      returned: sum(({ returned }) => returned),
      law: { limited: sum(({ byLaw }) => byLaw.limited), onTime: sum(({ byLaw }) => byLaw.onTime) },
      promise: { limited: sum(({ byPromise }) => byPromise.limited), onTime: sum(({ byPromise }) => byPromise.onTime) },
    };
  });
}

/** In whole per cent; null where nothing had a limit. */
export function shareOf({ limited, onTime }: Within): number | null {
  return limited === 0 ? null : Math.round((onTime / limited) * 100);
}

export interface Month {
  /** `2026-11` */
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** So many months up to that of a day, the earliest first. */
export function lastMonths(day: string, count: number): Month[] {
  const [year = 1970, month = 1] = day.split('-').map(Number);
  return Array.from({ length: count }, (_, at) => {
    const first = new Date(Date.UTC(year, month - count + at, 1));
    const last = new Date(Date.UTC(year, month - count + at + 1, 0));
    const from = first.toISOString().slice(0, 10);
    return { name: from.slice(0, 7), from, to: last.toISOString().slice(0, 10) };
  });
}
