import { isLatin, isShort } from './search-words.ts';

/** What a search looks for words in, of one entry. Normalised. */
export interface Searched {
  /** All texts of the entry, a line each. */
  readonly text: string;
  readonly code: string;
  /** Pinyin initials of the name: two letters are looked for there alone. */
  readonly initials: string;
  /** Initials and full pinyin of the name and of each item. */
  readonly sounds: readonly string[];
}

/**
 * Whether a search for these words finds an entry: each of them, or one of its synonyms, stands in it. The same as the
 * search says from its indexes, for when many searches are asked of one entry rather than one of many.
 */
export function hasWords(entry: Searched, words: readonly string[], synonyms: readonly (readonly string[])[]): boolean {
  return words.every((word) =>
    [word, ...synonyms.filter((group) => group.includes(word)).flat()].some((text) => hasText(entry, text)),
  );
}

function hasText({ text, code, initials, sounds }: Searched, asked: string): boolean {
  if (text.includes(asked) || (/^\d[\d/]*$/.test(asked) && code.startsWith(asked))) return true;
  if (!isLatin(asked)) return false;
  if (isShort(asked)) return asked.length === 2 && initials.includes(asked);
  return sounds.some((sound) => sound.includes(asked));
}
