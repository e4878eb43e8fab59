import { type Entry, isOnTable, type Item, type MaskRule, mountKindOf } from './catalogue.ts';
import { checkFileAsk, type FileAsk, type FileDestination, type FileFaultCode } from './file-delivery.ts';
import { dayNumber, isDate } from './civil-date.ts';
import type { Fault, ShareMode } from './language.ts';
import { masksAtLeast } from './masking.ts';
import { checkRowScope } from './row-scope.ts';
import { checkRateAsk, type RateAsk, type RateFaultCode } from './rate.ts';
import { checkSchedule, type ScheduleAsk, type ScheduleFaultCode } from './schedule/schedule.ts';
import type { AttachmentRef, ResourceAsk } from './share-request.ts';

export type ShareRequestFaultCode =
  | FileFaultCode
  | 'UnknownEntry'
  | 'NoItems'
  | 'DuplicateItem'
  | 'UnknownItem'
  | 'MaskForOtherItem'
  | 'MaskTooWeak'
  | 'Withheld'
  | 'ItemWithheld'
  | 'ReasonMissing'
  | 'ReasonForOtherItem'
  | 'EntrySuspended'
  | 'EntryWithdrawn'
  | 'NotMounted'
  | 'MountNotDelivered'
  | 'DepartmentNotAllowed'
  | 'PurposeNotAllowed'
  | 'ModeNotOffered'
  | 'PeriodPast'
  | 'PeriodReversed'
  | 'PeriodTooLong'
  | 'DateUnknown'
  | 'WarrantyMissing'
  | 'UnknownAttachment'
  | 'NothingToFollow'
  | 'DuplicateEntry'
  | 'MixedShareTypes'
  | 'OwnData'
  | RateFaultCode
  | ScheduleFaultCode;

/** An application as it was sent, its shape checked already: the row scope is judged here, over the entry. */
export interface ShareRequestDraft {
  readonly entryId: string;
  /** Absent: whichever is current. */
  readonly entryVersion?: number;
  readonly items: readonly string[];
  readonly masks: Readonly<Record<string, MaskRule>>;
  readonly reasons?: Readonly<Record<string, string>> | undefined;
  readonly rowScope: unknown;
  readonly purpose: string;
  readonly mode: ShareMode;
  readonly file?: FileAsk | undefined;
  readonly rate?: RateAsk | undefined;
  readonly period: { readonly from: string; readonly to: string };
  readonly schedule?: ScheduleAsk | undefined;
  readonly warranties: { readonly true: boolean; readonly lawful: boolean; readonly necessary: boolean };
  readonly attachments: readonly string[];
}

