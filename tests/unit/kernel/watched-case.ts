import { type CaseState, type Command, isSystem, type PersonAction, SYSTEM } from '../../../domain/case.ts';
import { type Journal, step } from '../../../domain/journal.ts';
import { actionsOf } from '../../../domain/kernel/actions.ts';
import type { Actor } from '../../../domain/language.ts';
import { tasksOf } from '../../../domain/tasks.ts';
import { APPLICANT, filing } from '../../support/cases.ts';
import type { CaseMachine } from '../../support/play.ts';
import { checkState, must, newWitness } from './invariants.ts';
import { checkTaken } from './invariants-of-events.ts';
import type { RandomCase } from './random-cases.ts';
import { firstForm, nextForm } from './random-forms.ts';
import { AUTHORITY, STAFF } from './random-people.ts';

/** How often each thing happened, so that a generator that never gets somewhere is noticed. */
export type Tally = Map<string, number>;

/** A command as it comes before a case, and whether whoever gives it may rely on its being accepted. */
export type Listener = (state: CaseState, command: Command, isSure: boolean) => void;

/** A case that is held against every invariant at every step: whatever breaks one throws with its name. */
export interface WatchedCase {
  readonly state: CaseState;
  readonly sent: readonly Command[];
  /** Gives the case a command, from whomever. `isSure` says that the kernel has offered exactly this. */
  hear(command: Command, isSure: boolean): void;
  /** From wherever the case stands, the holders and the authority bring it to its end that day, without withdrawing. */
  finish(day: string): void;
}

/** Files a case on a machine and watches it from then on. */
export function watch(
  machine: CaseMachine,
  { route, asked, day }: Omit<RandomCase, 'moves'>,
  { tally = new Map(), listener }: { readonly tally?: Tally; readonly listener?: Listener } = {},
): WatchedCase {
  const form = firstForm(asked);
  const witness = newWitness(form);
  let journal: Journal<CaseState> = { state: undefined, seq: 0, settled: {} };
  const sent: Command[] = [];
  send({ ...filing(form, { route, at: noon(day), caseId: 'case' }), staff: STAFF });
  return {
    get state() {
      return state();
    },
    sent,
    hear,
    finish(today) {
      for (let steps = 0; state().endedAt === undefined; steps += 1) {
        must(steps < 250, 'holders can always bring a case to its end');
        goOn(`f${steps}`, noon(today));
      }
    },
  };

  function state(): CaseState {
    if (!journal.state) throw new Error('Not filed');
    return journal.state;
  }

  function hear(command: Command, isSure: boolean): void {
    const isRepeated = journal.settled[command.id] !== undefined;
    const isOver = state().endedAt !== undefined;
    const isOwn = isSystem(command.actor);
    const before = state();
    const wasTaken = send(command, isSure);
    if (isOwn) must(wasTaken || isOver, 'what the system says is heard');
    const wasOffered = !wasTaken || isOwn || isRepeated || isOffered(before, command);
    must(wasOffered, 'each accepted action was offered');
    if (isSure) must(wasTaken, 'each offered action is accepted');
  }

  function send(command: Command, isSure = false): boolean {
    const before = deepFreeze(journal.state);
    if (before) listener?.(before, command, isSure);
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
    if (isSystem(command.actor)) {
      must(JSON.stringify(machine.alarm(state())?.do) !== JSON.stringify(command.do), 'an alarm rings once');
    }
    return true;
  }

  function goOn(id: string, at: string): void {
    const now = state();
    const sure = (actor: Actor, action: PersonAction, invariant: string, as = id): void =>
      must(send({ id: as, at, actor, do: action, staff: STAFF }, true), invariant);
    if (now.suspended) return sure(AUTHORITY, { action: 'resume', reason: '恢复' }, 'the authority can always resume');
    if (now.returned) {
      const action: PersonAction = { action: 'resubmit', form: nextForm(now.form, []) };
      return sure(APPLICANT, action, 'the applicant can always hand in again');
    }
    const [stage] = Object.keys(now.supplements);
    if (stage !== undefined) {
      const action: PersonAction = { action: 'supplement', form: nextForm(now.form, []), note: '已补充', stage };
      return sure(APPLICANT, action, 'the applicant can always supplement');
    }
    if (now.isAgreed) return report(id, at);
    const task = tasksOf(now).find(({ status }) => status === 'open');
    if (!task) throw new Error('holders can always bring a case to its end');
    const { department, role, holder } = task;
    const fresh: Actor = { person: `fresh.${id}`, department, roles: [role] };
    const approve: PersonAction = { action: 'approve', taskId: task.id, seen: now.form.digest };
    if (holder === undefined) return sure(fresh, approve, 'a fresh holder can always sign');
    const own: Actor = { person: holder, department, roles: [role] };
    if (send({ id, at, actor: own, do: approve, staff: STAFF })) return;
    const reassign: PersonAction = { action: 'reassign', taskId: task.id, to: fresh, reason: '改派' };
    sure(AUTHORITY, reassign, 'the authority can reassign any open seat');
    sure(fresh, approve, 'whoever was reassigned to can answer', `${id}.r`);
  }

  function report(id: string, at: string): void {
    const open = state().grants.find(({ delivery, over }) => delivery?.outcome !== 'delivered' && over === undefined);
    send({
      id,
      at,
      actor: SYSTEM,
      do: open
        ? { action: 'reportDelivery', report: { deliveryId: `${open.id}.9`, outcome: 'delivered' } }
        : { action: 'reportClosing', outcome: 'done' },
    });
  }
}

export function noon(day: string): string {
  return `${day}T12:00:00+08:00`;
}

/** Whether the right kernel has this on offer for whoever gives the command. */
export function isOffered(state: CaseState, { actor, at, do: action, onBehalf }: Command): boolean {
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

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
