import type { Condition, Item, RowScope } from '../api/types.ts';
import { i18n } from '../i18n.ts';
import { named } from './names.ts';

/** Which rows are asked for, as the sentence that approvers read. */
export function scopeWords(scope: RowScope | undefined, items: readonly Item[]): string {
  const { t } = i18n.global;
  if (!scope || scope.all.length === 0) return t('scope.every');
  return scope.all.map((condition) => conditionWords(condition, items)).join(t('scope.and'));
}

export function conditionWords({ item, operator, value }: Condition, items: readonly Item[]): string {
  const { t } = i18n.global;
  const found = items.find(({ id }) => id === item);
  const values = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const shown = values.map((one) => `“${String(one)}”`).join(t(operator === 'between' ? 'scope.to' : 'scope.or'));
  return t(`scope.phrase.${operator}`, { item: found ? named(found) : item, value: shown });
}
