import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { dateIn } from '../domain/calendar.ts';
import { canonicalJson } from '../domain/canonical.ts';
import type { FormRef } from '../domain/case.ts';
import type { Fault } from '../domain/language.ts';
import { faultsOfForm, type Process, type ProcessForm } from '../domain/process.ts';
import { attachmentsOf } from '../store/attachments.ts';
import type { CaseRow } from '../store/cases.ts';
import { findForm } from '../store/forms.ts';
import { findGrant } from '../store/grants.ts';
import type { Mounts } from './mounts.ts';
import { Problem } from './problem.ts';
import { faultsOfNamed } from './reconciliation/case.ts';
import { checkPublication, type FrozenDraft } from './publication-form.ts';

/** A form of a process as it is kept: attachments with their names and digests rather than by their ids alone. */
export type KeptForm = Readonly<Record<string, unknown>>;

interface Deps {
  readonly db: Knex;
  readonly mounts: Mounts;
}

interface Checked {
  readonly content: KeptForm;
  readonly faults: readonly Fault[];
}

interface FormToCheck {
  readonly form: unknown;
  readonly department: string;
  readonly items: readonly string[];
  /** The calendar date in Asia/Shanghai. */
  readonly today: string;
  /** Where the process is about an entry. */
  readonly publication?: { readonly entryId: string; readonly kept?: FrozenDraft };
}

/** Holds a form against its process: every fault at once, and what is kept of it if there is none. */
export async function checkProcessForm(
  { db, mounts }: Deps,
  process: Process,
  { form, department, items, today, publication }: FormToCheck,
): Promise<Checked> {
  const faults = [...faultsOfForm(process, form as ProcessForm, { items, today })];
  const content: Record<string, unknown> = { ...(form as ProcessForm) };
  for (const { id } of process.fields.filter(({ kind }) => kind === 'attachments')) {
    const asked = content[id];
    if (!Array.isArray(asked) || asked.length === 0) continue;
    const ids = asked.filter((one): one is string => typeof one === 'string' && UUID.test(one));
    const found = await attachmentsOf(db, department, ids);
    const missing = asked.flatMap((one, index): Fault[] =>
      found.some((attachment) => attachment.id === one)
        ? []
        : [{ pointer: `/form/${id}/${index}`, code: 'UnknownAttachment' }],
    );
    faults.push(...missing);
    content[id] = found;
  }
  for (const { id } of process.fields.filter(({ kind }) => kind === 'reconciliation')) {
    const named = { pointer: `/form/${id}`, named: content[id], entryId: publication?.entryId };
    faults.push(...(await faultsOfNamed(db, named)));
  }
  if (!publication) return { content, faults };
  const checked = await checkPublication({ db, mounts }, content, { ...publication, department });
  return { content: checked.content, faults: [...faults, ...checked.faults] };
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * The reference to a version of a form, with a digest for the whole and for each field: signatures rest on those. `before`
 * are the parts of the version before: a field that is new since has none as long as nobody states it.
 */
export function processFormRef(
  { fields }: Process,
  content: KeptForm,
  { id, version, before }: Pick<FormRef, 'id' | 'version'> & { readonly before?: FormRef['parts'] },
): FormRef {
  const known = fields.filter((field) => !before || field.id in before || content[field.id] !== undefined);
  const parts = Object.fromEntries(known.map((field) => [field.id, digest(content[field.id] ?? null)]));
  const dates = Object.fromEntries(
    fields.flatMap(({ id: field, kind }) => {
      const day = content[field];
      return kind === 'date' && typeof day === 'string' && day !== '' ? [[field, day]] : [];
    }),
  );
  const stated = Object.keys(dates).length > 0 ? { dates } : {};
  return { id, version, digest: digest(content), parts, ...stated };
}

function digest(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** The next version of a form, handed in at `at`. @throws {Problem} Invalid with all faults of what is changed */
export async function changedProcessForm(
  { processes, ...deps }: Deps & { readonly processes: readonly Process[] },
  row: CaseRow,
  { changes, at }: { readonly changes: Readonly<Record<string, unknown>>; readonly at: string },
): Promise<{ readonly content: KeptForm; readonly form: FormRef }> {
  const { db } = deps;
  const process = processes.find(({ id }) => id === row.kind);
  const stored = await findForm<KeptForm>(db, row.formId, row.formVersion);
  if (!process || !stored) throw new Error(`Case ${row.id} has no process or form`);
  const before = Object.fromEntries(Object.entries(stored.body).map(([id, value]) => [id, idsOf(value)]));
  const grant = row.aboutGrantId === null ? undefined : await findGrant(db, row.aboutGrantId, { all: true });
  const { content, faults } = await checkProcessForm(deps, process, {
    form: { ...before, ...changes },
    department: row.requester,
    items: grant?.body.items ?? [],
    today: dateIn(at),
    ...(row.entryId === null ? {} : { publication: { entryId: row.entryId, ...keptOf(stored.body, changes) } }),
  });
  const { parts } = row.state.form;
  const told = faults.filter(({ pointer, code }) => code !== 'FieldMissing' || isOfForm(pointer, parts, changes));
  if (told.length > 0) throw new Problem('Invalid', { faults: told });
  const version = { id: row.formId, version: row.formVersion + 1, before: parts };
  return { content, form: processFormRef(process, content, version) };
}

/** A field that the process has had only since the case was filed is not missing. */
function isOfForm(pointer: string, parts: FormRef['parts'], changes: Readonly<Record<string, unknown>>): boolean {
  const field = pointer.split('/')[2] ?? '';
  return field in parts || field in changes;
}

/** A draft that is not handed in again stays as it was frozen. */
function keptOf(before: KeptForm, changes: Readonly<Record<string, unknown>>): { kept?: FrozenDraft } {
  const kept = before['draft'] as FrozenDraft | undefined;
  return kept && !Object.hasOwn(changes, 'draft') ? { kept } : {};
}

/** Attachments and drafts as whoever sends a form names them. */
function idsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(idsOf);
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}
