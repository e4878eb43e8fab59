import type { DepartmentRef } from '../../api/types.ts';
import { i18n } from '../../i18n.ts';
import { departmentName, word } from '../../lib/names.ts';
import type { DirectoryChange } from './types.ts';

function shown(name: string, value: unknown, known: ReadonlyMap<string, DepartmentRef>): string {
  if (name === 'roles' && Array.isArray(value)) {
    return value.map((role) => word('role', String(role))).join('、') || i18n.global.t('administer.people.noRole');
  }
  const department = name === 'department' ? known.get(String(value)) : undefined;
  return department
    ? departmentName(department)
    : typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : JSON.stringify(value);
}

/** What a change did, field by field: `岗位由“审核岗”改为“申请岗”`. */
export function linesOfChange(
  { before, after }: Pick<DirectoryChange, 'before' | 'after'>,
  known: ReadonlyMap<string, DepartmentRef>,
): string[] {
  const { t } = i18n.global;
  return Object.entries(after).map(([name, value]) => {
    const field = t(`administer.field.${name}`);
    return name in before
      ? t('administer.people.became', {
          field,
          before: shown(name, before[name], known),
          after: shown(name, value, known),
        })
      : t('administer.people.is', { field, after: shown(name, value, known) });
  });
}
