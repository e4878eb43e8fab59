import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { NewCall } from '../../store/gateway-calls.ts';

export interface CallLog {
  note(call: NewCall): void;
  /** Whether so many calls wait to be written that no further ones may be answered. */
  isFull(): boolean;
  /** Writes what waits. Resolves when it is written, or cannot be. */
  stop(): Promise<void>;
}

export interface CallLogOptions {
  readonly logger: Logger;
  /** Writes a batch once, however often it is handed over. */
  write(batchId: string, calls: readonly NewCall[]): Promise<void>;
  readonly everyMs?: number;
}

/** Calls that are written at a time, and those that may wait: answers without a record are not given. */
const BATCH = 1_000;
const MOST_WAITING = 20_000;

/**
 * Keeps calls in memory for a moment and writes many at once, so that no call waits for its record. A process that is killed
 * loses those of the last moment: `everyMs` and what one write takes (docs/service-gateway.md).
 */
export function callLog({ logger, write, everyMs = 500 }: CallLogOptions): CallLog {
  let waiting: NewCall[] = [];
  let batch: { readonly id: string; readonly calls: readonly NewCall[] } | undefined;
  let writing: Promise<void> | undefined;

  /** A batch whose writing failed, or of which nobody knows whether it was written, is handed over again as it was. */
  async function flush(): Promise<void> {
    while (batch !== undefined || waiting.length > 0) {
      batch ??= { id: randomUUID(), calls: waiting.splice(0, BATCH) };
      await write(batch.id, batch.calls);
      batch = undefined;
    }
  }

  function wake(): Promise<void> {
    writing ??= flush()
      .catch((err: unknown) => logger.warn({ err }, 'calls could not be put on record yet'))
      .finally(() => (writing = undefined));
    return writing;
  }

  const timer = setInterval(() => void wake(), everyMs);
  timer.unref();
  return {
    note(call) {
      waiting.push(call);
      if (waiting.length >= BATCH) void wake();
    },
    isFull: () => waiting.length >= MOST_WAITING,
    async stop() {
      clearInterval(timer);
      await writing;
      await wake();
      waiting = [];
    },
  };
}
