import {
  type CaseState,
  type Command,
  FORM_PARTS,
  type FormPart,
  type PersonAction,
  SYSTEM,
  type SystemAction,
} from '../../../domain/case.ts';
import { addDays } from '../../../domain/civil-date.ts';
import { actionsOf, type OfferedAction } from '../../../domain/kernel/actions.ts';
import type { Actor } from '../../../domain/language.ts';
import { APPLICANT } from '../../support/cases.ts';
import type { CaseMachine } from '../../support/play.ts';
import type { Move } from './random-cases.ts';
import { again, straight } from './office.ts';
import { nextForm } from './random-forms.ts';
import { advance, counsel, materials } from './random-habits.ts';
import { absentFor, AUTHORITY, PEOPLE, STAFF } from './random-people.ts';
import { otherVersion } from './random-versions.ts';
import { otherCalendar, wild } from './random-wildness.ts';

export interface Setting {
  readonly machine: CaseMachine;
  readonly id: string;
  readonly at: string;
  readonly day: string;
  readonly sent: readonly Command[];
}

/** The command that a move becomes where the case stands now; undefined where there is nothing of the kind to do. */
export function commandOf(state: CaseState, move: Move, setting: Setting): Command | undefined {
  const { id, at, sent } = setting;
  const actor = of(PEOPLE, move.who) ?? APPLICANT;
  const onBehalf = move.standsIn ? { onBehalf: absentFor(actor, { pick: move.what, day: setting.day }) } : {};
  switch (move.kind) {
    case 'offered':
      return offered(state, move, setting);
    case 'wild':
      return {
        id,
        at,
        actor: onBehalf.onBehalf ? actor : (of(concerned(state), move.who) ?? actor),
        do: wild(state, move),
        staff: STAFF,
        ...onBehalf,
      };
    case 'repeat': {
      const again = of(sent, move.who);
      return again && { id: again.id, at, actor, do: wild(state, move), staff: STAFF };
    }
    case 'advance':
      return advance(state, move, setting);
    case 'materials':
      return materials(state, move, setting);
    case 'counsel':
      return counsel(state, move, setting);
    case 'report':
      return { id, at, actor: SYSTEM, do: report(state, move) };
    case 'recount':
      return { id, at, actor: SYSTEM, do: { action: 'recount', calendar: otherCalendar(state, move, setting.day) } };
    case 'migrate':
      return {
        id,
        at,
        actor: AUTHORITY,
        do: { action: 'migrate', route: otherVersion(state.route, move.what) },
        staff: STAFF,
      };
    case 'refile':
      return {
        id,
        at,
        actor: APPLICANT,
        do: { action: 'refile', form: nextForm(state.form, move.parts, move.detail) },
        staff: STAFF,
      };
    case 'ring':
      return undefined;
  }
}

function of<T>(all: readonly T[], nth: number): T | undefined {
  return all[nth % Math.max(1, all.length)];
}

/** Something that somebody is offered, of any kind as likely as of another. An end that is always on offer would leave the rest of the case unseen. */
function offered(state: CaseState, move: Move, setting: Setting): Command | undefined {
  const { id, at, day } = setting;
  for (let tries = 0; tries < 4; tries += 1) {
    const actor = of(whoActs(state, { move, tries }), move.who + tries * 5) ?? APPLICANT;
    const standing = move.standsIn ? { onBehalf: absentFor(actor, { pick: move.what, day }) } : {};
    const all = actionsOf(state, actor, at, { colleagues: colleaguesOf(move), ...standing });
    const lively =
      move.what % 9 === 0
        ? all
        : all.filter(({ action }) => !/withdraw|terminate|reject|comment|copy|urge/.test(action));
    const kinds = [...new Set((lively.length > 0 ? lively : all).map(({ action }) => action))];
    const kind = of(kinds, move.detail);
    const chosen = of(
      all.filter(({ action }) => action === kind),
      move.what,
    );
    if (chosen)
      return {
        id,
        at,
        actor,
        ...standing,
        do: wellFormed(state, { offer: chosen, move, actor, setting }),
        staff: STAFF,
      };
  }
  return undefined;
}

