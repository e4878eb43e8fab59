import type { Department } from '../../../store/departments.ts';

/** A department by name, wherever one is mentioned. */
export function presentDepartment(id: string, departments: readonly Department[]) {
  const found = departments.find((department) => department.id === id);
  return { id, name: found?.name ?? id, nameEn: found?.nameEn ?? id };
}
