import { createHash } from 'node:crypto';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CopyIn, CopyOut } from './connector.ts';
import type { Side } from '../../domain/delivery-failure.ts';
import { failureOf, TransferFailure } from './failures.ts';

export interface Progress {
  readonly rows: number;
  readonly bytes: number;
}

/** What went through: rows as the databases counted them, bytes and digest of the stream itself. */
export interface Moved extends Progress {
  readonly sha256: string;
}

/** How many bytes pass between two reports of progress. */
const REPORT_EVERY = 4 * 1024 * 1024;

/**
 * Streams one COPY into another, holding back the source while the target is busy, and takes digest and counts on the
 * way, on bytes: a chunk may end within a character. Rejects with the failure of the side that failed first.
 */
export async function moveRows(out: CopyOut, into: CopyIn, onProgress?: (progress: Progress) => void): Promise<Moved> {
  let first: TransferFailure | undefined;
  out.once('error', (error) => (first ??= failureOf(error, 'source')));
  into.once('error', (error) => (first ??= failureOf(error, 'target')));
  const meter = createMeter(onProgress);
  try {
    await pipeline(out, meter.stream, into);
  } catch (error) {
    throw first ?? failureOf(error, 'target');
  }
  const moved = meter.read();
  if (into.rowCount !== out.rowCount || moved.rows !== out.rowCount) {
    const detail = `${out.rowCount} rows left the source, ${moved.rows} passed, ${into.rowCount} arrived`;
    throw new TransferFailure('Unknown', { side: 'target', detail });
  }
  return moved;
}

/** Digest and counts of a COPY that goes nowhere. Rejects with a failure of the side it is read from. */
export async function measureRows(out: CopyOut, side: Side): Promise<Moved> {
  const meter = createMeter();
  try {
    await pipeline(out, meter.stream, new Writable({ write: (_chunk, _encoding, done) => done() }));
  } catch (error) {
    throw failureOf(error, side);
  }
  return meter.read();
}

export interface Meter {
  readonly stream: Transform;
  read(): Moved;
}

/** Counts and digests what passes. In COPY's text format a newline byte ends a row and nothing else: within values it is written `\n`. */
export function createMeter(onProgress?: (progress: Progress) => void): Meter {
  const hash = createHash('sha256');
  let rows = 0;
  let bytes = 0;
  let reported = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) rows++;
      if (onProgress !== undefined && bytes - reported >= REPORT_EVERY) {
        reported = bytes;
        onProgress({ rows, bytes });
      }
      done(null, chunk);
    },
  });
  return { stream, read: () => ({ rows, bytes, sha256: hash.digest('hex') }) };
}

const NEWLINE = 10;
