import { defaultPayloadConverter } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { Replayed, StoredRun } from './activities/replay.ts';
import type { CaseEvent } from './domain/case.ts';
import type { Entry } from './domain/journal.ts';
import type { Answered } from './domain/replayed-answers.ts';

export type History = ReturnType<typeof historyFromJSON>;
type Payloads = { payloads?: Parameters<typeof defaultPayloadConverter.fromPayload>[0][] | null } | null | undefined;

/** What a history says of itself: what was handed to the recorder, and what those who sent commands were told. */
export interface HistoryAccount {
  readonly batches: Replayed['batches'];
  /** Kind and id of the stream of each batch. */
  readonly streams: readonly string[];
  readonly answers: readonly Answered[];
  readonly loaded?: Replayed['loaded'];
}

/** The history of a run; a sentence that says why where it is none. */
export function historyOf(run: StoredRun): History | string {
  try {
    const history = historyFromJSON(JSON.parse(run.json));
    return (history.events?.length ?? 0) > 0 ? history : 'The history has no events';
  } catch (error) {
    return `Not a history: ${sentenceOf(error)}`;
  }
}

/** What a history says; a sentence that says why where something of it cannot be read. */
export function accountOf(history: History): HistoryAccount | string {
  try {
    const batches = recordedIn(history);
    const loaded = loadedIn(history);
    return {
      batches: batches.map(({ entries }) => entries),
      streams: batches.map(({ kind, streamId }) => `${kind} ${streamId}`),
      answers: answersIn(history),
      ...(loaded ? { loaded } : {}),
    };
  } catch (error) {
    return `The history cannot be read: ${sentenceOf(error)}`;
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Batch {
  readonly kind: string;
  readonly streamId: string;
  readonly entries: Entry<CaseEvent>[];
}

/** The inputs of its `record` activities, in order. */
function recordedIn(history: History): Batch[] {
  return (history.events ?? []).flatMap((event) => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled?.activityType?.name !== 'record') return [];
    const batch = firstOf<Partial<Batch>>(scheduled.input);
    if (!Array.isArray(batch?.entries)) throw new Error(`No events in the input of event ${String(event.eventId)}`);
    return [{ kind: batch.kind ?? '', streamId: batch.streamId ?? '', entries: batch.entries }];
  });
}

/** What became of each update; of one that was refused, that it was. */
function answersIn(history: History): Answered[] {
  return (history.events ?? []).flatMap((event) => {
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    const id = completed?.meta?.updateId;
    if (!completed || !id) return [];
    const { success } = completed.outcome ?? {};
    return [success ? { id, outcome: firstOf<Answered['outcome']>(success) } : { id }];
  });
}

/** Where a run that continues another says that it went on from: the result of its `loadJournal` activity. */
function loadedIn(history: History): Replayed['loaded'] {
  const events = history.events ?? [];
  const scheduled = events.find(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'loadJournal',
  );
  const completed = events
    .map((event) => event.activityTaskCompletedEventAttributes)
    .find((one) => one && scheduled?.eventId && String(one.scheduledEventId) === String(scheduled.eventId));
  return firstOf<NonNullable<Replayed['loaded']>>(completed?.result);
}

function firstOf<T>(input: Payloads): T | undefined {
  const payload = input?.payloads?.[0];
  return payload ? defaultPayloadConverter.fromPayload<T>(payload) : undefined;
}
