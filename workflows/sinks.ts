import type { Sinks } from '@temporalio/workflow';
import type { Entry } from '../domain/journal.ts';
import type { Answered } from '../domain/replayed-answers.ts';

/** Lets the auditor's replay see every event as the workflow code decides it again, and every answer that it gives. Workflows call it in replays alone. */
export interface JournalSinks extends Sinks {
  journal: {
    took(batch: {
      readonly kind: string;
      readonly streamId: string;
      readonly entries: readonly Entry<unknown>[];
    }): void;
    /** What whoever sent a command is told of it. */
    answered(answer: Answered): void;
  };
}
