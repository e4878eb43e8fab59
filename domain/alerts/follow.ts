import type { AlertRule } from './rules.ts';

/** An alert that is not over, with its times in milliseconds since 1970. */
export interface Standing {
  /** When the threshold was crossed. */
  readonly since: number;
  /** When people were told; absent: they were not yet. */
  readonly openedAt?: number;
  /** Since when the value has been below the threshold. */
  readonly calmSince?: number;
  /** The last time that it was looked at. */
  readonly seenAt: number;
}

/**
 * What becomes of an alert. `opens` and `closes`: people are told, once each. `drops`: it had not opened and nobody hears of
 * it.
 */
export type Step =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'begins'; readonly opens: boolean }
  | { readonly kind: 'goesOn'; readonly since: number; readonly opens: boolean; readonly calmSince?: number }
  | { readonly kind: 'drops' }
  | { readonly kind: 'closes' };

/** Nobody looked for longer than this: what happened meanwhile is not known, and times begin anew. In milliseconds. */
const BLIND_MS = 10 * 60_000;

/** What a value makes of an alert under its rule; absent: there is none yet. */
export function follow(
  alert: Standing | undefined,
  value: number,
  { rule, now }: { readonly rule: Pick<AlertRule, 'threshold' | 'forSeconds' | 'calmSeconds'>; readonly now: number },
): Step {
  const isOver = value >= rule.threshold;
  if (!alert) return isOver ? { kind: 'begins', opens: rule.forSeconds === 0 } : { kind: 'nothing' };
  const wasBlind = now - alert.seenAt > BLIND_MS;
  if (alert.openedAt === undefined) {
    if (!isOver) return { kind: 'drops' };
    const since = wasBlind ? now : alert.since;
    return { kind: 'goesOn', since, opens: now - since >= rule.forSeconds * 1_000 };
  }
  if (isOver) return { kind: 'goesOn', since: alert.since, opens: false };
  const calmSince = wasBlind ? now : (alert.calmSince ?? now);
  if (now - calmSince >= rule.calmSeconds * 1_000) return { kind: 'closes' };
  return { kind: 'goesOn', since: alert.since, opens: false, calmSince };
}
