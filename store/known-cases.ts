import { type AnyEvent, factsAfter, NO_FACTS, type NoticeFacts } from '../domain/notices/facts.ts';

/** The facts of some cases after one of their events. Events never change, so what is here stays true. */
export type KnownCases = Map<string, Known>;
export interface Known {
  readonly seq: number;
  readonly facts: NoticeFacts;
}
const NOTHING: Known = { seq: 0, facts: NO_FACTS };

/** So many are kept; the ones that nothing was heard of for longest go first. */
const MOST_KNOWN = 2_000;

/**
 * What is known of the cases before the first of their events that wait. An event that another process has published
 * meanwhile, and that comes again, is read with all before it.
 */
export function basesOf(
  known: KnownCases,
  caseIds: readonly string[],
  waiting: readonly { readonly streamId: string; readonly seq: number }[],
): ReadonlyMap<string, Known> {
  const firsts = new Map<string, number>();
  for (const { streamId, seq } of waiting) firsts.set(streamId, Math.min(seq, firsts.get(streamId) ?? seq));
  return new Map(
    caseIds.flatMap((id): [string, Known][] => {
      const one = known.get(id);
      return one && one.seq < (firsts.get(id) ?? Number.MAX_SAFE_INTEGER) ? [[id, one]] : [];
    }),
  );
}

/** What is known of a case after its event with this number, from what was known before and the events read since. */
export function factsAt(
  known: KnownCases,
  caseId: string,
  {
    upTo,
    base = NOTHING,
    events,
  }: {
    readonly upTo: number;
    readonly base: Known | undefined;
    readonly events: readonly { readonly seq: number; readonly event: AnyEvent }[];
  },
): NoticeFacts {
  const before = known.get(caseId);
  let now: Known = before && before.seq >= base.seq && before.seq <= upTo ? before : base;
  for (const { seq, event } of events) {
    if (seq > now.seq && seq <= upTo) now = { seq, facts: factsAfter(now.facts, event) };
  }
  known.delete(caseId);
  known.set(caseId, now);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  return now.facts;
}
