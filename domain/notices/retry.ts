/** Pauses between attempts, in seconds; the last attempt comes after the last of them. About fourteen hours in all. */
export const PAUSES_S: readonly number[] = [5, 30, 120, 600, 1_800, 7_200, 14_400, 28_800];

/** After so many attempts that failed a message is dead: it goes again only when somebody says so. */
export const ATTEMPTS: number = PAUSES_S.length + 1;

/** A fifth of the pause, more or less, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * How long to wait after so many failed attempts, in milliseconds; undefined when there is no further one. `chance` is
 * a random number from 0 to 1.
 */
export function pauseAfter(attempts: number, chance: number): number | undefined {
  const pause = PAUSES_S[attempts - 1];
  return pause === undefined ? undefined : Math.round(pause * 1_000 * (1 + JITTER * (2 * chance - 1)));
}
