import {
  type CaseEvent,
  type CaseState,
  type Command,
  type FormRef,
  SYSTEM,
  type TaskAction,
} from '../../domain/case.ts';
import { addDays, dateOfDayNumber, dayNumber, epochMilliseconds } from '../../domain/civil-date.ts';
import { type Entry, type Journal, step } from '../../domain/journal.ts';
import { caseMachine } from '../../domain/kernel/case-machine.ts';
import type { Actor, Role } from '../../domain/language.ts';
import type { Limit, Route, Stage } from '../../domain/route.ts';
import { CONDITIONAL } from '../../domain/routes/share-request.ts';
import { tasksOf } from '../../domain/tasks.ts';
import { type Random, randomOf } from '../../seed/random.ts';
import { actor, filing, form, formRef } from './cases.ts';
import { nextForm } from './play.ts';

/** One case as it went, without any workflow or database. The same number gives the same case. */
export interface PlayedCase {
  readonly caseId: string;
  readonly ref: FormRef;
  readonly entries: readonly Entry<CaseEvent>[];
  readonly state: CaseState;
}

const SEAT_NAMES: Partial<Record<Role, string>> = { 'sharing-lead': 'lead' };
const AUTHORITY = actor('data-bureau', 'authority');
/** Beside the provider, another department answers in the stage that takes all. */
export const THIRD = 'transport';

const joint: Stage = {
  kind: 'stage',
  id: 'joint',
  seat: [
    { role: 'reviewer', department: 'provider' },
    { role: 'reviewer', department: THIRD },
  ],
  rule: 'all',
  basis: ['items', 'rowScope'],
  mayAskSupplement: true,
  mayRepeat: true,
};

/** The shipped route with a promise, an extension and a stage of two departments, in which supplements count as they may. */
function routeFor(random: Random): Route {
  const clock: Limit = {
    kind: 'reply',
    legal: 5,
    promise: 3,
    onSupplement: random.pick(['restart', 'pause', 'run-on'] as const),
    extension: 5,
  };
  const { root } = CONDITIONAL;
  if (root.kind !== 'sequence') throw new Error('The shipped route is a sequence');
  const blocks = root.blocks.map((block) =>
    block.kind === 'sequence' ? { ...block, clock, blocks: [...block.blocks, joint] } : block,
  );
  return { ...CONDITIONAL, id: 'played', root: { ...root, blocks }, refileWithin: 30 };
}

export interface Played {
  readonly requester?: string;
  readonly provider?: string;
  /** How many commands are tried after the filing at most. */
  readonly steps?: number;
  /** The last day on which anything happens. */
  readonly until?: string;
}

/** Commands come at full hours, so that a test can count what lies between; time itself rings when it wants to. */
export function playedCase(seed: number, played: Played = {}): PlayedCase {
  const { requester = 'civil-affairs', provider = 'public-security', steps = 40, until = '2026-12-31' } = played;
  const random = randomOf(seed, 0);
  const caseId = `played-${seed}`;
  const ref = formRef(form(), { id: `00000000-0000-4000-8000-${String(seed).padStart(12, '0')}` });
  const first = dateOfDayNumber(dayNumber('2026-01-05') + random.below(300));
  let hours = random.below(24);
  let journal: Journal<CaseState> = { state: undefined, seq: 0, settled: {} };
  const entries: Entry<CaseEvent>[] = [];
  const send = (command: Command): void => {
    const taken = step(caseMachine, journal, command);
    if ('refusal' in taken) return;
    journal = taken.journal;
    entries.push(...taken.entries);
  };
  const { do: filed } = filing(ref, { route: routeFor(random), caseId });
  const applicant = actor(requester, 'requester', `${requester}.requester`);
  send({ id: `file:${caseId}`, at: hourOf(first, hours), actor: applicant, do: { ...filed, requester, provider } });
  for (let n = 0; n < steps; n += 1) {
    hours += random.pick([0, 0, 1, 2, 5, 9, 16, 24, 30, 60]);
    const at = hourOf(first, hours);
    if (at.slice(0, 10) > until) break;
    ringBefore(at, n);
    const chosen = journal.state && chosenOf(journal.state, { random, applicant, n });
    if (chosen) send({ ...chosen, id: `c${n}:${caseId}`, at });
  }
  if (!journal.state) throw new Error('A case that was filed has a state');
  return { caseId, ref, entries, state: journal.state };

  function ringBefore(at: string, n: number): void {
    for (let rung = 0; journal.state; rung += 1) {
      const alarm = caseMachine.isOver(journal.state) ? undefined : caseMachine.alarm(journal.state);
      if (!alarm || epochMilliseconds(alarm.at) >= epochMilliseconds(at)) return;
      send({ id: `t${n}.${rung}:${caseId}`, at: alarm.at, actor: SYSTEM, do: alarm.do });
    }
  }
}

