import { i18n, localeNow } from '../i18n.ts';
import type { DepartmentRef } from '../api/types.ts';

/** A department by the name that people in its city call it by: without the city's. */
export function departmentName({ name, nameEn }: DepartmentRef): string {
  return localeNow() === 'en' ? nameEn : name.replace(/^[^市]{2,6}市(?=.{2,})/u, '');
}

/** One letter that stands for a department. */
export function departmentMark(department: DepartmentRef): string {
  return departmentName(department).slice(0, 1);
}

/** `公安局 · 审核岗` */
export function seatName(department: DepartmentRef, role: string): string {
  return `${departmentName(department)} · ${word('role', role)}`;
}

/** A word of the platform's vocabulary; what no file has is shown as it is. */
export function word(group: string, value: string): string {
  const key = `${group}.${value}`;
  return i18n.global.te(key) || i18n.global.te(key, 'zh-CN') ? i18n.global.t(key) : value;
}

/** What has a name in both languages. */
export function named({ name, nameEn }: { readonly name: string; readonly nameEn: string }): string {
  return localeNow() === 'en' ? nameEn : name;
}
