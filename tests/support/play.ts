import type { CaseAction, CaseEvent, CaseState, Command, FormRef, PersonAction, StaffLine } from '../../domain/case.ts';
import { FORM_PARTS, type FormPart, SYSTEM, taskIdOf } from '../../domain/case.ts';
import { digestOf } from '../../domain/digest.ts';
import { type Journal, step } from '../../domain/journal.ts';
import { caseMachine } from '../../domain/kernel/case-machine.ts';
import type { Machine, Refusal } from '../../domain/machine.ts';
import type { Actor } from '../../domain/language.ts';
import type { Route } from '../../domain/route.ts';
import { CONDITIONAL } from '../../domain/routes/share-request.ts';
import { APPLICANT, filing, form, formRef } from './cases.ts';

export type CaseMachine = Machine<CaseState, CaseAction, CaseEvent>;

/** One case played on a machine alone: no workflow, no database, no clock but the one that the test moves. */
export interface Play {
  readonly state: CaseState;
  readonly events: readonly CaseEvent[];
  /** The instant that the next commands are received at. */
  at: string;
  /** The events that the command brought, or why it was refused. */
  act(actor: Actor, action: PersonAction): readonly CaseEvent[] | Refusal;
  approve(actor: Actor, stage: string): readonly CaseEvent[] | Refusal;
  reject(actor: Actor, stage: string, reason?: { code: 'other' | 'incomplete'; text: string }): unknown;
  ask(actor: Actor, stage: string, ...parts: FormPart[]): readonly CaseEvent[] | Refusal;
  /** The applicant completes the form, changing these parts. */
  supplement(...changed: FormPart[]): readonly CaseEvent[] | Refusal;
  /** Lets time act once, if it has something to do. */
  ring(): readonly CaseEvent[];
  report(outcome: 'delivered' | 'failed', nth?: number): readonly CaseEvent[];
  send(command: Command): readonly CaseEvent[] | Refusal;
}

export function play({
  route = CONDITIONAL,
  at = '2026-11-25T09:00:00+08:00',
  machine = caseMachine,
  first = formRef(form(), { id: 'form' }),
  staff = [],
}: {
  route?: Route;
  at?: string;
  machine?: CaseMachine;
  first?: FormRef;
  /** Who holds the roles, where the route has seats for each of them. */
  staff?: readonly StaffLine[];
} = {}): Play {
  const events: CaseEvent[] = [];
  let journal: Journal<CaseState> = { state: undefined, seq: 0, settled: {} };
  let commands = 0;
  const self: Play = {
    at,
    events,
    get state() {
      if (journal.state === undefined) throw new Error('Nothing was filed');
      return journal.state;
    },
    send(command) {
      const taken = step(machine, journal, command);
      if ('refusal' in taken) return taken.refusal;
      journal = taken.journal;
      const fresh = taken.entries.map(({ event }) => event);
      events.push(...fresh);
      return fresh;
    },
    act: (actor, action) => self.send({ id: `c${(commands += 1)}`, at: self.at, actor, do: action, staff }),
    approve: (actor, stage) =>
      self.act(actor, { action: 'approve', taskId: taskOf(self.state, stage), seen: self.state.form.digest }),
    reject: (actor, stage, reason = { code: 'other', text: '不符合' }) =>
      self.act(actor, { action: 'reject', taskId: taskOf(self.state, stage), seen: self.state.form.digest, reason }),
    ask: (actor, stage, ...parts) =>
      self.act(actor, {
        action: 'askSupplement',
        taskId: taskOf(self.state, stage),
        missing: parts.map((part) => ({ part, text: `请补充${part}` })),
      }),
    supplement: (...changed) =>
      self.act(APPLICANT, { action: 'supplement', form: nextForm(self.state.form, changed), note: '已补充' }),
    ring() {
      const alarm = machine.alarm(self.state);
      if (!alarm) return [];
      self.at = alarm.at;
      return accepted(self.send({ id: `alarm${(commands += 1)}`, at: alarm.at, actor: SYSTEM, do: alarm.do }));
    },
    report: (outcome, nth = 1) =>
      accepted(
        self.send({
          id: `report${(commands += 1)}`,
          at: self.at,
          actor: SYSTEM,
          do: { action: 'reportDelivery', report: { deliveryId: `${self.state.grants[0]?.id}.${nth}`, outcome } },
        }),
      ),
  };
  self.send({ ...filing(first, { route, at, caseId: 'case' }), staff });
  return self;
}

export function taskOf(state: CaseState, stage: string): string {
  return taskIdOf(state.caseId, stage, state.stages[stage]?.activation ?? 1);
}

/** The next version of a form in which these parts are other ones. */
export function nextForm(before: FormRef, changed: readonly FormPart[]): FormRef {
  const version = before.version + 1;
  const parts = Object.fromEntries(
    FORM_PARTS.map((part) => [part, changed.includes(part) ? digestOf({ part, version }) : before.parts[part]]),
  ) as FormRef['parts'];
  return { ...before, version, parts, digest: digestOf(parts) };
}

export function accepted(outcome: readonly CaseEvent[] | Refusal): readonly CaseEvent[] {
  if ('code' in outcome) throw new Error(`Refused: ${outcome.code}`);
  return outcome;
}