function hourOf(first: string, hours: number): string {
  const day = addDays(first, Math.floor(hours / 24));
  return `${day}T${String(hours % 24).padStart(2, '0')}:00:00.000+08:00`;
}

type Choice = Pick<Command, 'actor' | 'do'>;

function chosenOf(
  state: CaseState,
  { random, applicant, n }: { readonly random: Random; readonly applicant: Actor; readonly n: number },
): Choice {
  const next = (): FormRef => nextForm(state.form, random.chance(0.5) ? ['items'] : []);
  if (random.chance(0.15)) return { actor: applicant, do: { action: 'comment', text: `说明${n}` } };
  if (state.grants.length > 0) {
    const report = { deliveryId: `${state.grants[0]?.id}.1`, outcome: 'delivered' } as const;
    return { actor: SYSTEM, do: { action: 'reportDelivery', report } };
  }
  if (state.refileUntil) return { actor: applicant, do: { action: 'refile', form: next() } };
  if (state.suspended) return { actor: AUTHORITY, do: { action: 'resume', reason: '恢复' } };
  if (state.returned) return { actor: applicant, do: { action: 'resubmit', form: next() } };
  const [asking] = Object.keys(state.supplements);
  if (asking !== undefined && random.chance(0.7)) {
    const asked = nextForm(state.form, ['items']);
    return { actor: applicant, do: { action: 'supplement', form: asked, stage: asking, note: '已补充' } };
  }
  return random.chance(0.12) ? ofCase(state, random, applicant) : ofTask(state, random);
}

function ofCase(state: CaseState, random: Random, applicant: Actor): Choice {
  const reviewOn = addDays((state.openedAt ?? '').slice(0, 10), 200);
  return random.pick<Choice>([
    { actor: AUTHORITY, do: { action: 'suspend', reason: '核查', reviewOn } },
    { actor: applicant, do: { action: 'urge' } },
    { actor: AUTHORITY, do: { action: 'grantExtension', clock: 'provider' } },
    {
      actor: actor(state.provider, 'sharing-lead', `${state.provider}.lead`),
      do: { action: 'askExtension', clock: 'provider', days: 2, reason: '需核对' },
    },
    ...(random.chance(0.2) ? [{ actor: applicant, do: { action: 'withdraw', reason: '不再需要' } } as const] : []),
  ]);
}

function ofTask(state: CaseState, random: Random): Choice {
  const { department, role, id: taskId, status } = random.pick(tasksOf(state));
  const who = actor(department, role, `${department}.${SEAT_NAMES[role] ?? role}`);
  const seen = state.form.digest;
  const approve: TaskAction = { action: 'approve', taskId, seen };
  if (status === 'done') return { actor: who, do: { action: 'takeBack', taskId, reason: '再看一次' } };
  const options: readonly TaskAction[] = [
    ...Array.from({ length: 7 }, () => approve),
    { action: 'reject', taskId, seen, reason: { code: 'other', text: '不符合' } },
    { action: 'askSupplement', taskId, missing: [{ part: 'items', text: '请补充' }] },
    { action: 'return', taskId, to: 'applicant', way: random.pick(['again', 'straight'] as const), reason: '请修改' },
    {
      action: 'return',
      taskId,
      to: 'requester-lead',
      way: random.pick(['again', 'straight'] as const),
      reason: '请复核',
    },
  ];
  return { actor: who, do: random.pick(options) };
}
