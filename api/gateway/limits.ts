import type { Rate } from '../../domain/rate.ts';
import { LIMIT_OF, type Share, type Span, SPANS } from '../../store/gateway.ts';

export interface Allowance {
  readonly isAllowed: boolean;
  /** The span with the least left: what the limit headers tell. */
  readonly span: Span;
  readonly limit: number;
  /** As this process knows it: what it holds itself, and what others had left when it last looked. */
  readonly remaining: number;
  /** Until the span is over, in seconds, rounded up. */
  readonly resetSeconds: number;
}

export interface Limiter {
  /** Counts a call of a grant, or says that it is one too many. Rejects where the database is away. */
  admit(grantId: string, rate: Rate): Promise<Allowance>;
}

type Take = (
  grantId: string,
  wanted: readonly { readonly span: Span; readonly count: number; readonly most: number }[],
) => Promise<readonly Share[]>;

/** What a process holds of a span. */
interface Held {
  own: number;
  others: number;
  endsAt: number;
}

type Spans = Record<Span, Held>;

/** A process takes a hundredth of a limit at a time, and no more than this. */
const MOST_TAKEN = 100;

/**
 * Limits that hold over all processes. Calls are counted where they are answered, out of shares that are taken beforehand
 * from a counter in the database, so most calls need no word with it. Shares only ever come out of the limit: together the
 * processes never let through more than it in a span. What one process holds and does not use is lost to the others until
 * the span ends: they may refuse early, by up to a hundredth of the limit for each other process; limits below 200 are exact.
 */
export function limiter(take: Take, now: () => number = () => performance.now()): Limiter {
  const grants = new Map<string, Spans>();
  const taking = new Map<string, Promise<void>>();

  function spansOf(grantId: string): Spans {
    const found = grants.get(grantId);
    if (found) return found;
    const nothing = (): Held => ({ own: 0, others: 1, endsAt: 0 });
    const made: Spans = { second: nothing(), minute: nothing(), day: nothing() };
    grants.set(grantId, made);
    return made;
  }

  async function fill(grantId: string, rate: Rate): Promise<void> {
    const spans = spansOf(grantId);
    const at = now();
    const wanted = SPANS.filter((span) => spans[span].endsAt <= at || spans[span].own === 0).map((span) => {
      const most = rate[LIMIT_OF[span]];
      return { span, most, count: Math.max(1, Math.min(MOST_TAKEN, Math.floor(most / 100))) };
    });
    const shares = await take(grantId, wanted);
    for (const { span, taken, left, endsInMs } of shares) {
      spans[span] = { own: taken, others: Math.max(0, left), endsAt: now() + Math.max(0, endsInMs) };
    }
  }

  /** One taking at a time for each grant: whoever comes meanwhile waits for it. */
  async function filled(grantId: string, rate: Rate): Promise<void> {
    const underWay =
      taking.get(grantId) ??
      fill(grantId, rate).finally(() => {
        taking.delete(grantId);
      });
    taking.set(grantId, underWay);
    await underWay;
  }

  function told(rate: Rate, spans: Spans, span: Span, isAllowed: boolean): Allowance {
    const { own, others, endsAt } = spans[span];
    const resetSeconds = Math.max(1, Math.ceil((endsAt - now()) / 1_000));
    return { isAllowed, span, limit: rate[LIMIT_OF[span]], remaining: isAllowed ? own + others : 0, resetSeconds };
  }

  return {
    async admit(grantId, rate) {
      for (;;) {
        const spans = spansOf(grantId);
        const at = now();
        const isOpen = (span: Span): boolean => spans[span].endsAt > at;
        const spent = SPANS.find((span) => isOpen(span) && spans[span].own === 0 && spans[span].others === 0);
        if (spent) return told(rate, spans, spent, false);
        if (SPANS.every((span) => isOpen(span) && spans[span].own > 0)) {
          for (const span of SPANS) spans[span].own -= 1;
          const share = (span: Span): number => (spans[span].own + spans[span].others) / rate[LIMIT_OF[span]];
          return told(
            rate,
            spans,
            SPANS.reduce((least, span) => (share(span) < share(least) ? span : least)),
            true,
          );
        }
        await filled(grantId, rate);
      }
    },
  };
}
