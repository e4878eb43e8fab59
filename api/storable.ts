import { z } from 'zod';
import type { Fault } from '../domain/language.ts';
import { escapePointer } from './pointer.ts';

/** Whether PostgreSQL can hold a text, be it by itself or within JSON: no U+0000, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Members that are kept as the JSON that was sent, which holds any text: what people have not finished may be anything. */
export const asWritten = z.registry<Record<string, never>>();

/** An input without those of its members. */
export function withoutAsWritten(schema: z.ZodType, input: unknown): unknown {
  if (!(schema instanceof z.ZodObject) || typeof input !== 'object' || input === null) return input;
  const { shape } = schema as z.ZodObject<Readonly<Record<string, z.ZodType>>>;
  const checked = Object.entries(input).filter(([name]) => {
    const member = Object.hasOwn(shape, name) ? shape[name] : undefined;
    return member === undefined || !asWritten.has(member);
  });
  return Object.fromEntries(checked);
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
