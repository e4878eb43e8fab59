import type { Application, Entry, RowScope } from '../api/types.ts';
import { today } from './dates.ts';
import { named } from './names.ts';
import type { Uploaded } from './upload.ts';

export interface ResourceDraft {
  readonly entryId: string;
  items: string[];
  rowScope: RowScope;
  /** Somebody said that every row is meant; without it an empty scope is one that nobody has thought of. */
  isEveryRow: boolean;
  masks: Record<string, string>;
  /** Why an item is needed that the last grant of the entry did not have; absent in drafts of before. */
  reasons?: Record<string, string>;
}

/** An application while it is written. */
export interface ApplicationDraft {
  resources: ResourceDraft[];
  legalBasis: string;
  scenario: string;
  purpose: string;
  mode: string;
  period: { from: string; to: string };
  schedule: 'none' | 'after-update' | 'as-before';
  /** What an earlier request said that this form does not ask for: it goes on as it was. */
  before?: Pick<Application, 'file' | 'rate' | 'schedule'>;
  warranties: { true: boolean; lawful: boolean; necessary: boolean };
  attachments: Uploaded[];
  follows?: { caseId: string; as: 'change' | 'renewal' };
}

export const STEPS = ['basis', 'items', 'mode', 'papers', 'check'] as const;
export type Step = (typeof STEPS)[number];

export const WARRANTIES = ['true', 'lawful', 'necessary'] as const;

/** A right goes on as it is: whoever files that gives the warranties by the one button that says so. */
export function isRenewal({ follows }: ApplicationDraft): boolean {
  return follows?.as === 'renewal';
}

/** Something that has to be filled in before filing: where it is, by the id of its field. */
export interface Gap {
  readonly step: Step;
  readonly field: string;
  readonly key: string;
  readonly name?: string;
  readonly entryId?: string;
}

export function emptyResource(entryId: string): ResourceDraft {
  return { entryId, items: [], rowScope: { all: [] }, isEveryRow: false, masks: {}, reasons: {} };
}

export function emptyDraft(entryIds: readonly string[]): ApplicationDraft {
  const from = today();
  return {
    resources: entryIds.map(emptyResource),
    legalBasis: '',
    scenario: '',
    purpose: '',
    mode: '',
    period: { from, to: aYearAfter(from) },
    schedule: 'none',
    warranties: { true: false, lawful: false, necessary: false },
    attachments: [],
  };
}

function aYearAfter(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCFullYear(day.getUTCFullYear() + 1);
  day.setUTCDate(day.getUTCDate() - 1);
  return day.toISOString().slice(0, 10);
}

/** The items that the department was last given of an entry, by its id. */
export type Given = ReadonlyMap<string, readonly string[]>;

/** What is asked for beyond what was given before; nothing was, where this is the first time. */
export function moreThanGiven({ items }: Pick<ResourceDraft, 'items'>, given: readonly string[] | undefined): string[] {
  return given === undefined ? [] : items.filter((id) => !given.includes(id));
}

function nameOfItem(id: string, entry: Entry | undefined): string {
  const item = entry?.items.find((one) => one.id === id);
  return item ? named(item) : id;
}

/** What is still missing. Whether the rest will do is for the API to say. */
export function gapsOf(
  draft: ApplicationDraft,
  { entries, given }: { readonly entries: ReadonlyMap<string, Entry>; readonly given: Given },
): Gap[] {
  const texts = (['legalBasis', 'scenario', 'purpose'] as const).filter((name) => draft[name].trim() === '');
  const resources = draft.resources.flatMap((resource): Gap[] => {
    const { entryId, items, rowScope, isEveryRow } = resource;
    const entry = entries.get(entryId);
    const name = entry ? named(entry) : entryId;
    const of = { step: 'items' as const, entryId, name };
    return [
      ...(items.length === 0 ? [{ ...of, field: `find-${entryId}`, key: 'items' }] : []),
      ...moreThanGiven(resource, given.get(entryId))
        .filter((id) => (resource.reasons?.[id] ?? '').trim() === '')
        .map((id) => ({
          ...of,
          field: `reason-${entryId}-${id}`,
          key: 'reason',
          name: nameOfItem(id, entries.get(entryId)),
        })),
      ...(rowScope.all.length === 0 && !isEveryRow ? [{ ...of, field: `scope-${entryId}`, key: 'rowScope' }] : []),
    ];
  });
  const warranties = isRenewal(draft) ? [] : WARRANTIES.filter((name) => !draft.warranties[name]);
  return [
    ...texts.map((name): Gap => ({ step: 'basis', field: name, key: name })),
    ...resources,
    ...(draft.mode === '' ? [{ step: 'mode' as const, field: 'mode', key: 'mode' }] : []),
    ...(draft.period.from === '' || draft.period.to === ''
      ? [{ step: 'mode' as const, field: 'period-from', key: 'period' }]
      : []),
    ...(warranties.length > 0
      ? [{ step: 'papers' as const, field: `warranty-${warranties[0]}`, key: 'warranties' }]
      : []),
  ];
}

/** The application as the API takes it. */
export function bodyOf(draft: ApplicationDraft): Record<string, unknown> {
  const [first, ...further] = draft.resources.map(({ isEveryRow: _, reasons = {}, ...rest }) => ({
    ...rest,
    reasons: reasonsOf(rest.items, reasons),
  }));
  const { legalBasis, scenario, purpose, mode, period, warranties, attachments, follows, before } = draft;
  return {
    ...first,
    ...(further.length > 0 ? { further } : {}),
    legalBasis,
    scenario,
    purpose,
    mode,
    ...(mode === 'file' && before?.file ? { file: before.file } : {}),
    ...(mode === 'service' && before?.rate ? { rate: before.rate } : {}),
    period,
    ...scheduleOf(draft),
    warranties: isRenewal(draft) ? { true: true, lawful: true, necessary: true } : warranties,
    attachments: attachments.map(({ id }) => id),
    ...(follows ? { follows } : {}),
  };
}

/** Of what is asked for alone: a reason that was typed stays with its item while it is not chosen. */
export function reasonsOf(items: readonly string[], reasons: unknown): Record<string, string> {
  const written = Object.entries((reasons ?? {}) as Record<string, string>);
  return Object.fromEntries(written.filter(([id, reason]) => items.includes(id) && reason.trim() !== ''));
}

function scheduleOf({ schedule, mode, before }: ApplicationDraft): Record<string, unknown> {
  if (schedule === 'none' || mode === 'service') return {};
  return { schedule: schedule === 'as-before' ? before?.schedule : { kind: schedule } };
}

const STEP_OF: Readonly<Record<string, Step>> = {
  legalBasis: 'basis',
  scenario: 'basis',
  purpose: 'basis',
  mode: 'mode',
  file: 'mode',
  period: 'mode',
  schedule: 'mode',
  warranties: 'papers',
  attachments: 'papers',
};

/** The step in which a fault of the API can be mended. */
export function stepOf(pointer: string): Step {
  return STEP_OF[pointer.split('/')[1] ?? ''] ?? 'items';
}
