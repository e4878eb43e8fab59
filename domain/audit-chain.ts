import { canonicalJson } from './canonical.ts';
import { dateIn } from './calendar.ts';
import type { Answer, CaseEvent, CaseState, FormRef } from './case.ts';
import { digestOf } from './digest.ts';
import type { AnyManifest, Grant } from './grant.ts';
import type { Entry } from './journal.ts';
import { evolve } from './kernel/evolve.ts';
import { planOf, type StageNode } from './kernel/plan.ts';
import { resourcesOf, type ShareRequestForm } from './share-request.ts';

/** From what was delivered back to whoever was entitled to decide, and on to the accounts of it; each is held by itself. */
export const AUDIT_LINKS = [
  'delivery',
  'grant',
  'decisions',
  'capacity',
  'policy',
  'replay',
  'ledger',
  'projection',
] as const;
export type AuditLinkName = (typeof AUDIT_LINKS)[number];

/** Where two values should be the same and are not. */
export interface AuditDifference {
  /** What of it: a part, a member of an event, or a code of a finding. */
  readonly field: string;
  /** The event that it is about. */
  readonly seq?: number;
  readonly expected: string;
  readonly found: string;
  /** In words, where there are some. */
  readonly message?: string;
}

/**
 * One link of the chain. `holds`: it was looked into and is in order; `fails`: `differences` says where not; `unknown`: it
 * could not be looked into now; `none`: the case has nothing of the kind.
 */
export interface AuditLink {
  readonly link: AuditLinkName;
  readonly verdict: 'holds' | 'fails' | 'unknown' | 'none';
  /** What was looked at, as figures and ids. */
  readonly facts: Readonly<Record<string, string | number>>;
  readonly differences: readonly AuditDifference[];
}

export function linkOf(
  link: AuditLinkName,
  { facts, differences }: Pick<AuditLink, 'facts' | 'differences'>,
): AuditLink {
  return { link, verdict: differences.length > 0 ? 'fails' : 'holds', facts, differences };
}

export function absentLink(link: AuditLinkName, verdict: 'unknown' | 'none' = 'none'): AuditLink {
  return { link, verdict, facts: {}, differences: [] };
}

/** Whether a manifest stays within what was granted. */
export function beyondGrant(manifest: AnyManifest, grant: Grant): AuditDifference[] {
  const { deliveryId, items, masks, rowScope, entryId, entryVersion, startedAt } = manifest;
  const more = items.filter((item) => !grant.items.includes(item));
  const on = dateIn(startedAt);
  const outside = on < grant.validFrom || on > grant.validTo;
  return [
    ...(more.length > 0 ? [apart('items', grant.items, items)] : []),
    ...differing({ masks: grant.masks, rowScope: grant.rowScope }, { masks, rowScope }),
    ...differing({ entryId: grant.entryId, entryVersion: grant.entryVersion }, { entryId, entryVersion }),
    ...(outside ? [{ field: 'period', expected: `${grant.validFrom}–${grant.validTo}`, found: on }] : []),
  ].map((one) => ({ ...one, message: deliveryId }));
}

/** Whether a grant is what the form asked for on which the signatures rest, without the items that they leave out. */
export function beyondForm(grant: Grant, form: ShareRequestForm, leftOut: readonly string[] = []): AuditDifference[] {
  const resource = resourcesOf(form).find(({ entryId }) => entryId === grant.entryId);
  if (!resource) return [{ field: 'entryId', expected: form.entryId, found: grant.entryId }];
  const { rowScope, entryVersion } = resource;
  const items = resource.items.filter((id) => !leftOut.includes(id));
  const masks = Object.fromEntries(Object.entries(resource.masks).filter(([id]) => !leftOut.includes(id)));
  const { purpose, mode, period } = form;
  const asked = { items, masks, rowScope, entryVersion, purpose, mode, validFrom: period.from, validTo: period.to };
  return differing(asked, grant as unknown as Readonly<Record<string, unknown>>);
}

function differing(
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): AuditDifference[] {
  return Object.keys(expected)
    .filter((field) => canonicalJson(expected[field] ?? null) !== canonicalJson(found[field] ?? null))
    .map((field) => apart(field, expected[field], found[field]));
}

function apart(field: string, expected: unknown, found: unknown): AuditDifference {
  return { field, expected: textOf(expected), found: textOf(found) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value ?? null);
}