function wellFormed(
  state: CaseState,
  { offer, move, actor, setting }: { offer: OfferedAction; move: Move; actor: Actor; setting: Setting },
): PersonAction {
  const { action, taskId = '', clock = '', to = [], stage } = offer;
  const { detail, parts } = move;
  const reason = '有理由';
  switch (action) {
    case 'approve':
      return { action, taskId, seen: state.form.digest };
    case 'reject':
      return { action, taskId, seen: state.form.digest, reason: { code: 'other', text: reason } };
    case 'askSupplement':
      return { action, taskId, missing: partsOf(move).map((part) => ({ part, text: '请补充' })) };
    case 'return':
      return {
        action,
        taskId,
        ...(detail % 2 === 0 ? again : straight)(of(to, move.what) ?? 'applicant'),
        reason,
      };
    case 'reassign':
    case 'delegate':
    case 'addSeat':
      return handed(state, { action, taskId, move, actor, setting });
    case 'advise':
      return { action, taskId, opinion: '可以' };
    case 'recall':
      return { action, taskId };
    case 'removeSeat':
    case 'takeBack':
      return { action, taskId, reason };
    case 'supplement': {
      const wait = stage === undefined ? Object.values(state.supplements)[0] : state.supplements[stage];
      const asked = wait?.missing.map(({ part }) => part) ?? [];
      const form = nextForm(state.form, asked.slice(0, 1 + (detail % 4)), move.what);
      return { action, form, note: '已补充', ...(stage === undefined ? {} : { stage }) };
    }
    case 'resubmit':
    case 'refile':
      return { action, form: nextForm(state.form, parts, detail) };
    case 'suspend':
      return { action, reason, reviewOn: addDays(setting.day, 1 + (detail % 9)) };
    case 'askExtension':
      return { action, clock, days: 1, reason };
    case 'grantExtension':
      return { action, clock };
    case 'refuseExtension':
      return { action, clock, reason };
    case 'copy':
      return { action, to: [{ role: 'reviewer', department: state.requester }] };
    case 'comment':
      return { action, text: '已阅' };
    case 'urge':
      return { action };
    case 'withdraw':
    case 'resume':
    case 'terminate':
      return { action, reason };
    case 'migrate':
      return { action, route: state.route };
  }
}

/** Most often somebody whom the case concerns, else whoever conducts it, else anybody. */
function whoActs(state: CaseState, { move, tries }: { move: Move; tries: number }): readonly Actor[] {
  if (tries === 3) return PEOPLE;
  return move.what % 5 === 0 ? [AUTHORITY, APPLICANT] : concerned(state);
}

/** Those who have, gave or handed on a seat of the stages that are entered; whoever is not on the staff as they would be. */
function concerned({ stages }: CaseState): Actor[] {
  return Object.values(stages).flatMap(({ seats }) =>
    seats.flatMap(({ holder, capacity, delegators, added, answer }) => {
      const own = [holder, ...delegators, added?.by, answer?.actor].filter((one) => one !== undefined);
      const { department, role } = capacity;
      const named = own.map(
        (person) =>
          PEOPLE.find((one) => one.person === person && one.department === department) ?? {
            person,
            department,
            roles: [role],
          },
      );
      if (named.length > 0) return named;
      return PEOPLE.filter((one) => one.department === department && one.roles.includes(role)).slice(0, 3);
    }),
  );
}

/** Some of the people there are, enough that something can be handed to one of them. */
function colleaguesOf({ detail }: Move): Actor[] {
  return Array.from({ length: 9 }, (_, index) => of(PEOPLE, index + detail) ?? APPLICANT);
}

/** What is offered can be handed to somebody; to whom is found by asking. */
function handed(
  state: CaseState,
  {
    action,
    taskId,
    move,
    actor,
    setting,
  }: { action: 'reassign' | 'delegate' | 'addSeat'; taskId: string; move: Move; actor: Actor; setting: Setting },
): PersonAction {
  const place = of(['before', 'beside', 'after'] as const, move.what) ?? 'beside';
  const commands = colleaguesOf(move).map((to): PersonAction =>
    action === 'addSeat'
      ? { action, taskId, place, to }
      : action === 'delegate'
        ? { action, taskId, to }
        : { action, taskId, to, reason: '转办' },
  );
  const { at, day, machine } = setting;
  const standing = move.standsIn ? { onBehalf: absentFor(actor, { pick: move.what, day }) } : {};
  const works = commands.find(
    (probe) => 'events' in machine.decide(state, { id: 'probe', at, actor, do: probe, staff: STAFF, ...standing }),
  );
  return works ?? commands[0] ?? { action: 'recall', taskId };
}

function report(state: CaseState, { who, what, detail }: Move): SystemAction {
  const grant = of(state.grants, who)?.id ?? 'case.grant';
  if (what % 9 === 0) return { action: 'reportGrantOver', how: 'expired', grantId: grant };
  if (state.grants.length === 0) return { action: 'reportClosing', outcome: what % 2 === 0 ? 'done' : 'failed' };
  const outcome = what % 4 === 0 ? 'failed' : 'delivered';
  return { action: 'reportDelivery', report: { deliveryId: `${grant}.${detail % 4}`, outcome } };
}

function partsOf({ parts, detail }: Move): readonly FormPart[] {
  return parts.length > 0 ? parts : [FORM_PARTS[detail % FORM_PARTS.length] ?? 'items'];
}
