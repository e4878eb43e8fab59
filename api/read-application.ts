import type { Fault } from '../domain/language.ts';
import type { Application } from './application.ts';
import { mended, STAND_INS } from './mend-application.ts';
import { Problem } from './problem.ts';
import { applicationSchema } from './routes/share-requests/schema.ts';
import { validate } from './validate.ts';

export interface ReadApplication {
  readonly application: Application;
  readonly shapeFaults: readonly Fault[];
  /** Leaves out what the rules say of what is only stood in for. */
  tellable(faults: readonly Fault[]): Fault[];
}

/**
 * Reads an application as far as its shape allows, so that whoever sent it is told all faults at once, those of shape
 * and those of substance together.
 */
export function readApplication(input: unknown): ReadApplication {
  const { value, faults } = attempt(input);
  if (value) return { application: value, shapeFaults: [], tellable: (found) => [...found] };
  // A pointer to the whole: nothing in it can be told apart.
  if (faults.some(({ pointer }) => pointer === '')) throw new Problem('Invalid', { faults });
  const pointers = faults.map(({ pointer }) => pointer);
  const application = attempt(mended(input as Readonly<Record<string, unknown>>, pointers)).value;
  const hidden = pointers.flatMap((pointer) => [pointer, ...restingOn(pointer)]);
  return {
    application: application ?? STAND_INS,
    shapeFaults: faults,
    tellable: (found) => (application ? found.filter((fault) => !hidden.some((place) => isWithin(fault, place))) : []),
  };
}

/** What nothing can be said of where this is not known: of what the entry has, what goes with the items, and so on. */
const RESTING: Readonly<Record<string, readonly string[]>> = {
  entryId: ['items', 'masks', 'rowScope', 'reasons', 'mode', 'purpose'],
  items: ['masks', 'reasons'],
  mode: ['rate', 'file', 'schedule'],
};

function restingOn(pointer: string): string[] {
  const [, resource = '', part = ''] = /^(\/further\/\d+)?\/(\w+)$/.exec(pointer) ?? [];
  return (RESTING[part] ?? []).map((name) => `${resource}/${name}`);
}

/** Mode and purpose are those of the whole, whichever resource they are held against. */
function isWithin({ pointer }: Fault, place: string): boolean {
  const common = pointer.replace(/^\/further\/\d+(?=\/(?:mode|purpose)$)/, '');
  return [pointer, common].some((one) => one === place || one.startsWith(`${place}/`));
}

function attempt(input: unknown): { value?: Application; faults: readonly Fault[] } {
  try {
    return { value: validate(applicationSchema, input), faults: [] };
  } catch (error) {
    if (error instanceof Problem) return { faults: error.faults };
    throw error;
  }
}
