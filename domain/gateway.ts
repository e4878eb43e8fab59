/**
 * How a call of a service ended, as it is on record and counted. `answered` and `unchanged` (304) gave data; `permitted`
 * let another gateway give it; the rest say why nothing was given.
 */
export const CALL_OUTCOMES = [
  'answered',
  'unchanged',
  'permitted',
  'refused',
  'limited',
  'invalid',
  'timed-out',
  'source-failed',
  'resting',
  'too-large',
  'failed',
] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** Usage records are kept for at least three years (R809): in days, a leap year among them. */
export const LEAST_LOG_DAYS = 1_096;

/** How many days calls are kept, by the setting `gateway.log-days`; never fewer than the law asks. */
export function logDaysOf(setting: unknown): number {
  return typeof setting === 'number' && Number.isInteger(setting) ? Math.max(setting, LEAST_LOG_DAYS) : LEAST_LOG_DAYS;
}
