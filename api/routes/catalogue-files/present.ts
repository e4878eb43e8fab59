import type { CatalogueImport } from '../../../store/catalogue-imports.ts';
import type { Department } from '../../../store/departments.ts';
import { timeOf, timeOrNull } from '../../time.ts';
import { presentPerson } from '../cases/present.ts';
import { presentDepartment } from '../departments/present.ts';

export interface ImportContext {
  readonly names: ReadonlyMap<string, string>;
  readonly departments: readonly Department[];
}

/** An import with how far it has come, and where to read why entries were refused. */
export function presentImport(one: CatalogueImport, { names, departments }: ImportContext) {
  const { id, name, department, status, entriesTotal, entriesDone, accepted, refused, createdBy, createdAt, endedAt } =
    one;
  return {
    id,
    name,
    department: presentDepartment(department, departments),
    status,
    entries: { total: entriesTotal, done: entriesDone, accepted, refused },
    report: endedAt === null ? null : `/api/catalogue/imports/${id}/report`,
    createdBy: presentPerson(createdBy, names),
    createdAt: timeOf(createdAt),
    endedAt: timeOrNull(endedAt),
    actions: [],
  };
}
