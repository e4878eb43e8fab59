import type { Fault } from '../domain/language.ts';
import { type ProblemCode, TABLE } from './problem-table.ts';

export type { ProblemCode } from './problem-table.ts';
export type Locale = 'zh' | 'en';

export const PROBLEM_CODES = Object.keys(TABLE) as ProblemCode[];

export interface ProblemOptions {
  readonly faults?: readonly Fault[];
  /** Seconds after which it makes sense to try again. */
  readonly retryAfter?: number;
  /** What else the answer says in its head. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the advice on it names. */
  readonly params?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** What a handler throws to refuse. The errors middleware turns it into problem+json (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly faults: readonly Fault[];
  readonly retryAfter: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, options: ProblemOptions = {}) {
    super(code, { cause: options.cause });
    this.code = code;
    this.faults = options.faults ?? [];
    this.retryAfter = options.retryAfter;
    this.headers = options.headers ?? {};
    this.params = options.params ?? {};
  }

  get status(): number {
    return statusOf(this.code);
  }
}

export function statusOf(code: ProblemCode): number {
  return TABLE[code][0];
}

export function titleOf(code: ProblemCode, locale: Locale): string {
  return TABLE[code][locale === 'zh' ? 1 : 2];
}

/** The stable address of a kind of problem: `/problems/already-decided`. */
export function typeOf(code: ProblemCode): string {
  return `/problems/${code.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()}`;
}

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(TABLE, text);
}