export interface CheckContext {
  /** The calendar date in Asia/Shanghai. */
  readonly today: string;
  /** The department that asks. */
  readonly requester: string;
  /** The attachments named that exist and are this department's. */
  readonly attachments: readonly AttachmentRef[];
  /** No law sets how long a grant may run; a place does, in the setting `share-request.longest-years`. */
  readonly longestYears: number;
  /** Where the platform can put files. */
  readonly destinations: readonly FileDestination[];
  /** The items that the department was last given of an entry, by its id. */
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/** What `share-request.longest-years` is where a place has set nothing. */
export const LONGEST_YEARS = 3;

type Further = Pick<ShareRequestDraft, 'entryId' | 'items' | 'masks' | 'reasons' | 'rowScope'>;

/**
 * Every fault of the further resources of an application, over their entries. They are of one share type with the first,
 * so that one limit holds for the whole, and no entry is asked for twice.
 */
export function checkFurther(
  form: ShareRequestDraft,
  further: readonly Further[],
  { entries, ...context }: CheckContext & { readonly entries: readonly (Entry | undefined)[] },
): Fault[] {
  const [first] = entries;
  const seen = new Set([form.entryId]);
  return further.flatMap((one, index): Fault[] => {
    const entry = entries[index + 1];
    const { entryVersion: _, reasons: __, ...rest } = form;
    const own = checkShareRequest({ ...rest, ...one }, entry, context).filter(
      ({ pointer, code }) =>
        !/^\/(period|warranties|attachments|file|rate|schedule)/.test(pointer) || code === 'NoUpdateCycle',
    );
    const isTwice = seen.has(one.entryId);
    seen.add(one.entryId);
    const isMixed = entry && first && entry.shareType !== first.shareType && entry.shareType !== 'withheld';
    return [
      ...own,
      ...(isTwice ? [{ pointer: '/entryId', code: 'DuplicateEntry' }] : []),
      ...(isMixed ? [{ pointer: '/entryId', code: 'MixedShareTypes' }] : []),
    ].map((fault) => ({ ...fault, pointer: `/further/${index}${fault.pointer.replace(/^\/schedule.*/, '/entryId')}` }));
  });
}

type Report = (pointer: string, code: ShareRequestFaultCode, params?: NonNullable<Fault['params']>) => void;

/** Every fault of an application over the entry that it asks for, at once; none means that it may be filed. */
export function checkShareRequest(form: ShareRequestDraft, entry: Entry | undefined, context: CheckContext): Fault[] {
  const faults: Fault[] = [];
  const report: Report = (pointer, code, params) => faults.push(params ? { pointer, code, params } : { pointer, code });
  checkPeriod(form.period, context, report);
  if (form.schedule) faults.push(...checkSchedule(form.schedule, { mode: form.mode, cycle: entry?.updateCycle }));
  for (const warranty of ['true', 'lawful', 'necessary'] as const) {
    if (!form.warranties[warranty]) report(`/warranties/${warranty}`, 'WarrantyMissing');
  }
  faults.push(...checkFileAsk(form.file, { mode: form.mode, destinations: context.destinations }));
  faults.push(...checkRateAsk(form.rate, form.mode));
  const known = new Set(context.attachments.map(({ id }) => id));
  form.attachments.forEach((id, i) => {
    if (!known.has(id)) report(`/attachments/${i}`, 'UnknownAttachment');
  });
  if (!entry) {
    report('/entryId', 'UnknownEntry');
    return faults;
  }
  if (form.entryVersion !== undefined && form.entryVersion !== entry.version) report('/entryVersion', 'UnknownEntry');
  checkAccess(form, entry, context, report);
  checkItems(form, entry.items, report);
  checkReasons(form, context.given.get(entry.id), report);
  faults.push(...checkRowScope(form.rowScope, entry.items));
  return faults;
}

function checkPeriod(period: ShareRequestDraft['period'], context: CheckContext, report: Report): void {
  const { from, to } = period;
  if (!isDate(from)) report('/period/from', 'DateUnknown');
  if (!isDate(to)) report('/period/to', 'DateUnknown');
  if (!isDate(from) || !isDate(to)) return;
  if (from < context.today) report('/period/from', 'PeriodPast');
  if (to < from) return report('/period/to', 'PeriodReversed');
  const years = context.longestYears;
  if (dayNumber(to) > anniversary(from, years)) report('/period/to', 'PeriodTooLong', { years });
}

/** The same day that many years later; for 29 February, 1 March of a common year. */
function anniversary(from: string, years: number): number {
  const date = `${String(Number(from.slice(0, 4)) + years).padStart(4, '0')}${from.slice(4)}`;
  return isDate(date) ? dayNumber(date) : dayNumber(`${date.slice(0, 4)}-03-01`);
}

/** R809 Art.12 and Art.15: who may ask is for the catalogue to say, and a refusal names the rule it rests on. */
function checkAccess(form: ShareRequestDraft, entry: Entry, context: CheckContext, report: Report): void {
  if (entry.provider === context.requester) report('/entryId', 'OwnData');
  if (entry.status === 'suspended') report('/entryId', 'EntrySuspended', { reason: entry.statusReason ?? '' });
  if (entry.status === 'withdrawn') report('/entryId', 'EntryWithdrawn', { reason: entry.statusReason ?? '' });
  if (entry.shareType === 'withheld') {
    const { document = '', article = '' } = entry.withheldBasis ?? {};
    return report('/entryId', 'Withheld', { document, article });
  }
  if (!entry.mount) report('/entryId', 'NotMounted');
  else if (!isServed(entry, form.mode)) report('/entryId', 'MountNotDelivered');
  const { departments, purposes = [] } = entry.conditions ?? {};
  if (departments && !departments.includes(context.requester) && entry.provider !== context.requester) {
    report('/entryId', 'DepartmentNotAllowed');
  }
  if (entry.shareType === 'conditional' && !purposes.includes(form.purpose)) {
    report('/purpose', 'PurposeNotAllowed', { allowed: purposes.join('、') });
  }
  if (!entry.shareModes.includes(form.mode)) report('/mode', 'ModeNotOffered');
}

/** Rows are delivered from tables; what is mounted on a service of its own can be called, too. */
function isServed(entry: Entry, mode: ShareMode): boolean {
  return (
    isOnTable(entry) || (mode === 'service' && entry.mount !== undefined && mountKindOf(entry.mount) === 'service')
  );
}

function checkItems(form: ShareRequestDraft, items: readonly Item[], report: Report): void {
  if (form.items.length === 0) report('/items', 'NoItems');
  form.items.forEach((id, i) => {
    const asked = items.find((item) => item.id === id);
    if (!asked) report(`/items/${i}`, 'UnknownItem', { item: id });
    else if (asked.shareType === 'withheld') report(`/items/${i}`, 'ItemWithheld', { item: id });
    else if (form.items.indexOf(id) < i) report(`/items/${i}`, 'DuplicateItem', { item: id });
  });
  for (const [id, mask] of Object.entries(form.masks)) {
    const pointer = `/masks/${pointerPart(id)}`;
    const item = items.find((one) => one.id === id);
    if (!item || !form.items.includes(id)) report(pointer, 'MaskForOtherItem', { item: id });
    else if (!masksAtLeast(mask, item.mask)) report(pointer, 'MaskTooWeak', { item: id, least: item.mask });
  }
}

/** Who asks for more than before says of each item why: no more is asked for than what is needed (R809 Art.21). */
function checkReasons(form: ShareRequestDraft, given: readonly string[] | undefined, report: Report): void {
  const { reasons = {} } = form;
  form.items.forEach((id, i) => {
    const isMore = given !== undefined && !given.includes(id);
    if (isMore && (reasons[id] ?? '').trim() === '') report(`/items/${i}`, 'ReasonMissing', { item: id });
  });
  for (const id of Object.keys(reasons)) {
    if (!form.items.includes(id)) report(`/reasons/${pointerPart(id)}`, 'ReasonForOtherItem', { item: id });
  }
}

const pointerPart = (id: string): string => id.replaceAll('~', '~0').replaceAll('/', '~1');

/** The items in the entry's order and the mask of each, the entry's least masking where the applicant asks for no more; with the reasons that are given. */
export function completed(
  form: Pick<ShareRequestDraft, 'items' | 'masks' | 'reasons'>,
  entry: Entry,
): Pick<ResourceAsk, 'items' | 'masks' | 'reasons'> {
  const asked = entry.items.filter(({ id }) => form.items.includes(id));
  const reasons = asked.flatMap(({ id }) => {
    const reason = form.reasons?.[id]?.trim() ?? '';
    return reason === '' ? [] : [[id, reason] as const];
  });
  return {
    ...(reasons.length > 0 ? { reasons: Object.fromEntries(reasons) } : {}),
    items: asked.map(({ id }) => id),
    masks: Object.fromEntries(asked.map(({ id, mask }) => [id, form.masks[id] ?? mask])),
  };
}
