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

/** Single characters and pairs that stand side by side: what words of one and two characters are found by. */
export function gramsOf(text: string): Set<string> {
  const grams = new Set<string>();
  for (const run of normalised(text).split(' ')) {
    const characters = Array.from(run);
    for (const [at, character] of characters.entries()) {
      grams.add(character);
      const next = characters[at + 1];
      if (next !== undefined) grams.add(character + next);
    }
  }
  return grams;
}

/** Whether a word is so short that it has to be looked for among grams: trigrams find nothing shorter than three. */
export function isShort(word: string): boolean {
  return Array.from(word).length <= 2;
}

/** Whether a word may be pinyin: letters and nothing else. */
export function isLatin(word: string): boolean {
  return /^[a-z]+$/.test(word);
}
