import type { Item, ItemType, MaskRule } from './catalogue.ts';
import type { Suggestion } from './catalogue-draft.ts';
import { type Kind, KINDS, mobileSegment, normalised, RECOGNISERS, WORDS } from './sensitivity-patterns.ts';

/** A column as its database describes it. */
export interface ColumnWords {
  readonly id: string;
  /** The comment, or whatever else people call it. */
  readonly name?: string;
  readonly type: ItemType;
}

/** What is known of a column after its values have gone by: counts, and not one value. */
export interface Counted {
  /** Values that are not empty. */
  readonly of: number;
  readonly matching: Readonly<Record<Kind, number>>;
  /** Distinct segments among the mobile numbers (`138`), surnames and last characters among the names. */
  readonly segments: number;
  readonly surnames: number;
  /** How many of the names end in the most common last character: names of places end alike. */
  readonly commonestEnd: number;
}

/** What a column was found to hold. */
export interface Finding {
  readonly kind: Exclude<Kind, 'longitude' | 'latitude'> | 'coordinates';
  readonly personal: boolean;
  readonly grade: Item['grade'];
  readonly mask: MaskRule;
  readonly evidence: { readonly code: string; readonly params: { readonly matching: number; readonly of: number } };
}

interface Threshold {
  /** The share of the values that must match where the column's name or comment says the same, and where it does not. */
  readonly supported: number;
  readonly alone: number;
  /** Values that there must be at least where nothing but the content speaks. */
  readonly least: number;
}

/**
 * From which counts on a column is held to be of a kind. A check digit leaves little to chance (1 in 11 and a date that
 * exists, 1 in 31, 1 in 10); a form without one leaves more; names and addresses have hardly a form.
 */
export const THRESHOLDS: Readonly<Record<Kind, Threshold>> = {
  'id-card': { supported: 0.5, alone: 0.8, least: 5 },
  'credit-code': { supported: 0.5, alone: 0.8, least: 5 },
  // A random number passes Luhn's check in one of ten cases.
  'bank-card': { supported: 0.6, alone: 0.9, least: 10 },
  mobile: { supported: 0.6, alone: 0.9, least: 10 },
  landline: { supported: 0.6, alone: 0.9, least: 10 },
  email: { supported: 0.5, alone: 0.8, least: 5 },
  plate: { supported: 0.5, alone: 0.8, least: 5 },
  address: { supported: 0.5, alone: 0.7, least: 10 },
  name: { supported: 0.6, alone: 0.95, least: 30 },
  longitude: { supported: 0.8, alone: 0.95, least: 10 },
  latitude: { supported: 0.8, alone: 0.95, least: 10 },
};

/** Mobile numbers of many people are of many networks; numbers that were counted up begin alike. */
const LEAST_SEGMENTS = 3;
const LEAST_SURNAMES = 8;
const MOST_OF_ONE_END = 0.15;

const CODES: Readonly<Record<Finding['kind'], string>> = {
  'id-card': 'IdCards',
  'credit-code': 'CreditCodes',
  'bank-card': 'BankCards',
  mobile: 'MobilePhones',
  landline: 'Landlines',
  email: 'Emails',
  plate: 'Plates',
  address: 'Addresses',
  name: 'PersonNames',
  coordinates: 'Coordinates',
};

/** Counts what the values of a column look like. Reads each once, and keeps none. */
export function count(values: Iterable<string>): Counted {
  let of = 0;
  const matching = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  const segments = new Set<string>();
  const surnames = new Set<string>();
  const ends = new Map<string, number>();
  for (const value of values) {
    const text = normalised(value);
    if (text === '') continue;
    of += 1;
    for (const kind of KINDS) if (RECOGNISERS[kind](text)) matching[kind] += 1;
    const segment = mobileSegment(text);
    if (segment !== undefined) segments.add(segment);
    if (!RECOGNISERS.name(text)) continue;
    surnames.add(text.charAt(0));
    ends.set(text.slice(-1), (ends.get(text.slice(-1)) ?? 0) + 1);
  }
  const commonestEnd = Math.max(0, ...ends.values());
  return { of, matching, segments: segments.size, surnames: surnames.size, commonestEnd };
}

/** What one column holds by its content, with its name and comment in support. Undefined: nothing that is looked for. */
function kindOf(column: ColumnWords, counted: Counted): Kind | undefined {
  return KINDS.find((kind) => holds(kind, column, counted));
}

