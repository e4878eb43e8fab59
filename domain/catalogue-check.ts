import type { Entry, Item } from './catalogue.ts';
import type { Fault } from './language.ts';

export type EntryFaultCode =
  | 'Missing'
  | 'MalformedCode'
  | 'MalformedId'
  | 'DuplicateItem'
  | 'KeyUnknown'
  | 'LengthNotPositive'
  | 'PersonalGradeTooLow'
  | 'MaskNeedsText'
  | 'ConditionsMissing'
  | 'ConditionsNotAllowed'
  | 'BasisMissing'
  | 'BasisNotAllowed'
  | 'ModeMissing'
  | 'ModeNotAllowed';

type Report = (pointer: string, code: EntryFaultCode) => void;

/** What a text of an entry must not lack: R809 Art.13 and the 2017 guide (发改高技〔2017〕1272号). */
const REQUIRED = ['id', 'name', 'summary', 'provider', 'format', 'updateCycle', 'provenance', 'publishedAt'] as const;
/** Classification 类 (1), 项 (2), 目 (3), 细目 (any), a slash, sequence number. */
const CODE = /^\d{6,}\/\d+$/;

/**
 * Every fault of an entry's form at once: what R809 Art.12 and Art.13 ask it to state, and no more than its share type
 * lets it demand (Art.15).
 */
export function checkEntry(entry: Entry): Fault[] {
  const faults: Fault[] = [];
  const report: Report = (pointer, code) => faults.push({ pointer, code });
  for (const field of REQUIRED) if (entry[field].trim() === '') report(`/${field}`, 'Missing');
  if (!CODE.test(entry.code)) report('/code', 'MalformedCode');
  checkShareType(entry, report);
  checkItems(entry.items, report);
  if (entry.key.length === 0) report('/key', 'Missing');
  const known = new Set(entry.items.map((item) => item.id));
  for (const [index, id] of entry.key.entries()) if (!known.has(id)) report(`/key/${index}`, 'KeyUnknown');
  return faults;
}

function checkShareType(entry: Entry, report: Report): void {
  switch (entry.shareType) {
    case 'unconditional':
      checkOffered(entry, report);
      if (entry.conditions !== undefined) report('/conditions', 'ConditionsNotAllowed');
      return;
    case 'conditional':
      checkOffered(entry, report);
      checkConditions(entry, report);
      return;
    case 'withheld':
      checkBasis(entry, report);
      if (entry.shareModes.length > 0) report('/shareModes', 'ModeNotAllowed');
      if (entry.conditions !== undefined) report('/conditions', 'ConditionsNotAllowed');
  }
}

function checkOffered(entry: Entry, report: Report): void {
  if (entry.shareModes.length === 0) report('/shareModes', 'ModeMissing');
  if (entry.withheldBasis !== undefined) report('/withheldBasis', 'BasisNotAllowed');
}

/** Art.12: a conditional entry states scope and purposes; the departments only where not all may ask. */
function checkConditions({ conditions }: Entry, report: Report): void {
  if (conditions === undefined) return report('/conditions', 'ConditionsMissing');
  if (conditions.scope.trim() === '') report('/conditions/scope', 'Missing');
  if (conditions.purposes.length === 0) report('/conditions/purposes', 'Missing');
  if (conditions.departments?.length === 0) report('/conditions/departments', 'Missing');
}

/** Art.12: the type of the level admits the three that may withhold and no other. */
function checkBasis({ withheldBasis }: Entry, report: Report): void {
  if (withheldBasis === undefined) return report('/withheldBasis', 'BasisMissing');
  if (withheldBasis.document.trim() === '') report('/withheldBasis/document', 'Missing');
  if (withheldBasis.article.trim() === '') report('/withheldBasis/article', 'Missing');
}

function checkItems(items: readonly Item[], report: Report): void {
  if (items.length === 0) report('/items', 'Missing');
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const pointer = `/items/${index}`;
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(item.id)) report(`${pointer}/id`, 'MalformedId');
    if (seen.has(item.id)) report(`${pointer}/id`, 'DuplicateItem');
    seen.add(item.id);
    if (item.name.trim() === '') report(`${pointer}/name`, 'Missing');
    if (item.length !== undefined && !(Number.isInteger(item.length) && item.length > 0)) {
      report(`${pointer}/length`, 'LengthNotPositive');
    }
    // Personal information is never of the lowest grade, which is that of public data.
    if (item.personal && item.grade === 1) report(`${pointer}/grade`, 'PersonalGradeTooLow');
    const isText = item.type === 'C' || item.type === 'M';
    // Every mask but `none` writes letters and stars, which fit into a text only.
    if (item.mask !== 'none' && !isText) report(`${pointer}/mask`, 'MaskNeedsText');
  }
}
