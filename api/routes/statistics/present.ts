import type { Department } from '../../../store/departments.ts';
import type { caseStatistics, HandlingRow } from '../../../store/statistics.ts';
import { presentDepartment } from '../departments/present.ts';

export function presentHandling(row: HandlingRow, departments: readonly Department[]) {
  const { department, median, p90, limited, onTime, promised, onPromise, ...rest } = row;
  return {
    ...rest,
    department: presentDepartment(department, departments),
    medianDays: rounded(median),
    p90Days: rounded(p90),
    byLaw: { limited, onTime },
    byPromise: { limited: promised, onTime: onPromise },
  };
}

export function presentCases(
  { byProcess, byDepartment }: Awaited<ReturnType<typeof caseStatistics>>,
  departments: readonly Department[],
) {
  return {
    byProcess: byProcess.map(({ median, ...rest }) => ({ ...rest, medianDays: rounded(median) })),
    byDepartment: byDepartment.map(({ median, department, ...rest }) => ({
      ...rest,
      department: presentDepartment(department, departments),
      medianDays: rounded(median),
    })),
  };
}

/** A quarter of an hour is a hundredth of a day: nobody needs it finer. */
function rounded(days: number | null): number | null {
  return days === null ? null : Math.round(days * 100) / 100;
}
