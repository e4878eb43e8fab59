import CircuitBreaker from 'opossum';
import { Problem } from '../problem.ts';

export interface Breakers {
  /**
   * Does what a service's source is asked, unless it has failed so often that it is left alone.
   * @throws {Problem} ServiceResting, with the seconds until it is tried again
   */
  through<T>(serviceId: string, work: () => Promise<T>): Promise<T>;
  stop(): void;
}

export interface BreakerOptions {
  /** Whether an error is one of the source: what callers do wrong does not count. */
  isOfSource(error: unknown): boolean;
  /** How long a source is left alone before one call tries it, in milliseconds. */
  readonly restMs?: number;
}

type Work = () => Promise<unknown>;

/** Half of at least five calls within ten seconds. */
const RULE = { errorThresholdPercentage: 50, volumeThreshold: 5, rollingCountTimeout: 10_000, rollingCountBuckets: 10 };

/** One circuit breaker for each service in this process. */
export function breakers({ isOfSource, restMs = 10_000 }: BreakerOptions): Breakers {
  const known = new Map<string, { readonly breaker: CircuitBreaker<[Work], unknown>; opensAgainAt: number }>();

  function of(serviceId: string) {
    const found = known.get(serviceId);
    if (found) return found;
    const breaker = new CircuitBreaker<[Work], unknown>((work) => work(), {
      ...RULE,
      // Whoever does the work has a limit of its own.
      timeout: false,
      resetTimeout: restMs,
      errorFilter: (error: unknown) => !isOfSource(error),
    });
    const made = { breaker, opensAgainAt: 0 };
    breaker.on('open', () => (made.opensAgainAt = performance.now() + restMs));
    known.set(serviceId, made);
    return made;
  }

  return {
    async through<T>(serviceId: string, work: () => Promise<T>): Promise<T> {
      const one = of(serviceId);
      try {
        return (await one.breaker.fire(work)) as T;
      } catch (error) {
        if ((error as { readonly code?: string }).code !== 'EOPENBREAKER') throw error;
        const retryAfter = Math.max(1, Math.ceil((one.opensAgainAt - performance.now()) / 1_000));
        throw new Problem('ServiceResting', { retryAfter });
      }
    },
    stop() {
      for (const { breaker } of known.values()) breaker.shutdown();
      known.clear();
    },
  };
}
