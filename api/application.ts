import { createHash, randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { z } from 'zod';
import { dateIn } from '../domain/calendar.ts';
import { canonicalJson } from '../domain/canonical.ts';
import type { FormRef, Subject } from '../domain/case.ts';
import type { Entry } from '../domain/catalogue.ts';
import { factsOf } from '../domain/facts.ts';
import { type FileDestination, fileTermsOf } from '../domain/file-delivery.ts';
import type { Fault } from '../domain/language.ts';
import { rateOf } from '../domain/rate.ts';
import type { UnconditionalPractice } from '../domain/routes/share-request.ts';
import type { RowScope } from '../domain/row-scope.ts';
import { scheduleOf } from '../domain/schedule/schedule.ts';
import {
  type AttachmentRef,
  FORM_PARTS,
  FURTHER_PARTS,
  type ResourceAsk,
  resourcesOf,
  type SharePart,
  type ShareRequestForm,
} from '../domain/share-request.ts';
import {
  checkFurther,
  checkShareRequest,
  completed,
  LONGEST_YEARS,
  type ShareRequestDraft,
} from '../domain/share-request-check.ts';
import { attachmentsOf } from '../store/attachments.ts';
import { lastGiven } from '../store/grants.ts';
import { readSettings } from '../store/settings.ts';
import { Problem } from './problem.ts';
import type { applicationSchema } from './routes/share-requests/schema.ts';

export type Application = z.output<typeof applicationSchema>;

export interface Asked {
  readonly at: string;
  readonly department: string;
  readonly entry: Entry | undefined;
  /** Those of the further resources, in their order. */
  readonly further: readonly (Entry | undefined)[];
  /** Where the platform can put files. */
  readonly destinations: readonly FileDestination[];
}

export interface Checked {
  readonly faults: readonly Fault[];
  readonly attachments: readonly AttachmentRef[];
  /** How the place handles unconditional resources: setting `share-request.unconditional`. */
  readonly practice: UnconditionalPractice;
}

/** Everything that is wrong with an application, over the entry that it asks for and what the department has uploaded. */
export async function checkApplication(db: Knex, application: Application, asked: Asked): Promise<Checked> {
  const attachments = await attachmentsOf(db, asked.department, application.attachments);
  const { 'share-request.longest-years': years, 'share-request.unconditional': practice } = await readSettings(
    db,
    'share-request',
  );
  const { entryVersion, follows: _, further, ...rest } = application;
  const draft: ShareRequestDraft = entryVersion === undefined ? rest : { ...rest, entryVersion };
  const context = {
    today: dateIn(asked.at),
    requester: asked.department,
    attachments,
    destinations: asked.destinations,
    given: await lastGiven(
      db,
      asked.department,
      [application, ...application.further].map(({ entryId }) => entryId),
    ),
    longestYears: typeof years === 'number' ? years : LONGEST_YEARS,
  };
  const entries = [asked.entry, ...asked.further];
  const faults = [
    ...checkShareRequest(draft, asked.entry, context),
    ...checkFurther(draft, further, { ...context, entries }),
  ];
  return { faults, attachments, practice: practice === 'at-once' ? 'at-once' : 'answer' };
}

/** The application as it is kept, once nothing is wrong with it. */
export function formOf(
  application: Application,
  [entry, ...others]: readonly [Entry, ...Entry[]],
  attachments: readonly AttachmentRef[],
): ShareRequestForm {
  const further = application.further.flatMap((one, index): ResourceAsk[] => {
    const other = others[index];
    return other
      ? [
          {
            entryId: other.id,
            entryVersion: other.version,
            ...completed(one, other),
            rowScope: one.rowScope as RowScope,
          },
        ]
      : [];
  });
  const { legalBasis, scenario, purpose, mode, period, schedule, warranties } = application;
  return {
    entryId: entry.id,
    entryVersion: entry.version,
    ...completed(application, entry),
    // checkRowScope has found nothing wrong with it.
    rowScope: application.rowScope as RowScope,
    legalBasis,
    scenario,
    purpose,
    mode,
    ...(mode === 'file' ? { file: fileTermsOf(application.file) } : {}),
    ...(mode === 'service' ? { rate: rateOf(application.rate) } : {}),
    period,
    ...(schedule ? { schedule } : {}),
    warranties,
    attachments,
    ...(further.length > 0 ? { further } : {}),
  };
}

/** The reference to a version of a form by which histories and signatures know it: digests of the whole and of each part. */
export function formRefOf(
  form: ShareRequestForm,
  entries: readonly Entry[],
  { id, version, requester }: Pick<FormRef, 'id' | 'version'> & { readonly requester: string },
): FormRef {
  const named = [
    ...FORM_PARTS,
    ...FURTHER_PARTS.filter((part) => [form, ...(form.further ?? [])].some((one) => Object.hasOwn(one, part))),
  ];
  const parts = Object.fromEntries(named.map((part) => [part, digest(partOf(form, part))]));
  const facts = factsOf(form, entries, requester);
  const isCycled = form.schedule?.kind === 'after-update';
  const subjects = form.further
    ? resourcesOf(form).map((one, index) => subjectOf(one, entries[index], isCycled))
    : undefined;
  const schedule = form.schedule ? { schedule: scheduleOf(form.schedule, entries[0]?.updateCycle ?? '') } : {};
  const digests = { digest: digest(form), parts, ...(subjects ? { subjects } : askedItems(form)) };
  return { id, version, ...digests, period: form.period, ...schedule, facts };
}

/** A resource of several, so that each provider's signatures rest on their own and on what is common to all. */
function subjectOf(one: ResourceAsk, entry: Entry | undefined, isCycled: boolean): Subject {
  const { entryId, entryVersion, items, masks, rowScope } = one;
  const values = { entry: { entryId, entryVersion }, items, masks, rowScope };
  const parts = Object.fromEntries(Object.entries(values).map(([part, value]) => [part, digest(value)]));
  const cycle = isCycled && entry ? { cycle: entry.updateCycle } : {};
  return { id: entryId, provider: entry?.provider ?? '', parts, ...askedItems(one), ...cycle };
}

/** What can be decided item by item, and which items the row scope could not do without. */
function askedItems({ items, rowScope }: ResourceAsk): Required<Pick<FormRef, 'items' | 'scopedBy'>> {
  const scoped = new Set(rowScope.all.map(({ item }) => item));
  return { items, scopedBy: items.filter((id) => scoped.has(id)) };
}

export function newFormId(): string {
  return randomUUID();
}

function partOf(form: ShareRequestForm, part: SharePart): unknown {
  if (form.further && PER_RESOURCE.includes(part)) return resourcesOf(form).map((one) => valueOf(one, part));
  return valueOf(form, part);
}

const PER_RESOURCE: readonly SharePart[] = ['entry', 'items', 'masks', 'rowScope', 'reasons'];

function valueOf(one: Partial<ShareRequestForm>, part: SharePart): unknown {
  if (part === 'entry') return { entryId: one.entryId, entryVersion: one.entryVersion };
  if (part === 'mode' && one.file) return { mode: one.mode, file: one.file };
  if (part === 'mode' && one.rate) return { mode: one.mode, rate: one.rate };
  return one[part];
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** @throws {Problem} Invalid, with all of them, unless there are none */
export function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new Problem('Invalid', { faults });
}
