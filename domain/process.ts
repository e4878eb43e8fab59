import { isDate } from './civil-date.ts';
import type { Fault, Role } from './language.ts';
import type { Route } from './route.ts';

/** Words in the two languages of the platform. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** One field of a process's form. Its id is also the part of the form that signatures rest on. */
export interface FormField {
  readonly id: string;
  readonly label: Words;
  /**
   * `items`: ids of data items of the grant that the case is about. `date`: a calendar date (YYYY-MM-DD). `draft`: the
   * draft of an entry, which is kept as it is when the form is handed in. `reconciliation`: the id of one of the entry.
   */
  readonly kind: 'text' | 'choice' | 'items' | 'date' | 'attachments' | 'draft' | 'reconciliation';
  readonly required?: boolean;
  /** Required where the form's choice `kind` is one of these, and to be left out where it is another. */
  readonly requiredFor?: readonly string[];
  /** Of a text: the most characters. */
  readonly most?: number;
  /** Of a choice: what may be chosen, by value. */
  readonly options?: Readonly<Record<string, Words>>;
  /** Of a date: it is of something that has happened, and so not after the day on which the form is handed in. */
  readonly past?: boolean;
}

/**
 * A process as data: what it is called, who files it about what, its form and its route. What it has done beside the
 * answers stands under its id in activities/effects/. Share requests have a form of their own and are none of these.
 */
export interface Process {
  readonly id: string;
  /** Before the year in the numbers of its cases: `JH-2026-000001`. */
  readonly prefix: string;
  readonly name: Words;
  /** What a case is about: a grant, whose parties are its own; another case; an entry, whose provider answers. */
  readonly about: 'grant' | 'case' | 'entry';
  /** On which side of it the one stands who files: the other side answers. */
  readonly filedBy: readonly { readonly side: 'requester' | 'provider' | 'authority'; readonly role: Role }[];
  /** Whether it can be filed while the grant runs, once it is over, or at any time. */
  readonly when?: 'running' | 'over';
  readonly fields: readonly FormField[];
  /** Once this stage has agreed, whoever holds the role in any department is told (R809 Art.16). */
  readonly tellsEverybody?: { readonly stage: string; readonly role: Role };
  readonly route: Route;
}

export type FormFaultCode =
  | 'UnknownProcess'
  | 'UnknownField'
  | 'FieldMissing'
  | 'FieldNotAllowed'
  | 'FieldMalformed'
  | 'UnknownChoice'
  | 'DayNotYet'
  | 'PersonUnknown';

/** What a form of a process holds: texts, choices and dates as texts, items and attachments as lists of ids. */
export type ProcessForm = Readonly<Record<string, string | readonly string[]>>;

export interface FormContext {
  /** Ids of items that may be named. */
  readonly items: readonly string[];
  /** The calendar date in Asia/Shanghai on which it is handed in. */
  readonly today: string;
}

/** What is wrong with a form, all of it at once. Pointers begin at `/form`. */
export function faultsOfForm(process: Process, form: ProcessForm, context: FormContext): Fault[] {
  const known = new Set(process.fields.map(({ id }) => id));
  const unknown = Object.keys(form).filter((id) => !known.has(id));
  return [
    ...unknown.map((id): Fault => ({ pointer: `/form/${id}`, code: 'UnknownField' })),
    ...process.fields.flatMap((field) => fieldFaults(demandOf(field, form['kind']), form[field.id], context)),
  ];
}

type Demanded = FormField & { readonly isBarred?: boolean };

/** What the kind that is chosen makes of a field. */
function demandOf(field: FormField, kind: ProcessForm[string] | undefined): Demanded {
  const { requiredFor } = field;
  if (!requiredFor || typeof kind !== 'string') return field;
  return requiredFor.includes(kind) ? { ...field, required: true } : { ...field, isBarred: true };
}

function fieldFaults(field: Demanded, value: ProcessForm[string] | undefined, { items, today }: FormContext): Fault[] {
  const pointer = `/form/${field.id}`;
  const isEmpty = value === undefined || value.length === 0 || (typeof value === 'string' && value.trim() === '');
  if (isEmpty) return field.required ? [{ pointer, code: 'FieldMissing' }] : [];
  if (field.isBarred) return [{ pointer, code: 'FieldNotAllowed' }];
  const isList = field.kind === 'items' || field.kind === 'attachments';
  if (isList !== Array.isArray(value)) return [{ pointer, code: 'FieldMalformed' }];
  if (field.kind === 'items') {
    return (value as readonly string[]).flatMap((id, index): Fault[] =>
      items.includes(id) ? [] : [{ pointer: `${pointer}/${index}`, code: 'UnknownItem', params: { item: id } }],
    );
  }
  if (typeof value !== 'string') return [];
  if (field.kind === 'date' && !isDate(value)) return [{ pointer, code: 'DateUnknown' }];
  if (field.past && value > today) return [{ pointer, code: 'DayNotYet' }];
  if (field.kind === 'choice' && !Object.hasOwn(field.options ?? {}, value))
    return [{ pointer, code: 'UnknownChoice' }];
  const most = field.most ?? 2_000;
  return value.length > most ? [{ pointer, code: 'TooLong', params: { most } }] : [];
}
