/** Which rows are asked for: data, never SQL. All conditions hold together; no conditions means every row. */
export interface RowScope {
  readonly all: readonly ScopeCondition[];
}

export const SCOPE_OPERATORS = ['eq', 'ne', 'in', 'lt', 'le', 'gt', 'ge', 'between', 'startsWith', 'isNull', 'notNull'] as const;
export type ScopeOperator = (typeof SCOPE_OPERATORS)[number];
export type ScopeScalar = string | number | boolean;

export interface ScopeCondition {
  readonly item: string;
  readonly operator: ScopeOperator;
  /** A scalar; a list for `in`; two scalars for `between`; absent for `isNull` and `notNull`. */
  readonly value?: ScopeScalar | readonly ScopeScalar[];
}
