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
  // Short ones last: to look into the grams of a row that others answer for would be dear.
  for (const texts of meant) texts.sort((one, other) => other.length - one.length);
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
  if (isShort(text)) return anyOf([...codeOf(text), grams([IN_NAME, ...(latin ? [IN_INITIALS] : [])], text)]);
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

/** Ranks that are looked for together, and how an entry's is told; other ranks that it may come out as are not wanted. */
export interface Tier {
  readonly least: number;
  readonly most: number;
  readonly rank: Sql;
}

/**
 * How well an entry fits, 0 best: the name is what was typed (0), begins with it (1), has it (2), sounds like it or has it
 * in parts (3); an item is called so (4), begins so (5), has it (6); something else (7). With several words the whole
 * decides in names, the best word in items. Each tier tells its own ranks, so that no row is looked at for more than that.
 */
export function tiersOf(words: readonly SearchWord[]): Readonly<Record<'begin' | 'name' | 'else', Tier>> {
  const texts = words.flat().map(({ text }) => text);
  const allInName = allOf(words.map((word) => anyOf(word.map(({ text }) => within('s.name', text)))));
  const begun = beginsWith(words);
  const isWhole = isName(words);
  const inCode = allOf(words.map((word) => anyOf(word.flatMap(({ text }) => codeOf(text)))));
  const inName = allOf(words.map((word) => anyOf(word.map(soundsLike))));
  const hasItem = words.flat().map(({ text, terms }) => (isShort(text) ? within('s.items', text) : hasTerm(terms)));
  return {
    begin: { least: 0, most: 1, rank: caseOf([isWhole, 0], [begun, 1]) },
    name: { least: 2, most: 3, rank: caseOf([begun, 1], [anyOf([allInName, inCode]), 2], [inName, 3]) },
    else: {
      least: 4,
      most: 7,
      rank: caseOf(
        [inName, 3],
        [anyOf(texts.map((text) => within('s.items', `\n${text}\n`))), 4],
        [anyOf(texts.map((text) => within('s.items', `\n${text}`))), 5],
        [anyOf(hasItem), 6],
      ),
    },
  };
}

function caseOf(...steps: readonly (readonly [when: Sql, rank: number])[]): Sql {
  return {
    sql: `case ${steps.map(([{ sql }, rank]) => `when ${sql} then ${rank}`).join(' ')} else 7 end`,
    bindings: steps.flatMap(([{ bindings }]) => bindings),
  };
}

/** Names that are what was typed. */
export function isName(words: readonly SearchWord[]): Sql {
  if (words.length !== 1) return anyOf([]);
  return anyOf(words.flat().map(({ text }) => anyOf([{ sql: 's.name = ?', bindings: [text] }, begins(`${text}\n`)])));
}

/** Names that have all the words and begin with the first. */
export function beginsWith(words: readonly SearchWord[]): Sql {
  return allOf([
    anyOf((words[0] ?? []).map(({ text }) => begins(text))),
    ...words.slice(1).map((word) => anyOf(word.map(({ text }) => within('s.name', text)))),
  ]);
}

/** As a range, which no index but that of beginnings answers. */
function begins(text: string): Sql {
  return { sql: '(s.name ~>=~ ? and s.name ~<~ ?)', bindings: [text, `${text}\u{10FFFF}`] };
}

/** Whether nothing but characters was typed, so that no name is found by sound or code. */
export function isPlain(words: readonly SearchWord[]): boolean {
  return words.flat().every(({ text }) => !/[a-z\d]/.test(text));
}

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

export function anyOf(parts: readonly Sql[]): Sql {
  return joined(parts, 'or', 'false');
}

export function not({ sql, bindings }: Sql): Sql {
  return { sql: `not ${sql}`, bindings };
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
