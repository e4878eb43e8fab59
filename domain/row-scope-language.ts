import type { Item, ItemType } from './catalogue.ts';

/** Which rows are asked for: data, never SQL. All conditions hold together; no conditions means every row. */
export interface RowScope {
  readonly all: readonly ScopeCondition[];
}

export const SCOPE_OPERATORS = [
  'eq',
  'ne',
  'in',
  'lt',
  'le',
  'gt',
  'ge',
  'between',
  'startsWith',
  'isNull',
  'notNull',
] as const;
export type ScopeOperator = (typeof SCOPE_OPERATORS)[number];
export type ScopeScalar = string | number | boolean;

/** A row without a value in the item meets `isNull` only: it is neither equal nor unequal to anything. */
export interface ScopeCondition {
  readonly item: string;
  readonly operator: ScopeOperator;
  /** A scalar; a list for `in`; two scalars for `between`, both included; absent for `isNull` and `notNull`. */
  readonly value?: ScopeScalar | readonly ScopeScalar[];
}

/** How much one scope may hold. They bound the SQL that is made of it, and what an approver can be asked to read. */
export const SCOPE_LIMITS = { conditions: 20, listed: 500, characters: 200 } as const;

/** What the values of an item are, as far as conditions go. */
export type ValueKind = 'text' | 'number' | 'integer' | 'date' | 'time' | 'logical' | 'opaque';

export function valueKindOf(type: ItemType): ValueKind {
  switch (type) {
    case 'C':
    case 'M':
      return 'text';
    case 'N':
    case 'Y':
    case 'B':
    case 'F':
      return 'number';
    case 'I':
      return 'integer';
    case 'D':
      return 'date';
    case 'T':
      return 'time';
    case 'L':
      return 'logical';
    case 'G':
      return 'opaque';
  }
}

const PRESENCE = ['isNull', 'notNull'] as const;
const EQUALITY = ['eq', 'ne', ...PRESENCE] as const;
const ORDER = ['eq', 'ne', 'in', 'lt', 'le', 'gt', 'ge', 'between', ...PRESENCE] as const;

/** The operators that make sense for an item: no order among logical values, nothing but presence for general ones. */
export function operatorsFor(item: Item): readonly ScopeOperator[] {
  const kind = valueKindOf(item.type);
  switch (kind) {
    case 'text':
      return SCOPE_OPERATORS;
    case 'number':
    case 'integer':
    case 'date':
    case 'time':
      return ORDER;
    case 'logical':
      return EQUALITY;
    case 'opaque':
      return PRESENCE;
  }
}
