import { isDeepStrictEqual } from 'node:util';
import { endOfDay } from '../../../domain/calendar.ts';
import { type CaseEvent, type CaseState, type FormRef, taskIdOf } from '../../../domain/case.ts';
import { epochMilliseconds } from '../../../domain/civil-date.ts';
import { DELIVERY_CLOCK } from '../../../domain/kernel/clocks.ts';
import { type Task, tasksOf } from '../../../domain/tasks.ts';
import { type Part, partsOf, read, ruled, seenBy, stageParts } from './oracle.ts';

/** What has been seen of a case so far, kept apart from its state so that the checks do not lean on what they check. */
export interface Witness {
  readonly forms: Map<string, FormRef>;
  readonly events: CaseEvent[];
  /** The rows of the inbox as the projection would hold them. */
  readonly rows: Map<string, Task>;
  /** Who gave each answer and whom they stood in for, by task. */
  readonly signers: Map<string, readonly string[]>;
  /** The activations at which somebody did something, as `stage.activation`. */
  readonly acts: Set<string>;
  readonly granted: Set<string>;
}

export function newWitness(first: FormRef): Witness {
  return {
    forms: new Map([[first.digest, first]]),
    events: [],
    rows: new Map(),
    signers: new Map(),
    acts: new Set(),
    granted: new Set(),
  };
}

export function must(holds: boolean, invariant: string): void {
  if (!holds) throw new Error(invariant);
}

/** Somebody on the staff may act: the case is neither over nor with the applicant. */
export function isInHands({ endedAt, isAgreed, returned }: CaseState): boolean {
  return endedAt === undefined && !isAgreed && returned === undefined;
}

/** What holds of every case between two commands, and once the limits before `at` have been looked at. */
export function checkState(state: CaseState, witness: Witness, at: string | undefined): void {
  const root = partsOf(state);
  checkStages(state, root);
  checkSignatures(state, { root, witness });
  checkClocks(state, { root, at });
  checkTasks(state, witness);
}

function checkStages(state: CaseState, root: Part): void {
  const { verdict, waits } = read(root, state.stages);
  const isOver = state.endedAt !== undefined || state.isAgreed;
  for (const part of stageParts(root)) {
    const now = state.stages[part.id];
    if (!now || now.standing === 'lapsed') continue;
    const isForNobody = now.seats[0]?.holder === 'nobody';
    const says = isForNobody ? 'rejected' : ruled(part.stage.rule, now);
    must(
      (now.standing === 'decided' ? now.verdict : undefined) === says,
      'a stage is decided exactly when its rule says',
    );
    const holders = now.seats.flatMap(({ holder, standing }) => (holder && standing !== 'removed' ? [holder] : []));
    must(new Set(holders).size === holders.length, 'nobody holds two seats of a stage');
  }
  must(verdict === undefined || isOver, 'a case is over when its route is through');
  must(state.status !== 'refused' || verdict === 'rejected', 'what is refused was rejected');
  const isDelivered = state.grants.every(
    ({ delivery, over }) => delivery?.outcome === 'delivered' || over !== undefined,
  );
  must(!/completed/.test(state.status) || isDelivered, 'a case is complete when everything granted was delivered');
  must(!state.isAgreed || state.endedAt !== undefined || verdict === 'approved', 'what is agreed was approved');
  const open = Object.entries(state.stages).flatMap(([id, { standing }]) => (standing === 'open' ? [id] : []));
  if (state.endedAt !== undefined) return;
  const wanted = isInHands(state) ? waits : [];
  must(
    open.toSorted().join() === wanted.toSorted().join(),
    'the first undecided stage of each branch is open, no other',
  );
}

function checkSignatures(state: CaseState, { root, witness }: { root: Part; witness: Witness }): void {
  for (const part of stageParts(root)) {
    const seats = state.stages[part.id]?.seats ?? [];
    const chains = seats.flatMap(({ answer }) => (answer ? [[answer.actor, ...answer.through]] : []));
    const people = chains.flatMap((chain) => [...new Set(chain)]);
    must(new Set(people).size === people.length, 'nobody answers twice at a stage');
    for (const { answer } of seats) {
      const signed = answer && witness.forms.get(answer.form);
      if (!signed) continue;
      must(seenBy(part, signed) === seenBy(part, state.form), 'a standing signature rests on the form of now');
      const chain = [answer.actor, ...answer.through];
      must(!chain.some((one) => state.contributors.includes(one)), 'no signature of a contributor stands');
    }
  }
}

