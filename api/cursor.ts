import type { Page, PageRequest, Place } from '../store/keyset.ts';
import { Problem } from './problem.ts';

/** Cursors are opaque to callers: where a page ended, and in which list. */
export function encodeCursor(list: string, place: Place): string {
  return Buffer.from(JSON.stringify([list, ...place])).toString('base64url');
}

/** @throws {Problem} when the cursor is not one that this list gave */
export function decodeCursor(list: string, cursor: string): Place {
  const parts = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (Array.isArray(parts) && parts.length === 3 && parts[0] === list && parts.every((part) => isText(part))) {
    return [String(parts[1]), String(parts[2])];
  }
  throw new Problem('Invalid', { faults: [{ pointer: '/query/cursor', code: 'Malformed' }] });
}

export function pageRequest(list: string, query: { limit: number; cursor?: string | undefined }): PageRequest {
  const { limit, cursor } = query;
  return cursor === undefined ? { limit } : { limit, after: decodeCursor(list, cursor) };
}

/** A page as it is answered. */
export function presentPage<T, U>(
  list: string,
  page: Page<T>,
  present: (item: T) => U,
): { items: U[]; nextCursor: string | null } {
  return { items: page.items.map(present), nextCursor: page.next ? encodeCursor(list, page.next) : null };
}

function isText(part: unknown): boolean {
  return typeof part === 'string' && part.isWellFormed() && !part.includes('\0');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
