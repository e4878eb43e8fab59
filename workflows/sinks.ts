import type { Sinks } from '@temporalio/workflow';
import type { Entry } from '../domain/journal.ts';

/** Lets the auditor's replay see every event as the workflow code decides it again. Workflows call it in replays alone. */
export interface JournalSinks extends Sinks {
  journal: {
    took(batch: { readonly streamId: string; readonly entries: readonly Entry<unknown>[] }): void;
  };
}
