import type { Knex } from 'knex';
import type { Entry } from '../domain/catalogue.ts';
import { wordsOf } from '../domain/search-words.ts';
import { hasWords, type Searched } from '../domain/words-in-entry.ts';
import { type CatalogueFilter, filtersOf } from './catalogue-find.ts';
import { pinyinOf, searchText } from './catalogue-search.ts';
import { synonymsOf } from './catalogue-synonyms.ts';
import { type Page, pageOf, type PageRequest, withoutKey } from './keyset.ts';
import { tell } from './tellings.ts';

/** What somebody wants to be told of: an entry, all entries of a provider, or whatever a search finds. */
export type Target =
  | { readonly kind: 'entry'; readonly target: { readonly entryId: string } }
  | { readonly kind: 'provider'; readonly target: { readonly provider: string } }
  | { readonly kind: 'search'; readonly target: CatalogueFilter };

export type Subscription = Target & {
  readonly id: string;
  readonly createdAt: Date;
  /** Of a subscription to an entry: what that is called now. */
  readonly entryName?: string | null;
};

const COLUMNS = ['id', 'kind', 'target', 'created_at as createdAt'] as const;
const ENTRY_NAME = `(select body->>'name' from catalogue_entries e where e.id = target->>'entryId' and e.current) as "entryName"`;

/** Subscribes a person; the subscription to the same that there is already stays. */
export async function subscribe(
  trx: Knex,
  person: string,
  { id, kind, target }: Target & { readonly id: string },
): Promise<void> {
  await trx('catalogue_subscriptions')
    .insert({ id, person_id: person, kind, target: JSON.stringify(target) })
    .onConflict()
    .ignore();
}

/** A person's subscription to this very target. */
export async function findSame(db: Knex, person: string, { kind, target }: Target): Promise<Subscription | undefined> {
  return db('catalogue_subscriptions')
    .first<Subscription | undefined>(...COLUMNS)
    .where({ person_id: person, kind })
    .whereRaw('target = ?::jsonb', [JSON.stringify(target)]);
}

/** A person's own, newest first; with an entry, the one to it alone. */
export async function listSubscriptions(
  db: Knex,
  person: string,
  { entryId, page }: { readonly entryId: string | undefined; readonly page: PageRequest },
): Promise<Page<Subscription>> {
  const query = db('catalogue_subscriptions')
    .select<(Subscription & { readonly key: string })[]>(
      ...COLUMNS,
      db.raw(ENTRY_NAME),
      db.raw('created_at::text as key'),
    )
    .where({ person_id: person });
  if (entryId !== undefined) void query.where({ kind: 'entry' }).whereRaw("target->>'entryId' = ?", [entryId]);
  void query.orderByRaw('created_at desc, id desc').limit(page.limit + 1);
  if (page.after) void query.whereRaw('(created_at, id::text) < (?::timestamptz, ?)', [...page.after]);
  return pageOf(await query, page.limit, {
    placeOf: ({ key, id }) => [key, id],
    read: (row) => withoutKey(row) as Subscription,
  });
}

/** `id` must be a UUID. Undefined where the person has no such subscription. */
export async function findSubscription(db: Knex, person: string, id: string): Promise<Subscription | undefined> {
  return db('catalogue_subscriptions')
    .first<Subscription | undefined>(...COLUMNS)
    .where({ id, person_id: person });
}

/** Says whether there was one. */
export async function unsubscribe(db: Knex, person: string, id: string): Promise<boolean> {
  return (await db('catalogue_subscriptions').where({ id, person_id: person }).delete()) > 0;
}

/** What happened to an entry. */
export interface EntryChange {
  readonly kind: 'entryPublished' | 'entryChanged' | 'entrySuspended' | 'entryResumed' | 'entryWithdrawn';
  readonly at: string;
  /** Who did it and so need not be told. */
  readonly by?: string;
}

/**
 * Tells everybody who subscribed to an entry, to its provider, or to a search that finds it; each person once. In the
 * transaction of the change, while the entry is in the search: after `insertEntryVersion`, before `unindexEntry`.
 */
export async function tellSubscribers(trx: Knex, entry: Entry, { kind, at, by }: EntryChange): Promise<void> {
  const people = await subscribersOf(trx, entry);
  await tell(trx, {
    kind,
    at,
    to: { people, seats: [], except: by === undefined ? [] : [by] },
    params: { title: entry.name, number: entry.code },
    href: `/api/catalogue/${entry.id}`,
  });
}

async function subscribersOf(trx: Knex, entry: Entry): Promise<string[]> {
  const { id, provider } = entry;
  const named = await trx('catalogue_subscriptions')
    .where((either) => {
      void either.whereRaw(`kind = 'entry' and target->>'entryId' = ?`, [id]);
      void either.orWhereRaw(`kind = 'provider' and target->>'provider' = ?`, [provider]);
    })
    .pluck<string[]>('person_id');
  const finding = await searchesFinding(trx, entry);
  return [...new Set([...named, ...finding.flatMap(({ people }) => people)])];
}

interface SavedSearch {
  readonly filter: CatalogueFilter;
  readonly people: readonly string[];
}

/** Saved searches that are asked of an entry by one statement. */
const AT_ONCE = 500;

/** All saved searches are asked of the one entry together: words here, everything else by what the search itself asks. */
async function searchesFinding(trx: Knex, entry: Entry): Promise<SavedSearch[]> {
  const saved = await trx('catalogue_subscriptions')
    .where({ kind: 'search' })
    .groupBy('target')
    .select<SavedSearch[]>('target as filter', trx.raw('array_agg(person_id) as people'));
  const asked = saved.map((search) => ({ search, words: wordsOf(search.filter.q ?? '') }));
  const typed = [...new Set(asked.flatMap(({ words }) => words))];
  const synonyms = await synonymsOf(trx, typed);
  const searched = searchedIn(entry);
  const having = asked.filter(({ search: { filter }, words }) =>
    filter.q === undefined ? true : words.length > 0 && hasWords(searched, words, synonyms),
  );
  const finding: SavedSearch[] = [];
  for (let at = 0; at < having.length; at += AT_ONCE) {
    const some = having.slice(at, at + AT_ONCE).map(({ search }) => search);
    finding.push(...(await fitting(trx, entry.id, some)));
  }
  return finding;
}

/** Those whose filters an entry that is in the search fits. */
async function fitting(trx: Knex, entryId: string, searches: readonly SavedSearch[]): Promise<SavedSearch[]> {
  const filters = searches.map(({ filter }) => filtersOf(filter));
  const { rows } = await trx.raw<{ rows: { nth: number }[] }>(
    `select v.nth from catalogue_search s
      cross join lateral (values ${filters.map(({ sql }, nth) => `(${nth}, ${sql})`).join(', ')}) as v(nth, holds)
      where s.entry_id = ? and v.holds`,
    [...filters.flatMap(({ bindings }) => bindings), entryId] as never,
  );
  const found = new Set(rows.map(({ nth }) => nth));
  return searches.filter((_, nth) => found.has(nth));
}

function searchedIn(entry: Entry): Searched {
  const { code, name, items } = entry;
  const chinese = items
    .flatMap((item) => [item.name, item.nameEn, item.id])
    .filter((text) => /[^\x20-\x7f]/.test(text));
  const sounds = [name, ...chinese].map(pinyinOf);
  return {
    text: searchText(entry),
    code,
    initials: sounds[0]?.initials ?? '',
    sounds: sounds.map(({ initials, full }) => `${initials} ${full}`),
  };
}
