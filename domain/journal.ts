import { canonicalJson } from './canonical.ts';
import type { Command } from './case.ts';
import { sha256Hex } from './digest.ts';
import { type Machine, type Refusal } from './machine.ts';

/** Which machine a stream of events belongs to: `grant`, or the process of a case. */
export type StreamKind = string;

/** One recorded event: its place in the stream and the command that brought it about. */
export interface Entry<E> {
  readonly seq: number;
  readonly commandId: string;
  readonly event: E;
}

/** A stream as far as it has gone. `settled` remembers, for each command carried out, the last event it brought. */
export interface Journal<S> {
  readonly state: S | undefined;
  readonly seq: number;
  readonly settled: Readonly<Record<string, number>>;
}

/** A stream before anything has happened. */
export const EMPTY: Journal<never> = { state: undefined, seq: 0, settled: {} };

export type Step<S, E> =
  | { readonly journal: Journal<S>; readonly entries: readonly Entry<E>[]; readonly seq: number }
  | { readonly refusal: Refusal };

/** Carries a command out on a journal. The same command id again changes nothing and answers with where it ended. */
export function step<S, A, E>(machine: Machine<S, A, E>, journal: Journal<S>, command: Command<A>): Step<S, E> {
  const before = journal.settled[command.id];
  if (before !== undefined) return { journal, entries: [], seq: before };
  const decision = machine.decide(journal.state, command);
  if ('refusal' in decision) return decision;
  const entries = decision.events.map((event, index) => ({
    seq: journal.seq + index + 1,
    commandId: command.id,
    event,
  }));
  const seq = journal.seq + entries.length;
  const state = decision.events.reduce<S | undefined>((now, event) => machine.evolve(now, event), journal.state);
  return { journal: { state, seq, settled: { ...journal.settled, [command.id]: seq } }, entries, seq };
}

/** Why `step` would refuse the command; undefined if it would carry it out or has done so before. */
export function objection<S, A, E>(
  machine: Machine<S, A, E>,
  journal: Journal<S>,
  command: Command<A>,
): Refusal | undefined {
  if (journal.settled[command.id] !== undefined) return undefined;
  if (machine.whyNot) return machine.whyNot(journal.state, command);
  const decision = machine.decide(journal.state, command);
  return 'refusal' in decision ? decision.refusal : undefined;
}

/**
 * The digest that chains an event to the one before it (`''` before the first): SHA-256 over both, in hex. A stream of
 * events is as it was recorded if and only if its last digest is. `sha256` may be the platform's own, which is faster.
 */
export function chain<E>(previous: string, streamId: string, entry: Entry<E>, sha256 = sha256Hex): string {
  return sha256(`${previous}\n${streamId}\n${canonicalJson(entry)}`);
}
