import fc from 'fast-check';
import { FORM_PARTS, type FormPart, type FormRef, type Subject } from '../../../domain/case.ts';
import { dateOfDayNumber, dayNumber } from '../../../domain/civil-date.ts';
import type { Facts } from '../../../domain/condition.ts';

/** Departments that answer for data here; the case's own provider is the first. */
export const PROVIDERS = ['public-security', 'transport', 'taxation'] as const;
export const REQUESTER = 'civil-affairs';

/** The parts that each subject has a digest of its own for. */
const OWN = ['items', 'masks', 'rowScope'] as const satisfies readonly FormPart[];

/** Conditions for choices, with what they mean in words of our own and the parts that they read. */
export const CONDITIONS: readonly {
  readonly when: string;
  readonly holds: (facts: Facts) => boolean;
  readonly reads: readonly FormPart[];
}[] = [
  { when: 'personal', holds: ({ personal }) => personal === true, reads: ['items'] },
  { when: 'items > 3', holds: ({ items }) => Number(items) > 3, reads: ['items'] },
  { when: 'mode == "batch"', holds: ({ mode }) => mode === 'batch', reads: ['mode'] },
  {
    when: 'everyRow && days > 100',
    holds: (f) => f['everyRow'] === true && Number(f['days']) > 100,
    reads: ['rowScope', 'period'],
  },
  {
    when: '"transport" in providers',
    holds: (f) => (f['providers'] as string[]).includes('transport'),
    reads: ['entry'],
  },
];

/** The facts of a form follow from its parts, so that none changes without them. */
function factsOf(parts: FormRef['parts'], subjects: readonly Subject[] | undefined): Facts {
  const turn = (part: FormPart): number => Number(parts[part]?.split('.')[1] ?? 0);
  return {
    personal: turn('items') % 2 === 1,
    items: 2 + (turn('items') % 4),
    mode: ['batch', 'service', 'file'][turn('mode') % 3] ?? 'batch',
    everyRow: turn('rowScope') % 2 === 0,
    days: 90 + turn('period') * 20,
    providers: subjects ? [...new Set(subjects.map(({ provider }) => provider))] : [PROVIDERS[0]],
  };
}

/** A day that follows from a part as well, and that some forms do not state. */
function datesOf(parts: FormRef['parts']): Pick<FormRef, 'dates'> {
  const turn = Number(parts['purpose']?.split('.')[1] ?? 0);
  return turn % 4 === 3 ? {} : { dates: { changedOn: dateOfDayNumber(dayNumber('2026-06-01') + turn * 23) } };
}

/** What distinguishes one first form from another: which subjects it names, if any. */
export interface Asked {
  readonly subjects: readonly number[] | undefined;
}

export const asked: fc.Arbitrary<Asked> = fc.record({
  subjects: fc.option(fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }), { nil: undefined, freq: 4 }),
});

/** Six subjects are there to be asked for, two of each provider. */
function subject(index: number, turn: number): Subject {
  const parts = Object.fromEntries(OWN.map((part) => [part, `${part}.${turn}`]));
  return { id: `s${index}`, provider: PROVIDERS[index % PROVIDERS.length] ?? PROVIDERS[0], parts };
}

export function firstForm({ subjects: named }: Asked): FormRef {
  const subjects = named?.map((index) => subject(index, 0));
  return finished({ version: 1, parts: Object.fromEntries(FORM_PARTS.map((part) => [part, `${part}.0`])), subjects });
}

function finished(draft: {
  readonly version: number;
  readonly parts: Readonly<Record<string, string>>;
  readonly subjects: readonly Subject[] | undefined;
}): FormRef {
  const { version, subjects } = draft;
  const parts = draft.parts as FormRef['parts'];
  return {
    id: 'form',
    version,
    digest: `${Object.values(parts).join()} ${JSON.stringify(subjects)}`,
    parts,
    period: { from: '2026-01-01', to: '2027-12-31' },
    ...(subjects ? { subjects } : {}),
    ...datesOf(parts),
    facts: factsOf(parts, subjects),
  };
}

/**
 * The next version of a form in which these parts are other ones. Another `entry` may bring a subject or drop one; of a
 * part that subjects have for themselves some subject's own changes. `pick` chooses which. Digests only have to differ.
 */
export function nextForm(before: FormRef, changed: readonly FormPart[], pick = 0): FormRef {
  const version = before.version + 1;
  const parts = Object.fromEntries(
    FORM_PARTS.map((part) => [part, changed.includes(part) ? `${part}.${version}` : (before.parts[part] ?? '')]),
  );
  let { subjects } = before;
  if (subjects && changed.includes('entry')) {
    const index = pick % 6;
    const without = subjects.filter(({ id }) => id !== `s${index}`);
    if (without.length === subjects.length) subjects = [...subjects, subject(index, version)];
    else if (without.length > 0) subjects = without;
  }
  const touched = subjects?.map((one, index) => {
    if (index !== pick % (subjects?.length ?? 1) && pick % 4 !== 0) return one;
    const own = OWN.filter((part) => changed.includes(part)).map((part) => [part, `${part}.${version}`]);
    return own.length === 0 ? one : { ...one, parts: { ...one.parts, ...Object.fromEntries(own) } };
  });
  return finished({ version, parts, subjects: touched });
}
