import type { DraftItem, EntryDraft } from './catalogue-draft.ts';
import { isBlank, type ReportFault } from './catalogue-faults.ts';
import type { ShareType } from './language.ts';

/** Narrowest last. */
const NARROWNESS: Readonly<Record<ShareType, number>> = { unconditional: 0, conditional: 1, withheld: 2 };

/** The faults of the data items (信息项), and of the key that is made of them. */
export function checkDraftItems({ items = [], key = [], shareType }: EntryDraft, report: ReportFault): void {
  if (items.length === 0) report('/items', 'Missing');
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const pointer = `/items/${index}`;
    if (!/^[a-z][a-z0-9_]{0,62}$/.test(item.id)) report(`${pointer}/id`, 'MalformedId');
    if (seen.has(item.id)) report(`${pointer}/id`, 'DuplicateItem', { item: item.id });
    seen.add(item.id);
    checkItem(item, pointer, report);
    if (shareType && item.shareType) checkItemShareType(item.shareType, shareType, { pointer, report });
  }
  if (key.length === 0) report('/key', 'Missing');
  for (const [index, id] of key.entries()) {
    if (!seen.has(id)) report(`/key/${index}`, 'KeyUnknown', { item: id });
    else if (key.indexOf(id) < index) report(`/key/${index}`, 'Duplicate');
  }
}

function checkItem(item: DraftItem, pointer: string, report: ReportFault): void {
  const { type, length, grade, personal, mask } = item;
  if (isBlank(item.name)) report(`${pointer}/name`, 'Missing');
  for (const field of ['type', 'grade', 'personal', 'mask'] as const) {
    if (item[field] === undefined) report(`${pointer}/${field}`, 'Missing');
  }
  if (type === 'C' && length === undefined) report(`${pointer}/length`, 'LengthMissing');
  if (length !== undefined && !(Number.isInteger(length) && length > 0)) {
    report(`${pointer}/length`, 'LengthNotPositive');
  }
  // Personal information is never of the lowest grade, which is that of public data.
  if (personal && grade === 1) report(`${pointer}/grade`, 'PersonalGradeTooLow');
  const isText = type === 'C' || type === 'M' || type === undefined;
  // Every mask but `none` writes letters and stars, which fit into a text only.
  if (mask !== undefined && mask !== 'none' && !isText) report(`${pointer}/mask`, 'MaskNeedsText');
}

/**
 * An item may be withheld from what is shared. It may not be shared more widely than its entry says, nor under conditions
 * that the entry does not state: who may ask, and how soon they are answered, is decided for the entry as a whole.
 */
function checkItemShareType(
  own: ShareType,
  entry: ShareType,
  { pointer, report }: { readonly pointer: string; readonly report: ReportFault },
): void {
  if (NARROWNESS[own] < NARROWNESS[entry]) report(`${pointer}/shareType`, 'ShareTypeWider');
  else if (own !== entry && own !== 'withheld') report(`${pointer}/shareType`, 'ShareTypeMixed');
}
