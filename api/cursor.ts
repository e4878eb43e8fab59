import type { Page, PageRequest, Place } from '../store/keyset.ts';
import { isPart, type PlacePart } from './cursor-parts.ts';
import { Problem } from './problem.ts';

/**
 * Every list that is read page by page, and of what its places are: the sort key and the id of the row that a page ended
 * with. What is not of that was never given out, and would be a fault of the database where it is compared.
 */
export const PLACES = {
  absences: ['time', 'uuid'],
  alerts: ['time', 'uuid'],
  'all-deliveries': ['time', 'text'],
  articles: ['text', 'uuid'],
  calendars: ['text', 'integer'],
  calls: ['time', 'text'],
  cases: ['time', 'text'],
  'catalogue-code': ['text', 'text'],
  'catalogue-drafts': ['time', 'uuid'],
  'catalogue-published': ['time', 'text'],
  'catalogue-relevance': ['ranked', 'text'],
  chains: ['time', 'text'],
  changes: ['bigint', 'text'],
  deliveries: ['time', 'text'],
  differences: ['integer', 'uuid'],
  downloads: ['bigint', 'bigint'],
  drifts: ['time', 'uuid'],
  events: ['integer', 'text'],
  grants: ['time', 'text'],
  imports: ['time', 'uuid'],
  links: ['text', 'text'],
  'map-grants': ['text', 'text'],
  migrations: ['integer', 'text'],
  needs: ['text', 'uuid'],
  notices: ['bigint', 'text'],
  'open-articles': ['text', 'uuid'],
  'open-entries-code': ['text', 'text'],
  'open-entries-published': ['time', 'text'],
  'open-entries-relevance': ['ranked', 'text'],
  people: ['text', 'text'],
  reads: ['bigint', 'bigint'],
  reconciliations: ['time', 'uuid'],
  services: ['text', 'text'],
  sessions: ['time', 'uuid'],
  'share-request-drafts': ['time', 'uuid'],
  'sharing-lines': ['time', 'text'],
  subscriptions: ['time', 'uuid'],
  synonyms: ['text', 'integer'],
  'tasks-due': ['date', 'text'],
  'tasks-newest': ['time', 'text'],
  'webhook-deliveries': ['time', 'uuid'],
  webhooks: ['time', 'uuid'],
} as const satisfies Readonly<Record<string, readonly [PlacePart, PlacePart]>>;

export type ListKind = keyof typeof PLACES;
/** A list, or one of several of a kind: a place in one is none in another. */
export type ListName = ListKind | `${ListKind}:${string}`;

/** Cursors are opaque to callers: where a page ended, and in which list. */
export function encodeCursor(list: ListName, place: Place): string {
  return Buffer.from(JSON.stringify([list, ...place])).toString('base64url');
}

/** @throws {Problem} when the cursor is not one that this list gave */
export function decodeCursor(list: ListName, cursor: string): Place {
  const parts = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (Array.isArray(parts) && parts.length === 3 && parts[0] === list) {
    const [, key, id] = parts as readonly unknown[];
    const [ofKey, ofId] = PLACES[list.split(':', 1)[0] as ListKind];
    if (isPart(ofKey, key) && isPart(ofId, id)) return [key, id];
  }
  throw new Problem('Invalid', { faults: [{ pointer: '/query/cursor', code: 'Malformed' }] });
}

export function pageRequest(list: ListName, query: { limit: number; cursor?: string | undefined }): PageRequest {
  const { limit, cursor } = query;
  return cursor === undefined ? { limit } : { limit, after: decodeCursor(list, cursor) };
}

/** A page as it is answered. */
export function presentPage<T, U>(
  list: ListName,
  page: Page<T>,
  present: (item: T) => U,
): { items: U[]; nextCursor: string | null } {
  return { items: page.items.map(present), nextCursor: page.next ? encodeCursor(list, page.next) : null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
