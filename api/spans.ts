import type { Fault } from '../domain/language.ts';
import { isDay } from './schema.ts';

/** What is wrong with a span of days in a query: dates that do not exist, an end before the beginning. */
export function spanFaults(span: { readonly from?: string | undefined; readonly to?: string | undefined }): Fault[] {
  const { from, to } = span;
  const dates = Object.entries({ from, to }).filter(([, value]) => value !== undefined && !isDay(value));
  const faults = dates.map(([name]): Fault => ({ pointer: `/query/${name}`, code: 'DateUnknown' }));
  const isReversed = from !== undefined && to !== undefined && to < from;
  return isReversed && faults.length === 0 ? [{ pointer: '/query/to', code: 'PeriodReversed' }] : faults;
}
