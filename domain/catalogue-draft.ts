import type { Entry, Item } from './catalogue.ts';

/** What a department states of an entry; id, version, codes and the day of publication are given by the platform. */
export type EntryContent = Omit<Entry, 'id' | 'version' | 'code' | 'codes' | 'publishedAt' | 'status' | 'statusReason'>;

/** A data item as far as it is known. */
export type DraftItem = Partial<Item> & Pick<Item, 'id'>;

/** An entry that is being compiled (目录梳理): anything may still be missing. */
export type EntryDraft = Partial<Omit<EntryContent, 'items'>> & { readonly items?: readonly DraftItem[] };

/** A draft in which no fault was found: what may be left out has a meaning then, which `contentFrom` writes out. */
export type SoundDraft = Omit<EntryContent, 'nameEn' | 'shareModes' | 'items'> &
  Partial<Pick<EntryContent, 'nameEn' | 'shareModes'>> & {
    readonly items: readonly (Omit<Item, 'nameEn'> & Partial<Pick<Item, 'nameEn'>>)[];
  };

export function contentFrom(draft: SoundDraft): EntryContent {
  const items = draft.items.map((item) => ({ ...item, nameEn: item.nameEn ?? '' }));
  return { ...draft, nameEn: draft.nameEn ?? '', shareModes: draft.shareModes ?? [], items };
}

/**
 * Something that was found out about a draft from what a database or file holds. It changes nothing by itself: a person
 * accepts it, or not.
 */
export interface Suggestion {
  /** JSON pointer (RFC 6901) into the draft. */
  readonly pointer: string;
  readonly value: unknown;
  /** A stable code for why, with what fills its message: `IdCards` with `{ matching: 198, of: 200 }`. Never a value itself. */
  readonly evidence: { readonly code: string; readonly params?: Readonly<Record<string, string | number>> };
}

const ITEM_POINTER = /^\/items\/(\d+)(\/.*)?$/;

/**
 * Suggestions after the items of a draft were moved, removed or given other ids: each stays with its item, and goes with
 * it. An item that bears another id at the same place of a list as long as before is still the same.
 */
export function followItems(
  suggestions: readonly Suggestion[],
  before: readonly DraftItem[],
  after: readonly DraftItem[],
): Suggestion[] {
  const places = new Map(after.map(({ id }, index) => [id, index]));
  return suggestions.flatMap((one) => {
    const [, at, rest = ''] = ITEM_POINTER.exec(one.pointer) ?? [];
    const item = at === undefined ? undefined : before[Number(at)];
    if (!item) return [one];
    const place = places.get(item.id) ?? (after.length === before.length ? Number(at) : undefined);
    return place === undefined ? [] : [{ ...one, pointer: `/items/${place}${rest}` }];
  });
}