function holds(kind: Kind, column: ColumnWords, counted: Counted): boolean {
  const { of, matching } = counted;
  if (of === 0) return false;
  const { speaksFor, speaksAgainst } = WORDS[kind];
  const said = [column.id, column.name ?? ''];
  const isSupported = said.some((words) => speaksFor.test(words));
  const { supported, alone, least } = THRESHOLDS[kind];
  if (isSupported && !said.some((words) => contradicts(words, kind))) return matching[kind] / of >= supported;
  if (said.some((words) => speaksAgainst?.test(words))) return false;
  if (of < least || matching[kind] / of < alone) return false;
  if (kind === 'mobile') return counted.segments >= LEAST_SEGMENTS;
  if (kind !== 'name') return true;
  return counted.surnames >= LEAST_SURNAMES && counted.commonestEnd / matching.name <= MOST_OF_ONE_END;
}

/** `企业名称` in the comment outweighs a column that is called `name`. */
function contradicts(words: string, kind: Kind): boolean {
  const { speaksFor, speaksAgainst } = WORDS[kind];
  return speaksAgainst?.test(words) === true && !speaksFor.test(words);
}

const HOME = /住址|户籍|家庭|居住|现住|home/i;

/**
 * What each column of a table holds, in their order. They are looked at together: a longitude is one only beside a
 * latitude, and an address is somebody's where the table holds identity numbers.
 */
export function detect(
  columns: readonly { readonly column: ColumnWords; readonly counted: Counted }[],
): readonly (Finding | undefined)[] {
  const kinds = columns.map(({ column, counted }) => kindOf(column, counted));
  const ofPersons = kinds.includes('id-card');
  const ofCompanies = kinds.includes('credit-code') && !ofPersons;
  const hasPair = kinds.includes('longitude') && kinds.includes('latitude');
  return columns.map(({ column, counted }, index): Finding | undefined => {
    const kind = kinds[index];
    if (kind === undefined) return undefined;
    const evidence = (shown: Finding['kind']): Finding['evidence'] => ({
      code: CODES[shown],
      params: { matching: counted.matching[kind], of: counted.of },
    });
    if (kind === 'longitude' || kind === 'latitude') {
      if (!hasPair) return undefined;
      const marks = { personal: ofPersons, grade: ofPersons ? 3 : 2, mask: 'none' } as const;
      return { kind: 'coordinates', ...marks, evidence: evidence('coordinates') };
    }
    const isHome = ofPersons || HOME.test(`${column.id} ${column.name ?? ''}`);
    const marks = marksOf(kind, { ofCompanies, isHome });
    const isText = column.type === 'C' || column.type === 'M';
    return { kind, ...marks, ...(isText ? {} : { mask: 'none' }), evidence: evidence(kind) };
  });
}

type Marks = Pick<Finding, 'personal' | 'grade' | 'mask'>;

/** 个人信息保护法 Art.28 for what is sensitive of a person (4), Art.4 for what else tells of one (3). */
function marksOf(
  kind: Exclude<Kind, 'longitude' | 'latitude'>,
  { ofCompanies, isHome }: { readonly ofCompanies: boolean; readonly isHome: boolean },
): Marks {
  switch (kind) {
    case 'id-card':
      return { personal: true, grade: 4, mask: 'id-card' };
    case 'credit-code':
      return { personal: false, grade: 1, mask: 'none' };
    case 'bank-card':
      return { personal: !ofCompanies, grade: ofCompanies ? 3 : 4, mask: 'bank-card' };
    case 'mobile':
      return { personal: true, grade: 3, mask: 'mobile' };
    case 'landline':
      return ofCompanies ? { personal: false, grade: 2, mask: 'none' } : { personal: true, grade: 3, mask: 'whole' };
    case 'email':
      return { personal: true, grade: 3, mask: 'email' };
    case 'plate':
      return { personal: true, grade: 3, mask: 'plate' };
    case 'address':
      return isHome ? { personal: true, grade: 4, mask: 'address' } : { personal: false, grade: 2, mask: 'none' };
    case 'name':
      return { personal: true, grade: 3, mask: 'name' };
  }
}

/** The findings as suggestions for the items of a draft, in their order: one for each mark, each with the same evidence. */
export function suggestionsOf(findings: readonly (Finding | undefined)[]): Suggestion[] {
  return findings.flatMap((finding, index) => {
    if (!finding) return [];
    const { evidence } = finding;
    return (['personal', 'grade', 'mask'] as const).map((mark) => ({
      pointer: `/items/${index}/${mark}`,
      value: finding[mark],
      evidence,
    }));
  });
}
