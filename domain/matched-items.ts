import type { Entry } from './catalogue.ts';
import { normalised } from './search-words.ts';

export interface MatchedItem {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string;
}

/** More would be a list of its own. */
const MOST = 6;

/** Items of an entry whose names or ids have one of the words, which are normalised already; the first few of them. */
export function itemsWith({ items }: Pick<Entry, 'items'>, words: readonly string[]): MatchedItem[] {
  return items
    .filter(({ id, name, nameEn }) => {
      const texts = [id, name, nameEn].map(normalised);
      return words.some((word) => texts.some((text) => text.includes(word)));
    })
    .slice(0, MOST)
    .map(({ id, name, nameEn }) => ({ id, name, nameEn }));
}
