import type { LinkKind, LinkState } from '../../domain/links.ts';
import type { Schedule } from '../../domain/schedule/schedule.ts';
import type { Viewer } from '../cases.ts';

/** Why something did not come through: a code of deliveries or of sources, or the words of whoever was asked. */
export interface LinkReason {
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** Runs that are looked back on for rows, bytes and the rate of errors. */
export const RUNS_SHOWN = 20;

/** What the last runs came to; null where a link has no runs. */
export interface LinkRuns {
  readonly count: number;
  readonly failed: number;
  readonly rows: number;
  readonly bytes: number;
}

/** A link and how it goes, as the database has it now. */
export interface LinkRow {
  readonly kind: LinkKind;
  readonly ref: string;
  readonly state: LinkState;
  /** Of the entry, the source, the webhook; empty for the platform's own. */
  readonly title: string;
  readonly provider: string | null;
  readonly requester: string | null;
  readonly source: { readonly id: string; readonly name: string; readonly kind: string } | null;
  /** `place`: a database, or where files go. */
  readonly target: { readonly place: string; readonly id: string | null; readonly name: string | null } | null;
  readonly grant: { readonly id: string; readonly number: string; readonly mode: string } | null;
  readonly schedule: Schedule | null;
  /** What is in the way now; null while nothing is. */
  readonly reason: LinkReason | null;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly lastFailure: LinkReason | null;
  readonly nextRunAt: Date | null;
  /** Since when something should have come that has not; null: nothing is owed. */
  readonly owedSince: Date | null;
  /** Of the last run that came through: when it began, and up to when changes of the source are in it. */
  readonly lastStartedAt: Date | null;
  readonly dataUpTo: string | null;
  /** How often the source is updated, as its entry says. */
  readonly updateCycle: string | null;
  readonly runs: LinkRuns | null;
  /** Messages that wait, and that were given up. */
  readonly waiting: number | null;
  readonly dead: number | null;
  /** Open drifts of what is mounted on it. */
  readonly drifts: number | null;
}

export const NOTHING: Omit<LinkRow, 'kind' | 'ref' | 'state' | 'title'> = {
  provider: null,
  requester: null,
  source: null,
  target: null,
  grant: null,
  schedule: null,
  reason: null,
  lastSuccessAt: null,
  lastFailureAt: null,
  lastFailure: null,
  nextRunAt: null,
  owedSince: null,
  lastStartedAt: null,
  dataUpTo: null,
  updateCycle: null,
  runs: null,
  waiting: null,
  dead: null,
  drifts: null,
};

/** Which links of a kind are asked for: those after `after` by their `ref`, or the one that is named. */
export interface LinkAsk {
  readonly viewer: Viewer;
  readonly state?: LinkState | undefined;
  /** At either end. */
  readonly department?: string | undefined;
  readonly after: string;
  readonly limit: number;
  readonly ref?: string;
}
