import { Problem } from './problem.ts';

export interface PublicLimit {
  /** Counts a request of an address. @throws {Problem} TooManyRequests, with the seconds until it may ask again */
  admit(address: string): void;
}

interface Options {
  /** Requests of one address within a span. */
  readonly most: number;
  readonly spanMs: number;
  readonly now?: () => number;
}

/** Addresses that are remembered at once; beyond that the counts begin anew, so that memory stays bounded. */
const MOST_ADDRESSES = 50_000;

/**
 * How often an address may ask for what is public. Each process counts for itself, in spans that begin for all at once:
 * it keeps one machine from asking for everything all the time, and is no accounting.
 */
export function publicLimit({ most, spanMs, now = () => performance.now() }: Options): PublicLimit {
  let counts = new Map<string, number>();
  let endsAt = 0;
  return {
    admit(address) {
      const at = now();
      if (at >= endsAt || counts.size > MOST_ADDRESSES) {
        counts = new Map();
        endsAt = at + spanMs;
      }
      const count = (counts.get(address) ?? 0) + 1;
      counts.set(address, count);
      if (count > most)
        throw new Problem('TooManyRequests', { retryAfter: Math.max(1, Math.ceil((endsAt - at) / 1_000)) });
    },
  };
}