/** A signature, with what it was given to and the event that it is in. */
export interface Signature extends Answer {
  readonly stage: string;
  readonly seq: number;
  readonly onBehalf?: string;
  /** Who had filed or completed the application by then. */
  readonly contributors: readonly string[];
}

/** Where a case stood when something was granted, or stands now, with the signatures that stood then. */
export interface Signed {
  readonly state: CaseState;
  readonly grantId?: string;
  readonly subject?: string;
  readonly signatures: readonly Signature[];
  /** How many signatures had lapsed on the way. */
  readonly lapsed: number;
  /** Every version of the form that was filed, by its digest. */
  readonly forms: ReadonlyMap<string, FormRef>;
}

/** What stood signed each time that the case gave a grant; where it gave none, what stands signed now. */
export function signedIn(entries: readonly Entry<CaseEvent>[]): Signed[] {
  const forms = new Map<string, FormRef>();
  const given = new Map<string, Signature>();
  const found: Signed[] = [];
  let lapsed = 0;
  let state: CaseState | undefined;
  for (const { seq, event } of entries) {
    const before = state;
    state = evolve(state, event);
    if ('form' in event && typeof event.form === 'object') forms.set(event.form.digest, event.form);
    if (event.type === 'signatureLapsed') lapsed += 1;
    if (event.type === 'answered') {
      const { stage, seat = 1, onBehalf } = event;
      const answer = state.stages[stage]?.seats.find(({ id }) => id === seat)?.answer;
      const contributors = before?.contributors ?? [];
      const by = { ...(onBehalf === undefined ? {} : { onBehalf }) };
      if (answer) given.set(`${stage}.${event.activation}.${seat}`, { ...answer, stage, seq, contributors, ...by });
    }
    if (event.type !== 'granted') continue;
    const { grantId, subject } = event;
    const about = { grantId, ...(subject === undefined ? {} : { subject }) };
    found.push({ state, ...about, signatures: standing(state, given), lapsed, forms: new Map(forms) });
  }
  if (found.length > 0 || !state) return found;
  return [{ state, signatures: standing(state, given), lapsed, forms }];
}

function standing({ stages }: CaseState, given: ReadonlyMap<string, Signature>): Signature[] {
  return Object.entries(stages).flatMap(([stage, { activation, seats }]) =>
    seats.flatMap(({ id, answer }) => (answer ? (given.get(`${stage}.${activation}.${id}`) ?? []) : [])),
  );
}

/** What was signed and is not what was granted: parts that a signature rests on and that are others in the form of now. */
export function signedOtherwise({ state, signatures, subject, forms }: Signed): AuditDifference[] {
  const nodes = new Map(planOf(state).stages.map((node) => [node.id, node]));
  return signatures.flatMap(({ stage, seq, form, verdict }) => {
    const node = nodes.get(stage);
    if (!node || !isAbout(node, subject)) return [];
    const signed = forms.get(form);
    if (!signed) return [{ field: 'form', seq, expected: state.form.digest, found: form }];
    const changed = node.basis.filter((part) => partOf(signed, part, node) !== partOf(state.form, part, node));
    const refused = subject !== undefined && verdict !== 'approved' && node.subjects?.length === 1;
    return [
      ...changed.map((part) => apart(part, partOf(signed, part, node), partOf(state.form, part, node))),
      ...(refused ? [{ field: 'verdict', expected: 'approved', found: verdict }] : []),
    ].map((one) => ({ ...one, seq }));
  });
}

function isAbout({ subjects }: StageNode, subject: string | undefined): boolean {
  return subject === undefined || subjects === undefined || subjects.includes(subject);
}

/** The digest of a part, of the subjects that a stage decides where they have their own. */
function partOf(form: FormRef, part: string, { subjects }: StageNode): string {
  const own = (form.subjects ?? []).filter(({ id, parts }) => subjects?.includes(id) && parts[part] !== undefined);
  return own.length > 0 ? digestOf(own.map(({ parts }) => parts[part])) : (form.parts[part] ?? '');
}

/** The first place in which two values of JSON differ, by its path, so that a person sees both rather than two long texts. */
export function firstApart(expected: unknown, found: unknown, path = ''): AuditDifference | undefined {
  if (canonicalJson(expected ?? null) === canonicalJson(found ?? null)) return undefined;
  if (!isTree(expected) || !isTree(found)) return apart(path, expected, found);
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    const below = firstApart(expected[key], found[key], path === '' ? key : `${path}.${key}`);
    if (below) return below;
  }
  return apart(path, expected, found);
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