function checkClocks(state: CaseState, { root, at }: { root: Part; at: string | undefined }): void {
  const isInUse = isInHands(state);
  const waits = isInUse ? read(root, state.stages).waits : [];
  for (const part of clocked(root)) {
    const clock = state.clocks[part.id];
    const inside = stageParts(part).map(({ id }) => id);
    const covers = inside.some((id) => waits.includes(id));
    const asks = inside.some((id) => state.supplements[id]) && part.clock?.onSupplement !== 'run-on';
    const runs = clock !== undefined && !clock.stopped && clock.pausedFor.length === 0;
    const isHeld = asks || state.suspended !== undefined;
    if (part.clock?.from === undefined) {
      must(runs === (covers && !isHeld), 'a clock runs exactly in an open block that nothing holds up');
    } else {
      const isOpen = covers || (clock !== undefined && state.endedAt === undefined && !state.isAgreed);
      const isUndecided = read(part, state.stages).verdict === undefined;
      must(
        runs === (isOpen && isUndecided && !isHeld),
        'a clock from a day of the form runs until its block is decided',
      );
      const day = state.form.dates?.[part.clock.from];
      must(!runs || clock?.startedOn === day, 'a clock from a day of the form counts from that day');
    }
    if (!clock || clock.stopped) continue;
    must((clock.left === undefined) === runs, 'a paused clock knows what was left, a running one does not need to');
  }
  const all = Object.values(state.clocks);
  must(state.endedAt === undefined || all.every(({ stopped }) => stopped), 'no clock runs after the end');
  const known = new Set([DELIVERY_CLOCK, ...clocked(root).map(({ id }) => id)]);
  must(
    all.every(({ clock, stopped }) => stopped || known.has(clock)),
    'a clock that the route has no more is stopped',
  );
  if (at === undefined || state.endedAt !== undefined) return;
  for (const clock of all) {
    if (clock.stopped || clock.pausedFor.length > 0 || clock.passedAt !== undefined) continue;
    must(epochMilliseconds(endOfDay(clock.dueOn)) >= epochMilliseconds(at), 'a limit that has passed is counted');
  }
}

function clocked(part: Part): Part[] {
  const inner = part.parts.flatMap(clocked);
  return part.clock ? [part, ...inner] : inner;
}

function checkTasks(state: CaseState, { rows }: Witness): void {
  const tasks = tasksOf(state);
  for (const task of tasks) {
    const stage = state.stages[task.stage];
    const seat = stage?.seats.find(({ id }) => id === task.seat);
    const isLive = stage?.standing !== 'lapsed';
    must(
      (task.status === 'done') === (isLive && seat?.answer !== undefined),
      'a task is done exactly if its answer stands',
    );
    must(task.status !== 'superseded' || seat?.answer === undefined, 'what others decided is nobody’s own work');
    must(
      task.id === taskIdOf(state.caseId, task.stage, task.activation, task.seat),
      'a task’s id follows from its seat',
    );
    must(isDeepStrictEqual(rows.get(task.id), task), 'the inbox shows the state');
    const isDue = isInHands(state) && !state.suspended && !state.supplements[task.stage];
    must(task.status !== 'open' || (isDue && stage?.standing === 'open'), 'a task is open only while it can be done');
    must(
      !/open|waiting/.test(task.status) || (!state.isAgreed && state.endedAt === undefined),
      'nothing is left to do at the end',
    );
  }
  const latest = new Set(tasks.map(({ id }) => id));
  for (const [id, row] of rows) must(latest.has(id) || row.status === 'lapsed', 'no old task stays open in the inbox');
  if (!isInHands(state) || state.suspended) return;
  for (const [id, { standing }] of Object.entries(state.stages)) {
    if (standing !== 'open' || state.supplements[id]) continue;
    const open = tasks.filter((task) => task.stage === id && task.status === 'open');
    must(open.length > 0, 'an open stage has somebody who can act');
  }
}
