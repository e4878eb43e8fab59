import { writeSync } from 'node:fs';
import { type Logger, pino } from 'pino';
import type { LogLevel } from './config.ts';

const STANDARD_OUTPUT = 1;
/** A pipe that is read slowly is waited for this long for one line, and not at all for those after a line that was lost. */
const PATIENCE_MS = 100;
const PAUSE_MS = 5;

/** What a process says goes to its standard output, a line of JSON each. A line that cannot be written is lost. */
export function createLogger(name: string, level: LogLevel): Logger {
  // Node.js itself writes warnings there, and a stream whose fault nobody hears ends the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return pino({ name, level }, linesTo(STANDARD_OUTPUT));
}

/**
 * Writes to a file descriptor that may fail at any time: a full disk, a reader that is gone or does not read. Such a fault
 * costs lines and nothing else: pino's own destination throws on the first, and waits for ever when the process ends.
 */
export function linesTo(descriptor: number): { write(line: string): void } {
  let isTorn = false;
  let isLosing = false;
  return {
    write(line) {
      // Half a line may stand there: what follows is a line of its own.
      let rest = Buffer.from(isTorn ? `\n${line}` : line);
      const deadline = Date.now() + (isLosing ? 0 : PATIENCE_MS);
      while (rest.length > 0) {
        try {
          const written = writeSync(descriptor, rest);
          isTorn = written < rest.length;
          rest = rest.subarray(written);
        } catch (error) {
          const isBusy = (error as NodeJS.ErrnoException).code === 'EAGAIN';
          if (isBusy && Date.now() < deadline) {
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
            continue;
          }
          isLosing = true;
          return;
        }
      }
      isLosing = false;
    },
  };
}
