import type { CaseState, Command } from '../../../domain/case.ts';
import { SYSTEM } from '../../../domain/case.ts';
import { addDays } from '../../../domain/civil-date.ts';
import type { CaseMachine } from '../../support/play.ts';
import type { RandomCase } from './random-cases.ts';
import { commandOf } from './random-commands.ts';
import { type Listener, noon, type Tally, watch } from './watched-case.ts';

/** Plays a random case on a machine, holding every step against the invariants. Throws with the name of one that breaks. */
export function playRandomly(
  machine: CaseMachine,
  drawn: RandomCase,
  by: { readonly tally?: Tally; readonly listener?: Listener } = {},
): void {
  let { day } = drawn;
  const one = watch(machine, drawn, by);
  drawn.moves.forEach((move, index) => {
    day = addDays(day, move.days);
    const id = `c${index}`;
    const command =
      move.kind === 'ring'
        ? ring(one.state, id)
        : commandOf(one.state, move, { machine, id, at: noon(day), day, sent: one.sent });
    if (command) one.hear(command, move.kind === 'offered');
  });
  one.finish(day);

  /** What time does next, be it due already or still to come. */
  function ring(state: CaseState, id: string): Command | undefined {
    const alarm = machine.alarm(state);
    if (!alarm) return undefined;
    const next = addDays(alarm.at.slice(0, 10), 1);
    if (next > day) day = next;
    return { id, at: alarm.at, actor: SYSTEM, do: alarm.do };
  }
}
