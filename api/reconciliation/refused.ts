import { failureOf, SourceFailure } from '../../sources/failure.ts';
import { ReadFailure } from '../../sources/in-order.ts';
import type { RunFailure } from '../../store/reconciliations.ts';

/** A statement in a department's database has a minute, a whole run ten; rows of one side; differences that are kept. */
export const RUN_LIMITS = { statementMs: 60_000, wholeMs: 600_000, rows: 5_000_000, differences: 10_000 } as const;

/** Why a run cannot come to its end, and on which side. */
export class RunRefused extends Error {
  override readonly name = 'RunRefused';
  readonly code: string;
  readonly side: RunFailure['side'];

  constructor(code: string, side?: RunFailure['side'], cause?: unknown) {
    super(code, { cause });
    this.code = code;
    this.side = side;
  }
}

/** Tells what fails within a source with its side. @throws {RunRefused} */
export async function sided<T>(side: NonNullable<RunFailure['side']>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusalOf(error, side);
  }
}

/** An error that is known to be a source's, as such; any other as it is. */
export function refusalOf(error: unknown, side: NonNullable<RunFailure['side']>): unknown {
  const known = failureOf(error);
  const isSources = known instanceof SourceFailure || known instanceof ReadFailure;
  return isSources ? new RunRefused(known.code, side, error) : error;
}
