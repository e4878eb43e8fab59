import type { Knex } from 'knex';
import { isLatin, isShort, wordsOf } from '../domain/search-words.ts';
import { IN_INITIALS, IN_ITEMS, IN_NAME, IN_REST } from './catalogue-search.ts';

/** Text that means what was typed: the word itself, or a synonym of it. */
interface Alternative {
  readonly text: string;
  /** Numbers of the texts of items that it occurs in; empty for short ones, which are found among grams. */
  readonly terms: readonly number[];
}

/** One word of a search; an entry must have one of its alternatives. */
export type SearchWord = readonly Alternative[];

/** A piece of SQL with the values for its question marks. */
export interface Sql {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

/** Looks up what each word of a search may stand for. */
export async function resolveWords(db: Knex, typed: string): Promise<SearchWord[]> {
  const words = wordsOf(typed);
  if (words.length === 0) return [];
  const groups = await db('catalogue_synonyms').whereRaw('words && ?::text[]', [words]).pluck<string[][]>('words');
  const meant = words.map((word) => [...new Set([word, ...groups.filter((group) => group.includes(word)).flat()])]);
  const terms = await termsWith(
    db,
    [...new Set(meant.flat())].filter((text) => !isShort(text)),
  );
  return meant.map((texts) => texts.map((text) => ({ text, terms: terms.get(text) ?? [] })));
}

async function termsWith(db: Knex, texts: readonly string[]): Promise<Map<string, number[]>> {
  if (texts.length === 0) return new Map();
  const found = texts.map((text) => ({ text, like: part(text), latin: isLatin(text) ? part(text) : null }));
  const { rows } = await db.raw<{ rows: { text: string; ids: number[] }[] }>(
    `select w.text, array_agg(t.id) as ids
       from jsonb_to_recordset(?::jsonb) as w(text text, "like" text, latin text)
       join catalogue_terms t on t.text like w.like or t.pinyin like w.latin
      group by w.text`,
    [JSON.stringify(found)],
  );
  return new Map(rows.map(({ text, ids }) => [text, ids]));
}

/** Entries whose names have all the words. */
export function inNames(words: readonly SearchWord[]): Sql {
  return allOf(words.map((word) => anyOf(word.map(nameHas))));
}

/** Entries that have all the words, wherever. */
export function anywhere(words: readonly SearchWord[]): Sql {
  return allOf(words.map((word) => anyOf(word.map(entryHas))));
}

function nameHas({ text }: Alternative): Sql {
  const latin = isLatin(text);
  if (isShort(text)) return anyOf([grams([IN_NAME, ...(latin ? [IN_INITIALS] : [])], text), ...codeOf(text)]);
  return anyOf([
    { sql: 's.name like ?', bindings: [part(text)] },
    ...(latin ? [{ sql: 's.pinyin like ?', bindings: [part(text)] }] : []),
    ...codeOf(text),
  ]);
}

function entryHas(alternative: Alternative): Sql {
  const { text, terms } = alternative;
  if (isShort(text)) {
    return anyOf([nameHas(alternative), grams([IN_ITEMS, IN_REST], text)]);
  }
  const inItems = terms.length > 0 ? [{ sql: 's.terms && ?::integer[]', bindings: [terms] }] : [];
  return anyOf([nameHas(alternative), ...inItems, { sql: 's.rest like ?', bindings: [part(text)] }]);
}

function grams(places: readonly string[], text: string): Sql {
  return { sql: 's.grams && ?::text[]', bindings: [places.map((place) => place + text)] };
}

/** Digits, with or without the slash and the number behind it, may begin a code. */
function codeOf(text: string): Sql[] {
  return /^\d[\d/]*$/.test(text) ? [{ sql: 's.code like ?', bindings: [`${text}%`] }] : [];
}

/**
 * How well an entry fits, 0 best: the name is what was typed, begins with it, has it, sounds like it; an item is called
 * so, begins so, has it; something else. With several words or synonyms the whole decides in names, the best word in items.
 */
export function rankOf(words: readonly SearchWord[]): Sql {
  const texts = words.flat().map(({ text }) => text);
  const first = (words[0] ?? []).map(({ text }) => text);
  const allInName = allOf(words.map((word) => anyOf(word.map(({ text }) => within('s.name', text)))));
  const allInNameOrSound = allOf(words.map((word) => anyOf(word.map(soundsLike))));
  const isWhole = words.length === 1 ? texts.map((text) => `\n${text}\n`) : [];
  const steps: readonly Sql[] = [
    anyOf(isWhole.map((text) => within(String.raw`E'\n' || s.name || E'\n'`, text))),
    allOf([anyOf(first.map((text) => ({ sql: 'starts_with(s.name, ?)', bindings: [text] }))), allInName]),
    anyOf([allInName, allOf(words.map((word) => anyOf(word.flatMap(({ text }) => codeOf(text)))))]),
    allInNameOrSound,
    anyOf(texts.map((text) => within('s.items', `\n${text}\n`))),
    anyOf(texts.map((text) => within('s.items', `\n${text}`))),
    anyOf(words.flat().map(({ text, terms }) => (isShort(text) ? within('s.items', text) : hasTerm(terms)))),
  ];
  return {
    sql: `case ${steps.map(({ sql }, rank) => `when ${sql} then ${rank}`).join(' ')} else ${steps.length} end`,
    bindings: steps.flatMap(({ bindings }) => bindings),
  };
}

/** Names come first: an entry that ranks below this has its words in its name. */
export const RANK_OF_ITEMS = 4;

function within(column: string, text: string): Sql {
  return { sql: `strpos(${column}, ?) > 0`, bindings: [text] };
}

/** The same as `nameHas`, read from the row: whatever is found among names ranks among them. */
function soundsLike({ text }: Alternative): Sql {
  const pinyin = isShort(text) ? `split_part(s.pinyin, ' ', 1)` : 's.pinyin';
  return anyOf([within('s.name', text), ...codeOf(text), ...(isLatin(text) ? [within(pinyin, text)] : [])]);
}

function hasTerm(terms: readonly number[]): Sql {
  return { sql: 's.terms && ?::integer[]', bindings: [terms] };
}

export function allOf(parts: readonly Sql[]): Sql {
  return joined(parts, 'and', 'true');
}

function anyOf(parts: readonly Sql[]): Sql {
  return joined(parts, 'or', 'false');
}

function joined(parts: readonly Sql[], word: string, empty: string): Sql {
  if (parts.length === 0) return { sql: empty, bindings: [] };
  return {
    sql: `(${parts.map(({ sql }) => sql).join(` ${word} `)})`,
    bindings: parts.flatMap(({ bindings }) => bindings),
  };
}

/** A pattern of `like` for text anywhere. */
function part(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}
