import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../../activities/index.ts';
import type { Orders } from '../../activities/effects/index.ts';
import type { CaseEvent, CaseState } from '../../domain/case.ts';
import type { Entry, Journal } from '../../domain/journal.ts';
import { type GrantEvent, grantMachine, type GrantState } from '../../domain/kernel/grant.ts';
import { openingOf } from '../../domain/kernel/grant-opening.ts';
import { caseMachine } from '../../domain/kernel/case-machine.ts';

/**
 * The activities over memory instead of PostgreSQL, for runs that are about histories alone. `outcomes` says, delivery
 * by delivery, whether it comes through; where the list is at its end it does. `beginGrant` lets the grants run.
 */
export function memoryActivities(
  outcomes: ('delivered' | 'failed')[],
  beginGrant?: Orders['beginGrant'],
): Omit<Activities, 'replay' | 'verify'> {
  const streams = new Map<string, Entry<CaseEvent | GrantEvent>[]>();
  return {
    async record({ kind, streamId, entries }) {
      const stream = streams.get(streamId) ?? [];
      const all = [...stream, ...entries.filter(({ seq }) => seq > stream.length)];
      streams.set(streamId, all);
      for (const { event } of entries) {
        if (event.type !== 'granted') continue;
        await beginGrant?.(event.grantId, openingOf(stateOf(kind, all) as CaseState, event.grantId));
      }
    },
    async loadJournal({ kind, streamId }) {
      const entries = streams.get(streamId) ?? [];
      const journal: Journal<CaseState | GrantState> = {
        state: stateOf(kind, entries),
        seq: entries.length,
        settled: {},
      };
      for (const { commandId, seq } of entries) (journal.settled as Record<string, number>)[commandId] = seq;
      return journal;
    },
    async deliver() {
      if (outcomes.shift() === 'failed') {
        throw ApplicationFailure.create({ message: 'SourceChanged', type: 'SourceChanged', nonRetryable: true });
      }
      return { rows: 3, sha256: '0'.repeat(64) };
    },
    async effect() {},
    async recount() {
      return 0;
    },
  };
}

function stateOf(kind: string, entries: readonly Entry<CaseEvent | GrantEvent>[]) {
  let [request, grant]: [CaseState | undefined, GrantState | undefined] = [undefined, undefined];
  for (const { event } of entries) {
    if (kind === 'grant') grant = grantMachine.evolve(grant, event as GrantEvent);
    else request = caseMachine.evolve(request, event as CaseEvent);
  }
  return kind === 'grant' ? grant : request;
}
