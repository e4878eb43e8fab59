import { isDeepStrictEqual } from 'node:util';
import type { Calendar } from '../../../domain/calendar.ts';
import {
  type CaseAction,
  type CaseState,
  type Command,
  type FileAction,
  FORM_PARTS,
  type FormPart,
  type FormRef,
  isSystem,
} from '../../../domain/case.ts';
import { nextForm } from './random-forms.ts';
import { STAFF } from './random-people.ts';
import { turned } from './random-wildness.ts';

/** The form after the one of now, by what is other in it; see `nextForm`. `version` is that of a form that is none. */
interface Change {
  readonly changed: readonly FormPart[];
  readonly pick: number;
  readonly version?: number;
}

/** The calendar of now but for one date; see `turned`. */
interface Turn {
  readonly date: string;
  readonly version: number;
}

type Short<A> = A extends { readonly form: FormRef }
  ? Omit<A, 'form'> & { readonly form: Change }
  : A extends { readonly calendar: Calendar }
    ? Omit<A, 'calendar'> & { readonly calendar: Turn }
    : A;

/**
 * A command as it is stored: without the staff, which is always the same, and with forms and calendars told by what they
 * change. `"seen": "now"` is the digest of the form as it stands.
 */
export interface WrittenCommand extends Omit<Command, 'do' | 'staff'> {
  readonly do: Short<Exclude<CaseAction, FileAction>>;
  /** The kernel has offered exactly this, so it must accept it. */
  readonly isSure?: true;
}

/** What a written command says where the case stands now. */
export function spoken(state: CaseState, { do: action, isSure: _, ...rest }: WrittenCommand): Command {
  const said = {
    ...action,
    ...('seen' in action && action.seen === 'now' ? { seen: state.form.digest } : {}),
    ...('form' in action ? { form: changedForm(state.form, action.form) } : {}),
    ...('calendar' in action ? { calendar: turned(state.calendar, action.calendar) } : {}),
  } as CaseAction;
  return { ...rest, do: said, ...(isSystem(rest.actor) ? {} : { staff: STAFF }) };
}

/** A command of a random case, written so that it says the same on other cases as far as it can. */
export function written(state: CaseState, { do: action, staff: _, ...rest }: Command, isSure: boolean): WrittenCommand {
  const short = {
    ...action,
    ...('seen' in action && action.seen === state.form.digest ? { seen: 'now' } : {}),
    ...('form' in action ? { form: changeOf(state.form, action.form) } : {}),
    ...('calendar' in action ? { calendar: turnOf(state.calendar, action.calendar) } : {}),
  } as WrittenCommand['do'];
  return { ...rest, do: short, ...(isSure ? { isSure } : {}) };
}

function changedForm(before: FormRef, { changed, pick, version }: Change): FormRef {
  const form = nextForm(before, changed, pick);
  return version === undefined ? form : { ...form, version };
}

/** Every kind of choice that `pick` makes comes about among the first sixty. */
function changeOf(before: FormRef, form: FormRef): Change {
  const changed = FORM_PARTS.filter((part) => form.parts[part] !== before.parts[part]);
  const picks = Array.from({ length: 60 }, (_, pick) => ({ changed, pick }));
  const known = [...picks, ...picks.map((one) => ({ ...one, version: form.version }))];
  const change = known.find((one) => isDeepStrictEqual(changedForm(before, one), form));
  if (!change) throw new Error('A form that does not follow from the one before');
  return change;
}

function turnOf(before: Calendar, { version, ...now }: Calendar): Turn {
  const days = [...before.holidays, ...before.workdays, ...now.holidays, ...now.workdays];
  const date = days.find((one) =>
    isDeepStrictEqual(turned(before, { date: one, version }), { ...before, ...now, version }),
  );
  if (date === undefined) throw new Error('A calendar that is not the one before but for a date');
  return { date, version };
}
