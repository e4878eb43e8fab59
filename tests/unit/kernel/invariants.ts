import { endOfDay } from '../../../domain/calendar.ts';
import { type CaseEvent, type CaseState, type Command, type FormRef, taskIdOf } from '../../../domain/case.ts';
import { epochMilliseconds } from '../../../domain/civil-date.ts';
import { canonicalJson } from '../../../domain/canonical.ts';
import { evolve } from '../../../domain/kernel/evolve.ts';
import { type Block, pathTo, type Stage, stagesOf } from '../../../domain/route.ts';
import { type Task, tasksOf } from '../../../domain/tasks.ts';

/** What has been seen of a case so far, kept apart from its state so that the checks do not lean on what they check. */
export interface Witness {
  readonly forms: Map<string, FormRef>;
  readonly events: CaseEvent[];
  /** The rows of the inbox as the projection would hold them. */
  readonly rows: Map<string, Task>;
}

export interface Taken {
  readonly before: CaseState;
  readonly command: Command;
  readonly events: readonly CaseEvent[];
  readonly after: CaseState;
}

export function must(holds: boolean, invariant: string): void {
  if (!holds) throw new Error(invariant);
}

/** What every accepted command keeps to. */
export function checkTaken({ before, command, events, after }: Taken, witness: Witness): void {
  let state = before;
  for (const event of events) {
    checkEvent(state, event, command);
    state = evolve(state, event);
    for (const task of tasksOf(state)) witness.rows.set(task.id, task);
  }
  must(canonicalJson(state) === canonicalJson(after), 'the events give the state that was decided on');
  const { do: action } = command;
  if (action.action === 'approve' || action.action === 'reject') {
    must(action.seen === before.form.digest, 'nobody signs a form other than the one they saw');
  }
  if (action.action === 'reject') must(action.reason.code !== 'incomplete', 'incomplete materials are no ground');
  if (action.action === 'supplement') {
    const named = before.supplement?.missing.map(({ part }) => part) ?? [];
    const asked: readonly string[] = named.includes('items') ? [...named, 'masks'] : named;
    const parts = Object.keys(action.form.parts) as (keyof FormRef['parts'])[];
    const changed = parts.filter((part) => action.form.parts[part] !== before.form.parts[part]);
    must(
      changed.every((part) => asked.includes(part)),
      'a supplement touches only what was asked',
    );
  }
  if (action.action === 'passLimit') {
    must(
      events.every(({ type }) => type === 'limitPassed'),
      'a limit that passes decides nothing',
    );
  }
}

function checkEvent(state: CaseState, event: CaseEvent, command: Command): void {
  if (event.type === 'answered') {
    const stage = stagesOf(state.route.root).find(({ id }) => id === event.stage);
    must(stage !== undefined && state.stages[event.stage]?.standing === 'open', 'only an open seat is answered');
    must(state.supplement === undefined, 'nobody answers while materials are awaited');
    must(stage !== undefined && holdsSeat(state, stage, command), 'only who holds the seat answers');
    must(!state.contributors.includes(event.actor), 'nobody decides on an own request');
    const others = Object.entries(state.stages).filter(([id]) => id !== event.stage);
    must(!others.some(([, { answer }]) => answer?.actor === event.actor), 'nobody signs at two stages');
  }
  if (event.type === 'stageDecided') {
    const stage = state.stages[event.stage];
    must(stage?.answer !== undefined && stage.standing !== 'decided', 'a stage is decided once, by its answer');
  }
  if (event.type === 'supplementAsked') {
    must(!state.noticesGiven.includes(event.notice), 'one notice a branch and round');
    must(event.missing.length > 0, 'a notice lists something');
  }
}

function holdsSeat(state: CaseState, stage: Stage, { actor }: Command): boolean {
  const department = stage.seat.department === 'requester' ? state.requester : state.provider;
  return actor.department === department && actor.roles.includes(stage.seat.role);
}

/** What holds of every case between two commands, and once the limits before `at` have been looked at. */
export function checkState(state: CaseState, witness: Witness, at: string | undefined): void {
  checkSignatures(state, witness);
  checkClocks(state, at);
  checkTasks(state, witness);
  const { status, endedAt, grantId } = state;
  const isWaiting = status === 'awaiting-supplement' || grantId !== undefined;
  const hasOpenSeat = tasksOf(state).some((task) => task.status === 'open');
  must(endedAt !== undefined || isWaiting || hasOpenSeat, 'a case not ended waits for somebody');
}

function checkSignatures(state: CaseState, { forms }: Witness): void {
  for (const stage of stagesOf(state.route.root)) {
    const answer = state.stages[stage.id]?.answer;
    const signed = answer && forms.get(answer.form);
    if (!signed) continue;
    const stands = stage.basis.every((part) => signed.parts[part] === state.form.parts[part]);
    must(stands, 'a standing signature rests on the form of now');
  }
}

function checkClocks(state: CaseState, at: string | undefined): void {
  if (state.endedAt !== undefined) return;
  const current = stagesOf(state.route.root).find(({ id }) => state.stages[id]?.standing !== 'decided');
  for (const block of clocked(state.route.root)) {
    const clock = state.clocks[block.id];
    const covers = current !== undefined && pathTo(block, current.id).length > 0;
    const waits = state.supplement !== undefined && block.clock?.onSupplement !== 'run-on';
    const runs = clock !== undefined && !clock.stopped && clock.pausedFor.length === 0;
    must(runs === (covers && !waits), 'a clock runs exactly in an open block that nothing holds up');
  }
  if (at === undefined) return;
  for (const clock of Object.values(state.clocks)) {
    if (clock.stopped || clock.pausedFor.length > 0 || clock.passedAt !== undefined) continue;
    must(epochMilliseconds(endOfDay(clock.dueOn)) >= epochMilliseconds(at), 'a limit that has passed is counted');
  }
}

function clocked(block: Block): Block[] {
  const inner = block.kind === 'stage' ? [] : block.blocks.flatMap(clocked);
  return block.clock ? [block, ...inner] : inner;
}

function checkTasks(state: CaseState, { rows }: Witness): void {
  const tasks = tasksOf(state);
  const open = tasks.filter(({ status }) => status === 'open');
  must(open.length <= 1, 'one seat at a time is open on a linear route');
  must(
    (open.length === 1) === (state.status === 'in-approval'),
    'a task is open exactly while the case is in approval',
  );
  for (const task of tasks) {
    const stage = state.stages[task.stage];
    must((task.status === 'done') === (stage?.answer !== undefined), 'a task is done exactly if its answer stands');
    must(task.id === taskIdOf(state.caseId, task.stage, task.activation), 'a task’s id follows from its seat');
    must(canonicalJson(rows.get(task.id)) === canonicalJson(task), 'the inbox shows the state');
  }
  const latest = new Set(tasks.map(({ id }) => id));
  for (const [id, row] of rows) must(latest.has(id) || row.status === 'lapsed', 'no old task stays open in the inbox');
}
