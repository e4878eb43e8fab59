import type { Knex } from 'knex';
import { gramsOf, isGram, isLatin, isShort, LONGEST_GRAM, wordsOf } from '../domain/search-words.ts';
import { allOf, anyOf, isNever, type Sql } from './sql-pieces.ts';
import { ANYWHERE, IN_NAME, IN_SOUND } from './catalogue-search.ts';

/** Text that means what was typed: the word itself, or a synonym of it. */
export interface Alternative {
  readonly text: string;
  /** Numbers of the texts of items that are it, that begin with it, and that it occurs in. */
  readonly items: ItemsWith;
}

export interface ItemsWith {
  readonly whole: readonly number[];
  readonly begun: readonly number[];
  /** Empty for short texts, which are found among grams. */
  readonly within: readonly number[];
}

const NO_ITEMS: ItemsWith = { whole: [], begun: [], within: [] };

/** One word of a search; an entry must have one of its alternatives. */
export type SearchWord = readonly Alternative[];

/** Looks up what each word of a search may stand for. */
export async function resolveWords(db: Knex, typed: string): Promise<SearchWord[]> {
  const words = wordsOf(typed);
  if (words.length === 0) return [];
  const groups = await db('catalogue_synonyms').whereRaw('words && ?::text[]', [words]).pluck<string[][]>('words');
  const meant = words.map((word) => [...new Set([word, ...groups.filter((group) => group.includes(word)).flat()])]);
  const items = await itemsWith(db, [...new Set(meant.flat())]);
  return meant.map((texts) => texts.map((text) => ({ text, items: items.get(text) ?? NO_ITEMS })));
}

async function itemsWith(db: Knex, texts: readonly string[]): Promise<Map<string, ItemsWith>> {
  const looked = texts.map((text) => {
    const short = isShort(text);
    return {
      text,
      short,
      like: short ? beginning(text) : part(text),
      latin: !short && isLatin(text) ? part(text) : null,
    };
  });
  const { rows } = await db.raw<{ rows: ({ text: string } & ItemsWith)[] }>(
    `select w.text, coalesce(array_agg(t.id) filter (where t.text = w.text), '{}') as whole,
            coalesce(array_agg(t.id) filter (where starts_with(t.text, w.text)), '{}') as begun,
            coalesce(array_agg(t.id) filter (where not w.short), '{}') as within
       from jsonb_to_recordset(?::jsonb) as w(text text, short boolean, "like" text, latin text)
       join catalogue_terms t on t.text like w.like or t.pinyin like w.latin
      group by w.text`,
    [JSON.stringify(looked)],
  );
  return new Map(rows.map(({ text, ...items }) => [text, items]));
}

/** Entries whose names have all the words, in characters or by sound, or whose codes begin with them. */
export function inNames(words: readonly SearchWord[]): Sql {
  return allFound(words, (word) => [...has([IN_NAME, IN_SOUND], word), ...codesOf(word)]);
}

/** Entries that have all the words, wherever. */
export function anywhere(words: readonly SearchWord[]): Sql {
  return allFound(words, (word) => [...has([ANYWHERE], word), ...inTerms(word, ({ within }) => within)]);
}

/** One of the ways by which a word is found. */
interface Way extends Sql {
  /** The index answers with more than fits, so that each row is read. */
  readonly isRead?: true;
  /** The one gram that it looks for. */
  readonly gram?: string;
}

/** Entries that have all the words, each in one of some ways. */
export function allFound(words: readonly SearchWord[], waysOf: (word: SearchWord) => readonly Way[]): Sql {
  const all = words.map(waysOf);
  // What several lists of the index have in common it finds at once.
  const grams = all.flatMap(([way, ...others]) => (way?.gram !== undefined && others.length === 0 ? way.gram : []));
  if (words.length > 1 && grams.length === words.length) {
    return { sql: 's.grams @> ?::text[]', bindings: [grams] };
  }
  return allOf(
    all.map((ways) => {
      if (ways.length <= 1) return anyOf(ways);
      // By their ids, so that what else the entry may be found by need not be read again.
      const apart = anyOf(ways.map((way) => (way.isRead ? foundFirst(way, '= any(array(', '))') : way)));
      // All that one word finds, for itself: to look into the grams of what another one found would take far longer.
      return words.length === 1 ? apart : foundFirst(apart, 'in (', ' offset 0)');
    }),
  );
}

function foundFirst({ sql, bindings }: Sql, open: string, close: string): Sql {
  return { sql: `s.entry_id ${open}select s.entry_id from catalogue_search s where ${sql}${close}`, bindings };
}

/** What of an entry holds which gram, and where a word that is longer than grams is looked for. */
const COLUMNS_OF: Readonly<Record<string, readonly string[]>> = {
  [IN_NAME]: ['name'],
  [IN_SOUND]: ['pinyin'],
  [ANYWHERE]: ['name', 'rest', 'pinyin'],
};

/** Found by one list of the index where the word is a gram; a longer one by all its grams, and then read. */
export function has(places: readonly string[], word: SearchWord): Way[] {
  const texts = word.map(({ text }) => text);
  const grams = texts.filter(isGram).flatMap((text) =>
    // What is not all letters is among the sounds of no name.
    places.filter((place) => place !== IN_SOUND || isLatin(text)).map((place) => place + text),
  );
  const [gram] = grams;
  const long = texts.filter((text) => !isGram(text)).flatMap((text) => places.map((place) => longIn(place, text)));
  const only = gram !== undefined && grams.length === 1 ? { gram } : {};
  const listed = grams.length > 0 ? [{ sql: 's.grams && ?::text[]', bindings: [grams], ...only }] : [];
  return [...listed, ...long.filter((one) => !isNever(one)).map((one) => ({ ...one, isRead: true as const }))];
}

function longIn(place: string, text: string): Sql {
  const sounds = isLatin(text);
  const read = (COLUMNS_OF[place] ?? []).filter((column) => column !== 'pinyin' || sounds);
  if (read.length === 0) return anyOf([]);
  const grams = Array.from(gramsOf(text, { least: LONGEST_GRAM }), (gram) => place + gram);
  return allOf([
    { sql: 's.grams @> ?::text[]', bindings: [grams] },
    anyOf(read.map((column) => contains(`s.${column}`, text))),
  ]);
}

/** Whether a column has a text in it, read from the row. */
export function contains(column: string, text: string): Sql {
  return { sql: `strpos(${column}, ?) > 0`, bindings: [text] };
}

export function inTerms(word: SearchWord, which: (items: ItemsWith) => readonly number[]): Sql[] {
  const terms = [...new Set(word.flatMap(({ items }) => which(items)))];
  return terms.length > 0 ? [{ sql: 's.terms && ?::integer[]', bindings: [terms] }] : [];
}

/** Digits, with or without the slash and the number behind it, may begin a code. */
export function codeOf(text: string): Sql[] {
  return /^\d[\d/]*$/.test(text) ? [{ sql: 's.code like ?', bindings: [`${text}%`] }] : [];
}

export function codesOf(word: SearchWord): Sql[] {
  return word.flatMap(({ text }) => codeOf(text));
}

/** A pattern of `like` for what begins with a text. */
function beginning(text: string): string {
  return `${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

/** A pattern of `like` for text anywhere. */
function part(text: string): string {
  return `%${beginning(text)}`;
}
