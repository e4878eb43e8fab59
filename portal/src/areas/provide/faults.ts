import { i18n } from '../../i18n.ts';
import type { DraftBody } from './types.ts';

/** The id of the control for what a pointer leads to: `/items/3/name` is `at-items-3-name`. */
export function controlId(pointer: string): string {
  return `at${pointer.replaceAll('/', '-')}`;
}

/** What a pointer leads to, in words: `第 4 个信息项“姓名” · 名称`. */
export function placeWords(pointer: string, body: DraftBody): string {
  const { t, te } = i18n.global;
  const [, , at, field] = /^(\/items\/(\d+))(?:\/(.+))?$/.exec(pointer) ?? [];
  if (at !== undefined) {
    const item = body.items?.[Number(at)];
    const name = item?.name || item?.id || '';
    const place = t('provide.items.at', { n: Number(at) + 1, name });
    return field === undefined ? place : `${place} · ${t(`provide.items.field.${field}`)}`;
  }
  const named = pointer
    .slice(1)
    .replaceAll(/\/\d+$/g, '')
    .replaceAll('/', '.');
  const key = `provide.field.${named.replaceAll('.', '-')}`;
  return te(key) || te(key, 'zh-CN') ? t(key) : named;
}

/** Leads to the control for a pointer, or for the nearest thing that it lies in. */
export function focusOn(pointer: string): boolean {
  const parts = pointer.split('/');
  for (let many = parts.length; many > 1; many -= 1) {
    const found = document.getElementById(controlId(parts.slice(0, many).join('/')));
    if (!found) continue;
    found.focus();
    found.scrollIntoView({ block: 'center' });
    return true;
  }
  return false;
}
