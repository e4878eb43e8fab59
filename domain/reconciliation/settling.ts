import type { DifferenceKind } from './merge.ts';

/**
 * How a difference is settled: the left or the right is right, both are for a reason, or the source that was wrong has been
 * mended.
 */
export const SETTLEMENTS = ['left', 'right', 'both', 'mended'] as const;
export type Settlement = (typeof SETTLEMENTS)[number];

export type SettlementRefusal = 'DecisionUnfit' | 'NotYoursToConcede';

interface Providers {
  readonly left: string;
  readonly right: string;
}

/**
 * Why a department may not settle a difference so; undefined: it may. A provider answers for its own data alone (数源部门):
 * it can say that the other is right, and never in the other's place that the other is wrong.
 */
export function refusalOf(
  decision: Settlement,
  {
    kind,
    department,
    providers,
  }: { readonly kind: DifferenceKind; readonly department: string; readonly providers: Providers },
): SettlementRefusal | undefined {
  const isOneSided = decision === 'left' || decision === 'right';
  // There is no row of which it could be said.
  if (isOneSided && kind === 'repeated') return 'DecisionUnfit';
  const concerned = concernedBy(decision, providers);
  return concerned.includes(department) ? undefined : 'NotYoursToConcede';
}

/** The decisions that a department may come to. */
export function decisionsFor(difference: Parameters<typeof refusalOf>[1]): Settlement[] {
  return SETTLEMENTS.filter((decision) => refusalOf(decision, difference) === undefined);
}

function concernedBy(decision: Settlement, { left, right }: Providers): readonly string[] {
  switch (decision) {
    case 'left':
      return [right];
    case 'right':
      return [left];
    case 'both':
    case 'mended':
      return [left, right];
  }
}
