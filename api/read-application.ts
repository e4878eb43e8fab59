import type { Fault } from '../domain/language.ts';
import type { Application } from './application.ts';
import { Problem } from './problem.ts';
import { applicationSchema } from './routes/share-requests/schema.ts';
import { validate } from './validate.ts';

/** What stands in for a part whose shape is wrong, so that the rules can still be held against the rest. */
const STAND_INS: Application = {
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

export interface ReadApplication {
  readonly application: Application;
  readonly shapeFaults: readonly Fault[];
  /** Leaves out what the rules say of parts that are only stood in for. */
  tellable(faults: readonly Fault[]): Fault[];
}

/**
 * Reads an application as far as its shape allows, so that whoever sent it is told all faults at once, those of shape
 * and those of substance together.
 */
export function readApplication(input: unknown): ReadApplication {
  const { value, faults } = attempt(input);
  if (value) return { application: value, shapeFaults: [], tellable: (found) => [...found] };
  const broken = new Set(faults.map(partOf));
  // A pointer to the whole: nothing in it can be told apart.
  if (broken.has('')) throw new Problem('Invalid', { faults });
  const sound = Object.entries(input as Record<string, unknown>).filter(([name]) => !broken.has(name));
  const application = attempt({ ...STAND_INS, ...Object.fromEntries(sound) }).value ?? STAND_INS;
  if (broken.has('entryId')) ['items', 'masks', 'rowScope', 'mode', 'purpose'].forEach((part) => broken.add(part));
  if (broken.has('items')) broken.add('masks');
  return {
    application,
    shapeFaults: faults,
    tellable: (found) => found.filter((fault) => !broken.has(partOf(fault))),
  };
}

function attempt(input: unknown): { value?: Application; faults: readonly Fault[] } {
  try {
    return { value: validate(applicationSchema, input), faults: [] };
  } catch (error) {
    if (error instanceof Problem) return { faults: error.faults };
    throw error;
  }
}

/** The member of the application that a fault lies in; `''` where it is the whole. */
function partOf({ pointer }: Fault): string {
  return (pointer.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
}
