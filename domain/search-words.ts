/** How texts and what people type are made alike before they are compared: width, case, spaces. */
export function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** At most so many words of a search count. */
const MOST_WORDS = 8;

/** The words of a search, parted by spaces and by the marks that lists are written with, each once. */
export function wordsOf(typed: string): string[] {
  const words = normalised(typed)
    .split(/[\s,;、。]+/u)
    .filter(Boolean);
  return [...new Set(words)].slice(0, MOST_WORDS);
}

/** As many characters as a gram has at most: most words that people type are no longer. */
export const LONGEST_GRAM = 4;

/** What stands side by side in a text, from `least` to `most` characters, never over a space: what words are found by. */
export function gramsOf(
  text: string,
  { least = 1, most = LONGEST_GRAM }: { readonly least?: number; readonly most?: number } = {},
): Set<string> {
  const grams = new Set<string>();
  for (const run of normalised(text).split(' ')) {
    const characters = Array.from(run);
    for (let at = 0; at + least <= characters.length; at += 1) {
      const longest = Math.min(most, characters.length - at);
      for (let length = least; length <= longest; length += 1) grams.add(characters.slice(at, at + length).join(''));
    }
  }
  return grams;
}

/** Whether a word is so short that items have it as a gram: trigrams find nothing shorter than three. */
export function isShort(word: string): boolean {
  return lengthOf(word) <= 2;
}

/** Whether a word is itself a gram. */
export function isGram(word: string): boolean {
  return lengthOf(word) <= LONGEST_GRAM;
}

function lengthOf(word: string): number {
  return Array.from(word).length;
}

/** Whether a word may be pinyin: letters and nothing else. */
export function isLatin(word: string): boolean {
  return /^[a-z]+$/.test(word);
}
