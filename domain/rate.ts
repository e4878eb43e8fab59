import type { Fault, ShareMode } from './language.ts';

/** How often a granted service may be called: part of what is approved, and of the sharing scope that Casbin is asked. */
export interface Rate {
  readonly perSecond: number;
  readonly perMinute: number;
  /** A calendar day in Asia/Shanghai. */
  readonly perDay: number;
}

/** What an applicant says of it; the rest is filled in by `rateOf`. */
export type RateAsk = { readonly [Span in keyof Rate]?: number | undefined };

/** What holds where nothing is asked for: enough for people at a counter, little for who would copy the whole. */
export const USUAL_RATE: Rate = { perSecond: 10, perMinute: 300, perDay: 10_000 };

/** Nobody is granted more than this: a department's system has other work. */
export const MOST_RATE: Rate = { perSecond: 1_000, perMinute: 60_000, perDay: 10_000_000 };

export type RateFaultCode = 'RateForOtherMode' | 'RateTooHigh';

/** Every fault of the rate that is asked for. Pointers begin with `/rate`. */
export function checkRateAsk(ask: RateAsk | undefined, mode: ShareMode): (Fault & { readonly code: RateFaultCode })[] {
  if (ask === undefined) return [];
  if (mode !== 'service') return [{ pointer: '/rate', code: 'RateForOtherMode' }];
  return SPANS.flatMap((span) => {
    const most = MOST_RATE[span];
    const isTooHigh = (ask[span] ?? 0) > most;
    return isTooHigh ? [{ pointer: `/rate/${span}`, code: 'RateTooHigh' as const, params: { most } }] : [];
  });
}

const SPANS = ['perSecond', 'perMinute', 'perDay'] as const;

/** The rate that is granted of one that was found sound, with nothing left open. */
export function rateOf(ask: RateAsk = {}): Rate {
  const { perSecond, perMinute, perDay } = USUAL_RATE;
  return {
    perSecond: ask.perSecond ?? perSecond,
    perMinute: ask.perMinute ?? perMinute,
    perDay: ask.perDay ?? perDay,
  };
}
