import type { ListOf } from './answers.ts';
import type { Ask, Client } from './client.ts';
import { Failure } from './failure.ts';
import type { Say } from './language.ts';

/** How many items of a list are fetched where nothing is said. */
export const USUAL_LIMIT = '50';
const PAGE = 200;

/** The first `limit` items of a list, page after page. `nextCursor` says whether there are more. */
export async function listed<T>(
  client: Client,
  path: string,
  { query, limit }: { readonly query: NonNullable<Ask['query']>; readonly limit: number },
): Promise<ListOf<T>> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await client.get<ListOf<T>>(path, { ...query, limit: Math.min(PAGE, limit - items.length), cursor });
    items.push(...page.items);
    if (page.nextCursor === null || items.length >= limit) return { items, nextCursor: page.nextCursor };
    cursor = page.nextCursor;
  }
}

/** @throws {Failure} usage */
export function limitOf(text: string, say: Say): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new Failure(
    'usage',
    say(`--limit 应为 1 至 10000 的整数：${text}`, `--limit is a whole number from 1 to 10000: ${text}`),
  );
}

/** The line under a list that says that there is more. */
export function moreLine(list: ListOf<unknown>, say: Say): string[] {
  return list.nextCursor === null ? [] : [say('……还有更多，用 --limit 多列一些', '… there are more: raise --limit')];
}
