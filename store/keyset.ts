/** A page of a list that is read on by the place where the last one ended, so that rows that come in shift nothing. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: Place;
}

/** The sort key of a row and its id, both as text. */
export type Place = readonly [key: string, id: string];

export interface PageRequest {
  readonly limit: number;
  readonly after?: Place;
}

/** Cuts what was read with one row more than asked for into a page. `placeOf` tells where a row stands. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  { placeOf, read }: { readonly placeOf: (row: R) => Place; readonly read: (row: R) => T },
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(read);
  return rows.length > limit && last !== undefined ? { items, next: placeOf(last) } : { items };
}

/** A row without the text of its sort key, which is nobody's business but the page's. */
export function withoutKey<R extends { readonly key: string }>(row: R): Omit<R, 'key'> {
  const { key: _, ...rest } = row;
  return rest;
}
