import type { Knex } from 'knex';
import { pinyin } from 'pinyin-pro';
import type { Entry } from '../domain/catalogue.ts';
import { gramsOf, isLatin, normalised } from '../domain/search-words.ts';
import { keepKinds, kindOf } from './catalogue-kinds.ts';

/** Where in an entry a gram stands: in its name, in the sound of its name, in its items, or in any of these and the rest. */
export const IN_NAME = 'n';
export const IN_SOUND = '~';
export const IN_ITEMS = 'i';
export const ANYWHERE = '*';

/** What an entry may have that not every version of the product states. */
type Searched = Entry & { readonly openness?: string };

/** An entry's texts as the search holds them. */
interface Texts {
  readonly name: string;
  readonly items: readonly string[];
  readonly rest: string;
}

function textsOf({ code, name, nameEn, summary, items }: Entry): Texts {
  return {
    name: lines([name, nameEn]),
    items: [...new Set(items.flatMap((item) => [item.name, item.nameEn, item.id].map(normalised).filter(Boolean)))],
    rest: lines([code, summary]),
  };
}

function lines(texts: readonly string[]): string {
  return texts.map(normalised).filter(Boolean).join('\n');
}

/** Everything about an entry that a person might type. */
export function searchText(entry: Entry): string {
  const { name, items, rest } = textsOf(entry);
  return [name, ...items, rest].join('\n');
}

/** Makes an entry's current version the one that is found. */
export async function indexEntry(trx: Knex, entry: Entry): Promise<void> {
  await indexEntries(trx, [entry]);
}

/** Takes an entry out of the search: it was withdrawn. */
export async function unindexEntry(trx: Knex, entryId: string): Promise<void> {
  await trx('catalogue_search').where({ entry_id: entryId }).delete();
}

/** Indexes many at once, each once in the list. */
export async function indexEntries(trx: Knex, entries: readonly Entry[]): Promise<void> {
  const texts = entries.map(textsOf);
  const numbers = await numbersOf(trx, [...new Set(texts.flatMap(({ items }) => items))].toSorted());
  const rows = entries.map((entry, at) => rowOf(entry, texts[at] as Texts, numbers));
  await keepKinds(trx, rows);
  await trx.raw(
    `insert into catalogue_search
     select * from jsonb_populate_recordset(null::catalogue_search, ?::jsonb)
     on conflict (entry_id) do update set ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [JSON.stringify(rows)],
  );
}

/** Indexes current entries that are not, or of which another version is: after an update of the platform. */
export async function indexMissing(db: Knex): Promise<void> {
  for (;;) {
    const rows = await db('catalogue_entries as e')
      .leftJoin('catalogue_search as s', (on) => on.on('s.entry_id', 'e.id').andOn('s.version', 'e.version'))
      .where('e.current', true)
      .whereNull('s.entry_id')
      .whereNot('e.status', 'withdrawn')
      .limit(1_000)
      .select<{ body: Entry }[]>('e.body');
    if (rows.length === 0) return;
    await indexEntries(
      db,
      rows.map(({ body }) => body),
    );
  }
}

const COLUMNS = [
  'kind',
  'version',
  'code',
  'provider_id',
  'share_type',
  'openness',
  'base',
  'theme',
  'format',
  'update_cycle',
  'mounted',
  'published_at',
  'name',
  'items',
  'rest',
  'pinyin',
  'terms',
  'grams',
] as const;

function rowOf(entry: Searched, texts: Texts, numbers: ReadonlyMap<string, number>) {
  const { name, items, rest } = texts;
  const sounds = pinyinOf(entry.name);
  const counted = {
    provider_id: entry.provider,
    share_type: entry.shareType,
    theme: entry.classification.theme ?? null,
    base: entry.classification.base ?? null,
    format: entry.format,
  };
  return {
    entry_id: entry.id,
    version: entry.version,
    code: entry.code,
    kind: kindOf(counted),
    ...counted,
    openness: entry.openness ?? null,
    update_cycle: entry.updateCycle,
    mounted: entry.mount !== undefined,
    published_at: entry.publishedAt,
    name,
    items: `\n${items.join('\n')}\n`,
    rest,
    pinyin: `${sounds.initials} ${sounds.full}`,
    terms: items.map((text) => numbers.get(text)),
    grams: marked(texts, sounds),
  };
}

/** Longer words are found in items by their numbers, so that of items only characters and pairs are kept. */
function marked({ name, items, rest }: Texts, { initials, full }: Sounds): string[] {
  const inName = gramsOf(name);
  const inItems = gramsOf(items.join(' '), { most: 2 });
  // Two letters are looked for among initials alone; a word that is not all letters is no pinyin.
  const inSound = [...gramsOf(initials, { least: 2 }), ...gramsOf(full, { least: 3 })].filter(isLatin);
  const mark = (place: string, grams: Iterable<string>): string[] => Array.from(grams, (gram) => place + gram);
  return [
    ...mark(IN_NAME, inName),
    ...mark(IN_SOUND, new Set(inSound)),
    ...mark(IN_ITEMS, inItems),
    ...mark(ANYWHERE, new Set([...inName, ...inSound, ...inItems, ...gramsOf(rest)])),
  ];
}

interface Sounds {
  readonly initials: string;
  readonly full: string;
}

/** 行政区划 → xzqh and xingzhengquhua; what is not Chinese stays as it is. */
export function pinyinOf(text: string): Sounds {
  const syllables = pinyin(normalised(text), { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true });
  const sounds = syllables.map((syllable) => syllable.replaceAll(/[^a-z\d]/g, ''));
  return { initials: sounds.map((sound) => sound.slice(0, 1)).join(''), full: sounds.join('') };
}

/** The numbers of texts of items; those that are new are given one. Sorted texts, so that two who add wait in one order. */
async function numbersOf(trx: Knex, texts: readonly string[]): Promise<Map<string, number>> {
  const known = await storedNumbers(trx, texts);
  const fresh = texts.filter((text) => !known.has(text));
  if (fresh.length === 0) return known;
  const rows = fresh.map((text) => {
    const { initials, full } = pinyinOf(text);
    return { text, pinyin: /^[\x20-\x7f]*$/.test(text) ? '' : `${initials} ${full}` };
  });
  await trx.raw(
    `insert into catalogue_terms (text, pinyin)
     select text, pinyin from jsonb_to_recordset(?::jsonb) as t(text text, pinyin text) on conflict do nothing`,
    [JSON.stringify(rows)],
  );
  return new Map([...known, ...(await storedNumbers(trx, fresh))]);
}

async function storedNumbers(trx: Knex, texts: readonly string[]): Promise<Map<string, number>> {
  const rows = await trx('catalogue_terms')
    .whereRaw('text = any(?)', [[...texts]])
    .select<{ id: number; text: string }[]>('id', 'text');
  return new Map(rows.map(({ id, text }) => [text, id]));
}
