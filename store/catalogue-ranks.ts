import { isLatin, isShort } from '../domain/search-words.ts';
import { IN_ITEMS, IN_NAME } from './catalogue-search.ts';
import {
  allFound,
  type Alternative,
  anywhere,
  codeOf,
  codesOf,
  contains,
  has,
  inNames,
  inTerms,
  type SearchWord,
} from './catalogue-words.ts';
import { allOf, anyOf, isNever, not, type Sql } from './sql-pieces.ts';

/** A condition as indexes answer it, and as it is read from a row; both say the same. */
interface Condition {
  readonly find: Sql;
  readonly read: Sql;
  /** Entries for which it holds that are seen from the order of codes alone. */
  readonly inCodes?: Sql;
}

/** How well an entry fits: it is so, and nothing better. */
export interface Rank extends Condition {
  readonly rank: number;
  /** Read from the row. */
  readonly noBetter: Sql;
}

/**
 * The ranks, best first: the name is what was typed (0), begins with it (1), has it (2), sounds like it or has it in parts
 * (3); an item is called so (4), begins so (5), has it (6); something else (7). With several words the whole decides in
 * names, the best word in items. Those that no entry can have are left out.
 */
export function ranksOf(words: readonly SearchWord[]): Rank[] {
  const [whole, begun, named, sounding] = namesOf(words);
  const [called, calledFirst, mentioned] = itemsOf(words);
  const rest = { find: anywhere(words), read: allOf(words.map((word) => anyOf(word.map(stands)))) };
  // Each of the first four holds wherever the one before it does, and so does each of the three of items.
  const steps: readonly (readonly [is: Condition, ...better: Condition[]])[] = [
    [whole],
    [begun, whole],
    [named, begun],
    [sounding, named],
    [called, sounding],
    [calledFirst, sounding, called],
    [mentioned, sounding, calledFirst],
    [rest, sounding, mentioned],
  ];
  // An item has the best of several words; the others stand anywhere.
  const others = words.length > 1 ? [rest.read] : [];
  return steps.flatMap(([{ find, read, inCodes }, ...better], rank) =>
    isNever(find)
      ? []
      : [
          {
            rank,
            find,
            read: allOf([read, ...others]),
            noBetter: not(anyOf(better.map((one) => one.read))),
            ...(inCodes ? { inCodes } : {}),
          },
        ],
  );
}

function namesOf(words: readonly SearchWord[]): readonly [Condition, Condition, Condition, Condition] {
  const inCodes = allOf(words.map((word) => anyOf(codesOf(word))));
  const [whole, begun] = [isName(words), beginsWith(words)];
  return [
    { find: whole, read: whole },
    { find: begun, read: begun },
    {
      find: anyOf([allFound(words, (word) => has([IN_NAME], word)), inCodes]),
      read: anyOf([allOf(words.map((word) => anyOf(word.map(({ text }) => contains('s.name', text))))), inCodes]),
      ...(isNever(inCodes) ? {} : { inCodes }),
    },
    // Without letters nothing sounds, and one word is in a name or a code as a whole.
    words.length === 1 && !words.flat().some(({ text }) => isLatin(text))
      ? { find: anyOf([]), read: allOf(words.map((word) => anyOf(word.map(soundsLike)))) }
      : { find: inNames(words), read: allOf(words.map((word) => anyOf(word.map(soundsLike)))) },
  ];
}

function itemsOf(words: readonly SearchWord[]): readonly [Condition, Condition, Condition] {
  const all = words.flat();
  const short = all.filter(({ text }) => isShort(text));
  const within = inTerms(all, (items) => items.within);
  // One word that an item has is had by the entry.
  const among = (found: Sql): Sql => (words.length === 1 ? found : allOf([found, anywhere(words)]));
  const reading = (around: (text: string) => string): Sql =>
    anyOf(all.map(({ text }) => contains('s.items', around(text))));
  return [
    { find: among(anyOf(inTerms(all, ({ whole }) => whole))), read: reading((text) => `\n${text}\n`) },
    { find: among(anyOf(inTerms(all, ({ begun }) => begun))), read: reading((text) => `\n${text}`) },
    {
      find: among(anyOf([...within, ...has([IN_ITEMS], short)])),
      read: anyOf([...short.map(({ text }) => contains('s.items', text)), ...within]),
    },
  ];
}

/** Names that are what was typed. */
function isName(words: readonly SearchWord[]): Sql {
  if (words.length !== 1) return anyOf([]);
  return anyOf(words.flat().map(({ text }) => anyOf([{ sql: 's.name = ?', bindings: [text] }, begins(`${text}\n`)])));
}

/** Names that have all the words and begin with the first. */
function beginsWith(words: readonly SearchWord[]): Sql {
  return allOf([
    anyOf((words[0] ?? []).map(({ text }) => begins(text))),
    ...words.slice(1).map((word) => anyOf(word.map(({ text }) => contains('s.name', text)))),
  ]);
}

/** As a range, which no index but that of beginnings answers. */
function begins(text: string): Sql {
  return { sql: '(s.name ~>=~ ? and s.name ~<~ ?)', bindings: [text, `${text}\u{10FFFF}`] };
}

/** The same as `inNames`, read from the row: what it says of an entry must be what the index says. */
function soundsLike({ text }: Alternative): Sql {
  const pinyin = isShort(text) ? `split_part(s.pinyin, ' ', 1)` : 's.pinyin';
  // One letter is no pinyin: it is no gram of sounds either.
  const sounds = isLatin(text) && text.length > 1;
  return anyOf([contains('s.name', text), ...codeOf(text), ...(sounds ? [contains(pinyin, text)] : [])]);
}

/** Whether an entry has a text anywhere, read from the row. */
function stands(alternative: Alternative): Sql {
  const { text } = alternative;
  return anyOf([
    soundsLike(alternative),
    contains('s.rest', text),
    contains('s.items', text),
    ...inTerms([alternative], ({ within }) => within),
  ]);
}
