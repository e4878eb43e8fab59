import type { SharingAsk, SharingLine, SharingVerdict } from '../domain/sharing.ts';
import type { Count, Meter } from './registry.ts';

export function sharingAsks(meter: Meter): Count {
  return meter.counter({
    name: 'sharing_asks_total',
    help: 'Asks of the sharing policies, by what they answered: Allowed, or why not',
    labels: ['answer'],
  });
}

interface Asked {
  mayShare(lines: readonly SharingLine[], ask: SharingAsk): SharingVerdict;
}

/** The same policies, whose answers to asks for data are counted. */
export function countedPolicies<P extends Asked>(policies: P, asks: Count): P {
  return {
    ...policies,
    mayShare(lines, ask) {
      const verdict = policies.mayShare(lines, ask);
      asks.add({ answer: verdict.why });
      return verdict;
    },
  };
}
