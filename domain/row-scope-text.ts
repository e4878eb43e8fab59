import type { Item } from './catalogue.ts';
import type { RowScope, ScopeCondition, ScopeOperator, ScopeScalar } from './row-scope-language.ts';

export type Language = 'zh' | 'en';

/** How many values of a list a sentence names before it only counts. */
const NAMED = 10;

const EVERY_ROW = { zh: '全部数据行', en: 'every row' } as const;

/** `{}` stands for the value or values. */
const PHRASES: Readonly<Record<ScopeOperator, Readonly<Record<Language, string>>>> = {
  eq: { zh: '等于{}', en: 'is {}' },
  ne: { zh: '不等于{}', en: 'is not {}' },
  in: { zh: '为以下之一：{}', en: 'is one of {}' },
  lt: { zh: '小于{}', en: 'is less than {}' },
  le: { zh: '不大于{}', en: 'is at most {}' },
  gt: { zh: '大于{}', en: 'is more than {}' },
  ge: { zh: '不小于{}', en: 'is at least {}' },
  between: { zh: '介于{}之间（含两端）', en: 'is between {}, both included' },
  startsWith: { zh: '以{}开头', en: 'starts with {}' },
  isNull: { zh: '为空', en: 'has no value' },
  notNull: { zh: '不为空', en: 'has a value' },
};

/**
 * A row scope as one sentence that an approver can read, with the items' names. Of long lists the first ten values are
 * named and the rest counted. Items that the entry does not have appear by their id.
 */
export function describeRowScope(scope: RowScope, items: readonly Item[], lang: Language): string {
  if (scope.all.length === 0) return EVERY_ROW[lang];
  const parts = scope.all.map((condition) => describeCondition(condition, items, lang));
  return lang === 'zh' ? parts.join('，且') : parts.join(', and ');
}

function describeCondition(condition: ScopeCondition, items: readonly Item[], lang: Language): string {
  const item = items.find(({ id }) => id === condition.item);
  const name = (lang === 'zh' ? item?.name : item?.nameEn) ?? condition.item;
  const phrase = PHRASES[condition.operator][lang].replace('{}', () => describeValue(condition, lang));
  return lang === 'zh' ? `${name}${phrase}` : `${name} ${phrase}`;
}

function describeValue({ operator, value }: ScopeCondition, lang: Language): string {
  if (value === undefined) return '';
  if (!Array.isArray(value)) return quoted(value as ScopeScalar, lang);
  const values: readonly ScopeScalar[] = value;
  if (operator === 'between') return values.map((one) => quoted(one, lang)).join(lang === 'zh' ? '与' : ' and ');
  const named = values.slice(0, NAMED).map((one) => quoted(one, lang));
  const rest = values.length - named.length;
  if (rest === 0) return named.join(lang === 'zh' ? '、' : ', ');
  return lang === 'zh' ? `${named.join('、')}等${values.length}个值` : `${named.join(', ')} and ${rest} more`;
}

const LOGICAL = { zh: { true: '是', false: '否' }, en: { true: 'yes', false: 'no' } } as const;

function quoted(value: ScopeScalar, lang: Language): string {
  if (typeof value === 'boolean') return LOGICAL[lang][value ? 'true' : 'false'];
  if (typeof value === 'number') return String(value);
  return `“${value}”`;
}
