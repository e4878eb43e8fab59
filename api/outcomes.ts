import type { NewCommand, StoredCommand, StoredOutcome } from '../store/commands.ts';
import type { Outcome } from '../workflows/messages.ts';
import type { Submitted } from './command-runner.ts';
import type { Sent } from './engine.ts';
import { isProblemCode, Problem } from './problem.ts';

/** A refusal as it is kept with its command. */
export function outcomeOf(
  sent: Exclude<Sent, { kind: 'done' | 'unknown' }>,
  kind: NewCommand['targetKind'],
): { code: string; pointer?: string } {
  switch (sent.kind) {
    case 'refused':
      return sent.pointer === undefined ? { code: sent.code } : { code: sent.code, pointer: sent.pointer };
    case 'ended':
      return { code: kind === 'grant' ? 'GrantOver' : 'CaseEnded' };
    case 'absent':
      return { code: 'NotFound' };
    case 'broken':
      return { code: 'InternalError' };
  }
}

/** What is told of a command that is settled. @throws {Problem} its refusal */
export function settledOf({ id, targetId, status, outcome }: StoredCommand): Submitted {
  if (outcome === null) throw new Error(`Command ${id} is settled without an outcome`);
  if (status === 'refused') throw problemOf(outcome);
  return { id, targetId, status: 'done', outcome };
}

export function problemOf(outcome: Outcome | StoredOutcome): Problem {
  if (!('code' in outcome) || !isProblemCode(outcome.code)) return new Problem('InternalError');
  const { code, pointer } = outcome;
  return new Problem(code, pointer === undefined ? {} : { faults: [{ pointer, code }] });
}
