import { z } from 'zod';
import { isDate } from '../domain/civil-date.ts';

/** Text of a person: no control characters but line breaks and tabs, no half surrogates; lengths in UTF-16 units. */
export function text(least: number, most: number): z.ZodString {
  return z
    .string()
    .trim()
    .min(least)
    .max(most)
    .refine((value) => value.isWellFormed() && !/[^\P{Cc}\n\r\t]/u.test(value), {
      params: { code: 'ForbiddenCharacter' },
    });
}

/** An id in a path or a query: opaque, but never anything that a database could not hold. */
export const id = z.string().regex(/^[\w.:~+=@-]{1,260}$/);

export const idParams = z.object({ id });

/** Written as a date; whether there is such a day is told together with whatever else is wrong. */
export const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, { abort: true })
  .meta({ format: 'date' });
/** A day that exists, where nothing else looks at it before the database does. */
export const day = date.refine(isDay, { params: { code: 'DateUnknown' } });
/** PostgreSQL's calendar has no year 0. */
export function isDay(text: string): boolean {
  return isDate(text) && !text.startsWith('0000');
}
export const time = z.string().meta({ format: 'date-time', example: '2026-11-25T11:46:42.000+08:00' });

/** What every list takes. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(2_000).optional(),
};

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const departmentRef = z.object({ id: z.string(), name: z.string(), nameEn: z.string() });
export const personRef = z.object({ id: z.string(), name: z.string() });

export const problem = z
  .object({
    type: z.string().meta({ example: '/problems/already-decided' }),
    title: z.string(),
    detail: z.string().optional().meta({ description: 'What to do next, in the caller’s language.' }),
    status: z.number().int(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

/** Where the outcome of a command that takes longer can be asked for. */
export const acceptedCommand = z
  .object({ id: z.string(), status: z.literal('pending'), href: z.string() })
  .meta({ id: 'AcceptedCommand' });
