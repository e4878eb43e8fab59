import type { MaskRule } from './catalogue.ts';
import type { FileTerms } from './file-delivery.ts';
import type { ShareMode } from './language.ts';
import type { Rate } from './rate.ts';
import type { RowScope } from './row-scope.ts';
import type { ScheduleAsk } from './schedule/schedule.ts';

/** The parts of an application that signatures rest on, each with a digest of its own. */
export const FORM_PARTS = [
  'entry',
  'items',
  'masks',
  'rowScope',
  'legalBasis',
  'scenario',
  'purpose',
  'mode',
  'period',
  'warranties',
  'attachments',
] as const;
/** Parts that only some applications have. No signature rests on them: they say nothing of what is given. */
export const FURTHER_PARTS = ['schedule', 'reasons'] as const;
export type SharePart = (typeof FORM_PARTS)[number] | (typeof FURTHER_PARTS)[number];

/** One resource that is asked for: which items of which entry, how masked, which rows. */
export interface ResourceAsk {
  readonly entryId: string;
  readonly entryVersion: number;
  /** Ids of the items asked for, in the entry's order. */
  readonly items: readonly string[];
  /** The mask of each item asked for, filled from the entry's least masking where the applicant asks for no more. */
  readonly masks: Readonly<Record<string, MaskRule>>;
  readonly rowScope: RowScope;
  /** Why an item is needed, by its id: for each that goes beyond what the department was given of the entry before. */
  readonly reasons?: Readonly<Record<string, string>>;
}

/** What an application states (R809 Art.21). Lives in PostgreSQL; histories hold its id and the digests of its parts only. */
export interface ShareRequestForm extends ResourceAsk {
  /** Further resources of the same request, each decided by its own provider; absent where there is only one. */
  readonly further?: readonly ResourceAsk[];
  readonly legalBasis: string;
  readonly scenario: string;
  readonly purpose: string;
  readonly mode: ShareMode;
  /** Where the mode is `file`: as what, and where to. Signatures rest on it together with the mode. */
  readonly file?: FileTerms;
  /** Where the mode is `service`: how often it may be called. Signatures rest on it together with the mode. */
  readonly rate?: Rate;
  /** Calendar dates (YYYY-MM-DD) in Asia/Shanghai; `to` is the last day on which data may flow. */
  readonly period: { readonly from: string; readonly to: string };
  /** When the data is to come by itself; absent: on call. */
  readonly schedule?: ScheduleAsk;
  readonly warranties: { readonly true: boolean; readonly lawful: boolean; readonly necessary: boolean };
  readonly attachments: readonly AttachmentRef[];
}

/** Every resource that a form asks for, the first one first. */
export function resourcesOf(form: ShareRequestForm): readonly ResourceAsk[] {
  const { entryId, entryVersion, items, masks, rowScope, reasons, further = [] } = form;
  return [{ entryId, entryVersion, items, masks, rowScope, ...(reasons ? { reasons } : {}) }, ...further];
}

export interface AttachmentRef {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}
