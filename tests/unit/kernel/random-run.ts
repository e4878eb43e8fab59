import {
  type CaseState,
  type Command,
  FORM_PARTS,
  type FormPart,
  type FormRef,
  type PersonAction,
  SYSTEM,
  taskIdOf,
} from '../../../domain/case.ts';
import { type Journal, step } from '../../../domain/journal.ts';
import { actionsOf, type OfferedAction } from '../../../domain/kernel/actions.ts';
import type { Actor } from '../../../domain/language.ts';
import { type Route, stagesOf } from '../../../domain/route.ts';
import { tasksOf } from '../../../domain/tasks.ts';
import {
  actor,
  APPLICANT,
  filing,
  form,
  formRef,
  PROVIDER_LEAD,
  REQUESTER_LEAD,
  REVIEWER,
} from '../../support/cases.ts';
import type { CaseMachine } from '../../support/play.ts';
import { checkState, checkTaken, must, type Witness } from './invariants.ts';
import { later, type Move } from './random-cases.ts';

/** Staff, somebody in both departments with every role, the applicant in other capacities, and a stranger. */
const PEOPLE: readonly Actor[] = [
  APPLICANT,
  REQUESTER_LEAD,
  REVIEWER,
  PROVIDER_LEAD,
  actor('civil-affairs', 'reviewer', 'civil-affairs.reviewer'),
  { person: 'both', department: 'civil-affairs', roles: ['sharing-lead', 'reviewer', 'requester'] },
  { person: 'both', department: 'public-security', roles: ['sharing-lead', 'reviewer'] },
  { ...APPLICANT, roles: ['requester', 'sharing-lead', 'reviewer'] },
  { ...APPLICANT, department: 'public-security', roles: ['sharing-lead', 'reviewer'] },
  actor('transport', 'sharing-lead'),
];

const first = filing(formRef(form(), { id: 'form' }), { caseId: 'case' });

