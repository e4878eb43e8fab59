import type { Entry, Item } from './catalogue.ts';

/** Items above this grade are not named to the public (GB/T 43697: from grade 3 on data is sensitive). */
const MOST_OPEN_GRADE = 2;

/** What of a catalogue entry anybody may see, logged in or not. */
export interface OpenEntry extends Pick<
  Entry,
  | 'id'
  | 'version'
  | 'code'
  | 'name'
  | 'nameEn'
  | 'provider'
  | 'classification'
  | 'updateCycle'
  | 'shareType'
  | 'publishedAt'
> {
  readonly status: NonNullable<Entry['status']>;
  readonly openness: NonNullable<Entry['openness']>;
  /** Absent where the entry is withheld. */
  readonly summary?: string;
  readonly withheldBasis?: Entry['withheldBasis'];
  readonly items: readonly Pick<Item, 'id' | 'name' | 'nameEn' | 'type'>[];
  /** How many items are not named. */
  readonly hiddenItems: number;
}

/**
 * The catalogue of what departments share is for departments (R809 Art.16); the public is told that an entry is there, whose
 * it is and under which share type, and of a withheld one by which document and article (Art.12). Items are named where they
 * are neither withheld nor above grade 2. Never shown: masks, conditions, what it is mounted on, who uses it, any row.
 */
export function openEntry(entry: Entry): OpenEntry {
  const { id, version, code, name, nameEn, provider, classification, updateCycle, shareType, publishedAt } = entry;
  const isWithheld = shareType === 'withheld';
  const named = isWithheld ? [] : entry.items.filter(isNamed);
  return {
    id,
    version,
    code,
    name,
    nameEn,
    provider,
    classification,
    updateCycle,
    shareType,
    publishedAt,
    status: entry.status ?? 'published',
    openness: entry.openness ?? 'closed',
    ...(isWithheld ? {} : { summary: entry.summary }),
    ...(entry.withheldBasis === undefined ? {} : { withheldBasis: entry.withheldBasis }),
    items: named.map((item) => ({ id: item.id, name: item.name, nameEn: item.nameEn, type: item.type })),
    hiddenItems: entry.items.length - named.length,
  };
}

function isNamed({ grade, shareType }: Item): boolean {
  return grade <= MOST_OPEN_GRADE && shareType !== 'withheld';
}
