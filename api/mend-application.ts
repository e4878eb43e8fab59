import type { Application } from './application.ts';
import { readPointer } from './pointer.ts';
import { date } from './schema.ts';

/** What stands in for a part whose shape is wrong, so that the rules can still be held against the rest. */
export const STAND_INS: Application = {
  entryId: '-',
  items: [],
  masks: {},
  rowScope: { all: [] },
  legalBasis: '--',
  scenario: '--',
  purpose: '-',
  mode: 'batch',
  period: { from: '0001-01-01', to: '0001-01-01' },
  warranties: { true: true, lawful: true, necessary: true },
  attachments: [],
  further: [],
};

const FURTHER_STAND_IN = { entryId: '-', items: [] };

/** Parts of which a member cannot be missing: they go as a whole. */
const WHOLE = ['follows', 'schedule'];

type Json = Record<string, unknown>;

/** An application with something of the right shape in each of these places, or with nothing there. */
export function mended(application: Readonly<Json>, pointers: readonly string[]): Json {
  const whole = structuredClone(application) as Json;
  // What lies within another of them goes with it.
  const outermost = pointers.filter((one) => !pointers.some((other) => one.startsWith(`${other}/`)));
  for (const pointer of outermost) mend(whole, readPointer(pointer));
  return whole;
}

function mend(resource: Json, path: readonly string[]): void {
  const [part = '', ...within] = path;
  if (part === 'further' && within.length > 0) return mendFurther(resource['further'], within);
  const at = within.at(-1);
  const parent = WHOLE.includes(part) ? undefined : valueAt(resource, [part, ...within.slice(0, -1)]);
  if (at === undefined || parent === undefined) return put(resource, part, STAND_INS[part as keyof Application]);
  put(parent, at, standIn(part, at, parent));
}

function mendFurther(further: unknown, [at = '', ...path]: readonly string[]): void {
  const all = further as Json;
  if (path.length === 0) return put(all, at, FURTHER_STAND_IN);
  mend(all[at] as Json, path);
}

/** Of one member of a part. Those of a list differ, as none of them may be listed twice. */
function standIn(part: string, at: string, { from, to }: Json): unknown {
  switch (part) {
    case 'items':
      return `\u0001${at}`;
    case 'attachments':
      return `00000000-0000-4000-8000-${at.padStart(12, '0')}`;
    case 'period':
      // A period of one day is neither reversed nor too long.
      return date.safeParse(at === 'from' ? to : from).data ?? STAND_INS.period.from;
    case 'warranties':
      return Object.hasOwn(STAND_INS.warranties, at) ? true : undefined;
    default:
      return undefined;
  }
}

function put(parent: Json, at: string, value: unknown): void {
  if (value === undefined) delete parent[at];
  else parent[at] = structuredClone(value);
}

function valueAt(value: unknown, path: readonly string[]): Json | undefined {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Json)[name];
  }
  return typeof at === 'object' && at !== null ? (at as Json) : undefined;
}
