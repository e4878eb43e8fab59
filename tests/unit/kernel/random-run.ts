import { type CaseState, type Command, type PersonAction, SYSTEM } from '../../../domain/case.ts';
import { addDays } from '../../../domain/civil-date.ts';
import { type Journal, step } from '../../../domain/journal.ts';
import { actionsOf } from '../../../domain/kernel/actions.ts';
import type { Actor } from '../../../domain/language.ts';
import { tasksOf } from '../../../domain/tasks.ts';
import { APPLICANT, filing } from '../../support/cases.ts';
import type { CaseMachine } from '../../support/play.ts';
import { checkState, must, newWitness } from './invariants.ts';
import { checkTaken } from './invariants-of-events.ts';
import type { RandomCase } from './random-cases.ts';
import { commandOf } from './random-commands.ts';
import { firstForm, nextForm } from './random-forms.ts';
import { AUTHORITY, STAFF } from './random-people.ts';

/** How often each thing happened, so that a generator that never gets somewhere is noticed. */
export type Tally = Map<string, number>;

/** Plays a random case on a machine, holding every step against the invariants. Throws with the name of one that breaks. */
export function playRandomly(machine: CaseMachine, drawn: RandomCase, tally: Tally = new Map()): void {
  let { day } = drawn;
  const form = firstForm(drawn.asked);
  const first = filing(form, { route: drawn.route, at: noon(day), caseId: 'case' });
  const witness = newWitness(form);
  let journal: Journal<CaseState> = { state: undefined, seq: 0, settled: {} };
  const sent: Command[] = [];
  send({ ...first, staff: STAFF });
  drawn.moves.forEach((move, index) => {
    day = addDays(day, move.days);
    const id = `c${index}`;
    const command =
      move.kind === 'ring' ? ring(id) : commandOf(state(), move, { machine, id, at: noon(day), day, sent });
    if (!command) return;
    const isRepeated = journal.settled[command.id] !== undefined;
    const isOver = state().endedAt !== undefined;
    const isSystem = command.actor === SYSTEM;
    const before = state();
    const wasTaken = send(command);
    if (isSystem) must(wasTaken || isOver, 'what the system says is heard');
    const wasOffered = !wasTaken || isSystem || isRepeated || isOffered(before, command);
    must(wasOffered, 'each accepted action was offered');
    if (move.kind === 'offered') must(wasTaken, 'each offered action is accepted');
  });
  finish();

  function state(): CaseState {
    if (!journal.state) throw new Error('Not filed');
    return journal.state;
  }

  /** What time does next, be it due already or still to come. */
  function ring(id: string): Command | undefined {
    const alarm = machine.alarm(state());
    if (!alarm) return undefined;
    const next = addDays(alarm.at.slice(0, 10), 1);
    if (next > day) day = next;
    return { id, at: alarm.at, actor: SYSTEM, do: alarm.do };
  }

  function send(command: Command): boolean {
    const before = deepFreeze(journal.state);
    const isRepeated = journal.settled[command.id] !== undefined;
    const taken = step(machine, journal, command);
    if ('refusal' in taken) return false;
    const repeated = step(machine, taken.journal, { ...command, do: { action: 'withdraw', reason: 'again' } });
    must('journal' in repeated && repeated.journal === taken.journal, 'the same command twice changes nothing');
    sent.push(command);
    journal = taken.journal;
    const events = taken.entries.map(({ event }) => event);
    witness.events.push(...events);
    for (const { type } of events) tally.set(type, (tally.get(type) ?? 0) + 1);
    if ('form' in command.do) witness.forms.set(command.do.form.digest, command.do.form);
    if (before && events.length > 0) checkTaken({ before, command, events, after: state() }, witness);
    if (!before) for (const task of tasksOf(state())) witness.rows.set(task.id, task);
    // A command that was carried out before says nothing of the time now; a notice may put a due date into the past.
    const isTimely = !isRepeated && command.do.action !== 'recount';
    checkState(state(), witness, isTimely ? command.at : undefined);
    if (command.actor === SYSTEM) {
      must(JSON.stringify(machine.alarm(state())?.do) !== JSON.stringify(command.do), 'an alarm rings once');
    }
    return true;
  }

  /** From wherever the case stands, the holders and the authority bring it to its end, without withdrawing. */
  function finish(): void {
    for (let steps = 0; state().endedAt === undefined; steps += 1) {
      must(steps < 250, 'holders can always bring a case to its end');
      goOn(`f${steps}`);
    }
  }

  function goOn(id: string): void {
    const now = state();
    const act = (actor: Actor, action: PersonAction): boolean =>
      send({ id, at: noon(day), actor, do: action, staff: STAFF });
    if (now.suspended)
      return must(act(AUTHORITY, { action: 'resume', reason: '恢复' }), 'the authority can always resume');
    if (now.returned) {
      const action: PersonAction = { action: 'resubmit', form: nextForm(now.form, []) };
      return must(act(APPLICANT, action), 'the applicant can always hand in again');
    }
    const [stage] = Object.keys(now.supplements);
    if (stage !== undefined) {
      const action: PersonAction = { action: 'supplement', form: nextForm(now.form, []), note: '已补充', stage };
      return must(act(APPLICANT, action), 'the applicant can always supplement');
    }
    if (now.isAgreed) return report(id);
    const task = tasksOf(now).find(({ status }) => status === 'open');
    if (!task) throw new Error('holders can always bring a case to its end');
    const { department, role, holder } = task;
    const fresh: Actor = { person: `fresh.${id}`, department, roles: [role] };
    const seen = now.form.digest;
    if (holder === undefined)
      return must(act(fresh, { action: 'approve', taskId: task.id, seen }), 'a fresh holder can always sign');
    const own: Actor = { person: holder, department, roles: [role] };
    if (act(own, { action: 'approve', taskId: task.id, seen })) return;
    must(
      act(AUTHORITY, { action: 'reassign', taskId: task.id, to: fresh, reason: '改派' }),
      'the authority can reassign any open seat',
    );
    const action: PersonAction = { action: 'approve', taskId: task.id, seen };
    must(
      send({ id: `${id}.r`, at: noon(day), actor: fresh, do: action, staff: STAFF }),
      'whoever was reassigned to can answer',
    );
  }

  function report(id: string): void {
    const open = state().grants.find(({ delivery, over }) => delivery?.outcome !== 'delivered' && over === undefined);
    send({
      id,
      at: noon(day),
      actor: SYSTEM,
      do: open
        ? { action: 'reportDelivery', report: { deliveryId: `${open.id}.9`, outcome: 'delivered' } }
        : { action: 'reportClosing', outcome: 'done' },
    });
  }
}

function isOffered(state: CaseState, { actor, at, do: action, onBehalf }: Command): boolean {
  if (action.action === 'migrate') return true;
  const standing = onBehalf ? { onBehalf } : {};
  const named = 'to' in action && typeof action.to === 'object' && !('length' in action.to) ? [action.to as Actor] : [];
  return actionsOf(state, actor, at, { colleagues: named, ...standing }).some((offer) => {
    if (offer.action !== action.action || offer.taskId !== ('taskId' in action ? action.taskId : undefined))
      return false;
    if (action.action === 'return') return action.to === 'applicant' || offer.to?.includes(action.to) === true;
    return !('clock' in action) || offer.clock === action.clock;
  });
}

function noon(day: string): string {
  return `${day}T12:00:00+08:00`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