/** Plays random moves on a machine, holding every step against the invariants. Throws with the name of one that breaks. */
export function playRandomly(
  machine: CaseMachine,
  route: Route,
  { day: opened, moves }: { day: string; moves: Move[] },
) {
  let day = opened;
  const witness: Witness = { forms: new Map([[first.do.form.digest, first.do.form]]), events: [], rows: new Map() };
  let journal: Journal<CaseState> = { state: undefined, seq: 0, settled: {} };
  const sent: Command[] = [];
  send({ ...first, at: noon(day), do: { ...first.do, route } });
  moves.forEach((move, index) => {
    day = later(day, move.days);
    const { kind } = move;
    const id = `c${index}`;
    const command = kind === 'ring' ? ring(id) : commandOf(state(), { ...move, kind }, { id, at: noon(day), sent });
    if (!command) return;
    const wasOffered = command.actor !== SYSTEM && isOffered(state(), command);
    const isRepeated = journal.settled[command.id] !== undefined;
    const wasTaken = send(command);
    if (command.actor === SYSTEM) must(wasTaken || state().endedAt !== undefined, 'what the system says is heard');
    else if (!isRepeated) must(!wasTaken || wasOffered, 'each accepted action was offered');
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
    const next = later(alarm.at.slice(0, 10), 1);
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
    if (command.do.action === 'supplement') witness.forms.set(command.do.form.digest, command.do.form);
    if (before && events.length > 0) checkTaken({ before, command, events, after: state() }, witness);
    if (!before) for (const task of tasksOf(state())) witness.rows.set(task.id, task);
    // A command that was carried out before says nothing of the time now.
    checkState(state(), witness, isRepeated ? undefined : command.at);
    if (command.do.action === 'passLimit') {
      must(JSON.stringify(machine.alarm(state())?.do) !== JSON.stringify(command.do), 'an alarm rings once');
    }
    return true;
  }

  /** From wherever the case stands, people who have done nothing so far bring it to its end, without withdrawing. */
  function finish(): void {
    for (let steps = 0; state().endedAt === undefined; steps += 1) {
      must(steps < 60, 'holders can always bring a case to its end');
      const at = noon(day);
      if (state().supplement) {
        const action: PersonAction = { action: 'supplement', form: nextForm(state().form, []), note: '已补充' };
        must(send({ id: `f${steps}`, at, actor: APPLICANT, do: action }), 'the applicant can always supplement');
      } else if (state().grantId) {
        const report = { deliveryId: `case.grant.${steps}`, outcome: 'delivered' } as const;
        send({ id: `f${steps}`, at, actor: SYSTEM, do: { action: 'reportDelivery', report } });
      } else {
        const [stage, open] = Object.entries(state().stages).find(([, { standing }]) => standing === 'open') ?? [];
        if (!stage || !open) throw new Error('holders can always bring a case to its end');
        const { role, department } = open.seat;
        const taskId = taskIdOf('case', stage, open.activation);
        const action: PersonAction = { action: 'approve', taskId, seen: state().form.digest };
        const fresh = actor(department, role, `fresh.${stage}`);
        must(send({ id: `f${steps}`, at, actor: fresh, do: action }), 'a fresh holder can always sign');
      }
    }
  }
}

function commandOf(
  state: CaseState,
  move: Move & { readonly kind: Exclude<Move['kind'], 'ring'> },
  { id, at, sent }: { id: string; at: string; sent: readonly Command[] },
): Command | undefined {
  switch (move.kind) {
    case 'offered': {
      const all = PEOPLE.flatMap((one) => actionsOf(state, one, at).map((offer) => ({ one, offer })));
      // An end that is always on offer would leave the rest of the case unseen.
      const lively = move.what % 12 === 0 ? all : all.filter(({ offer }) => !/withdraw|reject/.test(offer.action));
      const chosen = lively[move.who % Math.max(1, lively.length)];
      return chosen && { id, at, actor: chosen.one, do: offered(state, chosen.offer, move) };
    }
    case 'wild':
      return { id, at, actor: PEOPLE[move.who % PEOPLE.length] ?? APPLICANT, do: wild(state, move) };
    case 'repeat': {
      const again = sent[move.who % Math.max(1, sent.length)];
      return (
        again && { id: again.id, at, actor: PEOPLE[move.what % PEOPLE.length] ?? APPLICANT, do: wild(state, move) }
      );
    }
    case 'delivery': {
      const outcome = move.what % 3 === 0 ? 'delivered' : 'failed';
      const report = { deliveryId: `case.grant.${move.detail % 4}`, outcome } as const;
      return { id, at, actor: SYSTEM, do: { action: 'reportDelivery', report } };
    }
    case 'grantOver':
      return state.grantId && move.what % 4 === 0
        ? { id, at, actor: SYSTEM, do: { action: 'reportGrantOver', how: 'expired' } }
        : undefined;
  }
}

function offered(state: CaseState, { action, taskId = '' }: OfferedAction, move: Move): PersonAction {
  const seen = state.form.digest;
  switch (action) {
    case 'approve':
      return { action, taskId, seen };
    case 'reject':
      return { action, taskId, seen, reason: { code: 'other', text: '不符合' } };
    case 'askSupplement':
      return { action, taskId, missing: partsOf(move).map((part) => ({ part, text: '请补充' })) };
    case 'supplement': {
      const asked = state.supplement?.missing.map(({ part }) => part) ?? [];
      return { action, form: nextForm(state.form, asked.slice(0, 1 + (move.detail % 4))), note: '已补充' };
    }
    case 'withdraw':
      return { action, reason: '' };
  }
}

/** Anything that a client could send: tasks of any time, forms of any kind, words that are none. */
function wild(state: CaseState, move: Move): PersonAction {
  const activation = 1 + (move.detail % 2);
  const stages = stagesOf(state.route.root);
  const stage = stages[move.detail % stages.length]?.id ?? '';
  const latest = state.stages[stage]?.activation ?? activation;
  const taskId = taskIdOf('case', stage, move.what % 3 === 0 ? activation : latest);
  const seen = move.what % 7 === 0 ? 'stale' : state.form.digest;
  const code = move.detail % 3 === 0 ? 'incomplete' : 'other';
  const options: PersonAction[] = [
    { action: 'approve', taskId, seen },
    { action: 'approve', taskId, seen },
    { action: 'reject', taskId, seen, reason: { code, text: move.who % 2 === 0 ? '不符合' : ' ' } },
    { action: 'askSupplement', taskId, missing: move.parts.map((part) => ({ part, text: '请补充' })) },
    { action: 'supplement', form: nextForm(state.form, move.parts), note: '已补充' },
    { action: 'supplement', form: { ...nextForm(state.form, move.parts), version: move.what % 5 }, note: '' },
    ...(move.detail % 10 === 0 ? [{ action: 'withdraw', reason: '' } as const] : []),
  ];
  return options[move.what % options.length] ?? { action: 'withdraw', reason: '' };
}

function isOffered(state: CaseState, { actor: who, at, do: action }: Command): boolean {
  const taskId = 'taskId' in action ? action.taskId : undefined;
  return actionsOf(state, who, at).some((offer) => offer.action === action.action && offer.taskId === taskId);
}

function partsOf({ parts, detail }: Move): readonly FormPart[] {
  return parts.length > 0 ? parts : [FORM_PARTS[detail % FORM_PARTS.length] ?? 'items'];
}

/** Digests here only have to differ; real ones would be most of the work. */
function nextForm(before: FormRef, changed: readonly FormPart[]): FormRef {
  const version = before.version + 1;
  const parts = Object.fromEntries(
    FORM_PARTS.map((part) => [part, changed.includes(part) ? `${part}.${version}` : before.parts[part]]),
  ) as FormRef['parts'];
  const digest = changed.length === 0 ? before.digest : `${Object.values(parts).join()}`;
  return { ...before, version, parts, digest };
}

function noon(day: string): string {
  return `${day}T12:00:00+08:00`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
