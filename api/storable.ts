import type { Fault } from '../domain/language.ts';
import { escapePointer } from './pointer.ts';

/** Whether PostgreSQL can hold a text, be it by itself or within JSON: no U+0000, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Where in an input there is text that no database holds: in values, and in the names of members. */
export function unstorable(input: unknown, base: string): Fault[] {
  if (typeof input === 'string') return isStorable(input) ? [] : [{ pointer: base, code: 'ForbiddenCharacter' }];
  if (typeof input !== 'object' || input === null || ArrayBuffer.isView(input)) return [];
  return Object.entries(input).flatMap(([name, value]) => {
    const pointer = `${base}/${escapePointer(name)}`;
    return isStorable(name) ? unstorable(value, pointer) : [{ pointer, code: 'ForbiddenCharacter' }];
  });
}
