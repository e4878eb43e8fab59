import type { Item } from './catalogue.ts';
import { epochMilliseconds } from './civil-date.ts';
import { type RowScope, type ScopeCondition, type ScopeScalar, valueKindOf } from './row-scope.ts';

type RecordOf = Readonly<Record<string, unknown>>;

/**
 * Whether a record is within a row scope that `checkRowScope` has found sound: the same rows that `conditionSql` lets
 * through, for what is not in a database. What cannot be compared is outside.
 */
export function isInScope(record: RecordOf, scope: RowScope, items: readonly Item[]): boolean {
  return scope.all.every((condition) => {
    const item = items.find(({ id }) => id === condition.item);
    return item !== undefined && meets(Object.hasOwn(record, item.id) ? record[item.id] : undefined, condition, item);
  });
}

function meets(given: unknown, { operator, value }: ScopeCondition, item: Item): boolean {
  const isNull = given === null || given === undefined;
  if (operator === 'isNull') return isNull;
  if (operator === 'notNull') return !isNull;
  if (isNull) return false;
  const compared = (to: ScopeScalar | undefined): number | undefined => compare(given, to, item);
  const values = Array.isArray(value) ? (value as readonly ScopeScalar[]) : [value as ScopeScalar];
  const [first, last] = [compared(values[0]), compared(values.at(-1))];
  switch (operator) {
    case 'eq':
      return first === 0;
    case 'ne':
      return first !== undefined && first !== 0;
    case 'lt':
      return first !== undefined && first < 0;
    case 'le':
      return first !== undefined && first <= 0;
    case 'gt':
      return first !== undefined && first > 0;
    case 'ge':
      return first !== undefined && first >= 0;
    case 'in':
      return values.some((one) => compared(one) === 0);
    case 'between':
      return first !== undefined && last !== undefined && first >= 0 && last <= 0;
    case 'startsWith':
      return typeof given === 'string' && typeof value === 'string' && given.startsWith(value);
  }
}

/** Below 0, 0 or above: as the item's kind is ordered. Undefined where the two are not of that kind. */
function compare(given: unknown, to: ScopeScalar | undefined, { type }: Item): number | undefined {
  switch (valueKindOf(type)) {
    case 'text':
      return typeof given === 'string' && typeof to === 'string' ? byCodePoint(given, to) : undefined;
    case 'number':
    case 'integer': {
      const number = typeof given === 'string' && /^-?\d+(\.\d+)?$/.test(given) ? Number(given) : given;
      return typeof number === 'number' && typeof to === 'number' ? number - to : undefined;
    }
    case 'date':
      return isDay(given) && typeof to === 'string' ? byCodePoint(given, to) : undefined;
    case 'time':
      return isMoment(given) && typeof to === 'string' ? epochMilliseconds(given) - epochMilliseconds(to) : undefined;
    case 'logical':
      return typeof given === 'boolean' && typeof to === 'boolean' ? Number(given) - Number(to) : undefined;
    case 'opaque':
      return undefined;
  }
}

function isDay(given: unknown): given is string {
  return typeof given === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(given);
}

function isMoment(given: unknown): given is string {
  return (
    typeof given === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/.test(given) &&
    Number.isFinite(epochMilliseconds(given))
  );
}

/** As PostgreSQL compares byte by byte: the order of code points, not of UTF-16 units. */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
