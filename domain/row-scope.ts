import type { Item } from './catalogue.ts';
import { isDate } from './civil-date.ts';
import type { Fault } from './language.ts';
import type { ScopeOperator, ValueKind } from './row-scope-language.ts';
import { operatorsFor, SCOPE_LIMITS, SCOPE_OPERATORS, valueKindOf } from './row-scope-language.ts';

export type { RowScope, ScopeCondition, ScopeOperator, ScopeScalar, ValueKind } from './row-scope-language.ts';
export { operatorsFor, SCOPE_LIMITS, SCOPE_OPERATORS, valueKindOf } from './row-scope-language.ts';
export { describeRowScope } from './row-scope-text.ts';

type Params = NonNullable<Fault['params']>;
type Report = (path: string, code: ScopeFaultCode, params?: Params) => void;

export const SCOPE_FAULT_CODES = [
  'NotAScope',
  'NotACondition',
  'UnknownMember',
  'TooManyConditions',
  'UnknownItem',
  'UnknownOperator',
  'OperatorUnfit',
  'ValueMissing',
  'ValueNotExpected',
  'ListExpected',
  'ListEmpty',
  'ListTooLong',
  'PairExpected',
  'RangeReversed',
  'WrongType',
  'TooLong',
  'ForbiddenCharacter',
] as const;
export type ScopeFaultCode = (typeof SCOPE_FAULT_CODES)[number];

/**
 * Every fault of a row scope at once; none means that it may be turned into SQL for an entry with these items.
 * Takes whatever came in, so that what is wrong with its shape is told with the rest.
 */
export function checkRowScope(scope: unknown, items: readonly Item[], pointer = '/rowScope'): Fault[] {
  const faults: Fault[] = [];
  const report: Report = (path, code, params) =>
    faults.push(params === undefined ? { pointer: path, code } : { pointer: path, code, params });
  if (!isRecord(scope) || !Array.isArray(scope['all'])) {
    report(pointer, 'NotAScope');
    return faults;
  }
  reportUnknownMembers(scope, ['all'], pointer, report);
  if (scope['all'].length > SCOPE_LIMITS.conditions) {
    report(`${pointer}/all`, 'TooManyConditions', { most: SCOPE_LIMITS.conditions });
    return faults;
  }
  scope['all'].forEach((condition: unknown, i) => checkCondition(condition, items, `${pointer}/all/${i}`, report));
  return faults;
}

function checkCondition(condition: unknown, items: readonly Item[], at: string, report: Report): void {
  if (!isRecord(condition)) return report(at, 'NotACondition');
  reportUnknownMembers(condition, ['item', 'operator', 'value'], at, report);
  const item = items.find(({ id }) => id === condition['item']);
  const operator = SCOPE_OPERATORS.find((known) => known === condition['operator']);
  if (item === undefined) report(`${at}/item`, 'UnknownItem', { item: shown(condition['item']) });
  if (operator === undefined) report(`${at}/operator`, 'UnknownOperator', { operator: shown(condition['operator']) });
  if (item === undefined || operator === undefined) return;
  if (!operatorsFor(item).includes(operator)) {
    return report(`${at}/operator`, 'OperatorUnfit', { operator, item: item.id, type: item.type });
  }
  checkOperand(condition['value'], { item, operator, at: `${at}/value`, report });
}

interface Operand {
  readonly item: Item;
  readonly operator: ScopeOperator;
  readonly at: string;
  readonly report: Report;
}

function checkOperand(value: unknown, { item, operator, at, report }: Operand): void {
  switch (operator) {
    case 'isNull':
    case 'notNull':
      if (value !== undefined) report(at, 'ValueNotExpected', { operator });
      return;
    case 'in':
      if (!Array.isArray(value)) return report(at, value === undefined ? 'ValueMissing' : 'ListExpected', { operator });
      if (value.length === 0) return report(at, 'ListEmpty');
      if (value.length > SCOPE_LIMITS.listed) return report(at, 'ListTooLong', { most: SCOPE_LIMITS.listed });
      value.forEach((one: unknown, i) => checkScalar(one, item, `${at}/${i}`, report));
      return;
    case 'between': {
      if (!Array.isArray(value) || value.length !== 2) return report(at, 'PairExpected', { operator });
      const sound = value.map((one: unknown, i) => checkScalar(one, item, `${at}/${i}`, report));
      if (sound.every(Boolean) && isReversed(value[0], value[1], valueKindOf(item.type))) report(at, 'RangeReversed');
      return;
    }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'startsWith':
      if (value === undefined) return report(at, 'ValueMissing', { operator });
      checkScalar(value, item, at, report);
  }
}

function checkScalar(value: unknown, item: Item, at: string, report: Report): boolean {
  const kind = valueKindOf(item.type);
  if (!isOfKind(value, kind)) {
    report(at, 'WrongType', { item: item.id, kind });
    return false;
  }
  if (typeof value !== 'string') return true;
  const most = Math.min(item.length ?? SCOPE_LIMITS.characters, SCOPE_LIMITS.characters);
  if (kind === 'text' && Array.from(value).length > most) {
    report(at, 'TooLong', { item: item.id, most });
    return false;
  }
  // NUL and half surrogates cannot be stored, other control characters are never part of what an approver can read.
  if (/[\p{Cc}\p{Cs}]/u.test(value)) {
    report(at, 'ForbiddenCharacter', { item: item.id });
    return false;
  }
  return true;
}

function isOfKind(value: unknown, kind: ValueKind): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'date':
      return typeof value === 'string' && isStorableDate(value);
    case 'time':
      return typeof value === 'string' && isTime(value);
    case 'logical':
      return typeof value === 'boolean';
    case 'opaque':
      return false;
  }
}

const TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** PostgreSQL's calendar has no year 0. */
function isStorableDate(value: string): boolean {
  return isDate(value) && !value.startsWith('0000');
}

function isTime(value: string): boolean {
  const date = TIME.exec(value)?.[1];
  return date !== undefined && isStorableDate(date);
}

/** Text and dates compare by code point. Times with different offsets are left to the database: an empty range, no harm. */
function isReversed(low: unknown, high: unknown, kind: ValueKind): boolean {
  if (typeof low === 'number' && typeof high === 'number') return low > high;
  if (typeof low !== 'string' || typeof high !== 'string') return false;
  if (kind === 'time')
    return low.slice(19).replace(/^\.\d+/, '') === high.slice(19).replace(/^\.\d+/, '') && low > high;
  return low > high;
}

function reportUnknownMembers(value: object, known: readonly string[], at: string, report: Report): void {
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) report(`${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, 'UnknownMember');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 60) : typeof value;
}
