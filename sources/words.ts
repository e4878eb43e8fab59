import type { MaskRule } from '../domain/catalogue.ts';
import type { ScopeCondition } from '../domain/row-scope.ts';
import type { Column, Columns } from './columns.ts';

/** Expressions of SQL. What they take and give are expressions too, never values of anybody's. */
export interface Words {
  literal(text: string): string;
  /** The text that the canonical form has for a value, as a text that compares byte by byte or as the database does. */
  text(expression: string, column: Column | undefined): string;
  /** A value as `copyOut` of this database takes it to give the canonical form. */
  value(expression: string, column: Column | undefined): string;
  /** A masked value: the same as `mask` in domain/masking.ts, NULL for NULL. Takes a text. */
  mask(rule: MaskRule, text: string): string;
  /** A condition of a row scope that `checkRowScope` has found sound, over a table called `s`. */
  condition(condition: ScopeCondition, columns: Columns): string;
  /** What to order by for canonical order: numbers and times by value, text byte by byte. Never null. */
  inOrder(expression: string, column: Column | undefined): string;
  /** What to order texts by: byte by byte, NULL last. */
  inTextOrder(text: string): string;
  /** Ends a query within another one so that the two are not made into one. */
  readonly unmerged: string;
  /**
   * A whole number from 0 to 2^60 made of a text, which tells texts apart. `own`: another database need not come to the same;
   * then `integer` is an integer that the text stands for, where there is one, and may be taken in its place.
   */
  numberOf(text: string, own: boolean, integer?: string): string;
}
