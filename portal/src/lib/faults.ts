import type { FieldError } from '../api/problem.ts';

/** What is wrong with what a pointer leads to; `within`: and with what lies below it. */
export function faultsAt(faults: readonly FieldError[], pointer: string, within = false): string[] {
  const found = faults.filter((one) => one.pointer === pointer || (within && one.pointer.startsWith(`${pointer}/`)));
  return [...new Set(found.map(({ message }) => message))];
}
